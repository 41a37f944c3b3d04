"""Bytes become the text that is stored: NFC, LF, no NUL, and never silently less than what was sent."""

import re
import unicodedata

from django.utils.translation import gettext as _

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Control characters other than tab and line feed say that this is no text.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class UnreadableText(ValueError):
    """What was sent is no text of an article; the message says what is wrong and what to do."""


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark, or Windows-1252; raises UnreadableText."""
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise UnreadableText(
                _("The file is damaged: it begins as %s and does not go on as such.") % encoding
            ) from None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = "\x00"
    if CONTROL.search(text.replace("\r", "")):
        raise UnreadableText(_("This is not a text file. Save it as plain text (UTF-8) and send it again."))
    return text


def tidy(text: str) -> str:
    """The text as it is stored, composed (NFC) and with LF line ends; raises UnreadableText."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    if found := CONTROL.search(text):
        raise UnreadableText(
            _("Character %(number)d is a control character (U+%(code)04X). Remove it and send the text again.")
            % {"number": found.start() + 1, "code": ord(found.group())}
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableText(
            _("Character %(number)d is half of a character pair. Copy the text again from its source.")
            % {"number": error.start + 1}
        ) from None
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise UnreadableText(_("There is no text. Paste the words of the article."))
    return text
