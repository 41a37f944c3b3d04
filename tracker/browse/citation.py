"""How a page is cited: in words, and for programs that manage references."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import seal
from tracker.browse.as_of import Moment

# Digits of the seal's head that a citation carries: enough to tell it from every other.
SHORT = 12


@dataclass(frozen=True, slots=True)
class Citation:
    """One page at one version. `key` is its permanent id, `changed` when the version came to be, None if not known.

    `asked` is the time that the reader asked for. `head` begins the head of the last seal of the history, empty where
    nothing is sealed yet, and `seal` is its number. `read` is today.
    """

    key: str
    title: str
    address: str
    changed: datetime | None
    asked: Moment | None
    seal: int
    head: str
    read: date

    @property
    def version(self) -> str:
        """Which version it is, in words."""
        if self.asked:
            return _("as it stood on %s") % date_format(timezone.localtime(self.asked.at), "j F Y, H:i")
        return _("version of %s") % date_format(timezone.localtime(self.changed), "j F Y") if self.changed else ""

    @property
    def sealed(self) -> str:
        """The seal in words."""
        return _("seal %(number)d, %(head)s") % {"number": self.seal, "head": self.head} if self.head else ""

    @property
    def note(self) -> str:
        """The version and the seal."""
        return "; ".join(part for part in (self.version, self.sealed) if part)

    @property
    def text(self) -> str:
        """The whole citation in words."""
        note = f" ({self.note})" if self.note else ""
        read = _("read %s") % date_format(self.read, "j F Y")
        return f"{_('Transfers, as reported')}, {self.key}: {self.title}{note}. {self.address}, {read}."


def citation(
    key: str, title: str, address: str, *, changed: datetime | None = None, asked: Moment | None = None
) -> Citation:
    """How to cite the page at `address` as it is read now."""
    last = seal.last()
    number, head = (last.pk, last.head[:SHORT]) if last else (0, "")
    return Citation(key, title, address, changed, asked, number, head, timezone.localdate())


def bibtex(cited: Citation) -> str:
    """An entry of BibTeX, in UTF-8."""
    fields = {
        "title": f"{{{_tex(cited.key)}: {_tex(cited.title)}}}",
        "author": f"{{{_tex(_('Transfers, as reported'))}}}",
        "year": str(_issued(cited).year),
        "url": cited.address,
        "urldate": cited.read.isoformat(),
        "note": _tex(cited.note),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{cited.key},\n{lines}}}\n"


def _tex(text: str) -> str:
    """The text with the signs that TeX reads as commands taken for what they are."""
    signs = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    signs |= {sign: f"\\{sign}" for sign in "&%$#_{}"}
    return "".join(signs.get(sign, sign) for sign in text)


def ris(cited: Citation) -> str:
    """A record of RIS."""
    fields = (
        ("TY", "ELEC"),
        ("ID", cited.key),
        ("TI", f"{cited.key}: {cited.title}"),
        ("AU", _("Transfers, as reported")),
        ("PY", f"{_issued(cited):%Y}"),
        ("DA", f"{_issued(cited):%Y/%m/%d}"),
        ("UR", cited.address),
        ("Y2", f"{cited.read:%Y/%m/%d}"),
        ("N1", cited.note),
        ("ER", ""),
    )
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields if value or tag == "ER")


def csl(cited: Citation) -> str:
    """An item of CSL-JSON."""
    issued, read = _issued(cited), cited.read
    item = {
        "id": cited.key,
        "type": "webpage",
        "title": f"{cited.key}: {cited.title}",
        "author": [{"literal": _("Transfers, as reported")}],
        "issued": {"date-parts": [[issued.year, issued.month, issued.day]]},
        "accessed": {"date-parts": [[read.year, read.month, read.day]]},
        "URL": cited.address,
        "note": cited.note,
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _issued(cited: Citation) -> date:
    moment = cited.asked.at if cited.asked else cited.changed
    return timezone.localtime(moment).date() if moment else cited.read


# The forms that a citation is downloaded in: the ending of the file, what kind it is, and who writes it.
FORMS: dict[str, tuple[str, str, Callable[[Citation], str]]] = {
    "bibtex": ("bib", "application/x-bibtex", bibtex),
    "ris": ("ris", "application/x-research-info-systems", ris),
    "csl": ("json", "application/vnd.citationstyles.csl+json", csl),
}
