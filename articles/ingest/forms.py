"""What a reviewer sends in, and what was recognised in it, to be corrected before it is stored."""

import base64
import binascii
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.codes import Language
from articles.ingest.recognise import recognise
from articles.ingest.text import UnreadableText, decode, tidy
from articles.models import Outlet


class Files(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleans to a list."""

    widget = Files(attrs={"multiple": True, "accept": ".txt,text/plain"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(file, initial) for file in data or []]

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data


class SendForm(forms.Form):
    """The text of one article, pasted, or files with one article each."""

    text = forms.CharField(
        label=gettext_lazy("Text of the article"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    url = forms.URLField(label=gettext_lazy("Address"), required=False, assume_scheme="https", max_length=2000)
    uploads = FilesField(
        label=gettext_lazy("Text files"), required=False, help_text=gettext_lazy(".txt, one article each")
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not (values.get("text") or "").strip() and not values.get("uploads") and not self.errors:
            self.add_error("text", _("Paste the text of an article, or choose a file."))
        return values


class ArticleForm(forms.Form):
    """One article as it will be stored."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=500)
    outlet = forms.CharField(
        label=gettext_lazy("Outlet"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"list": "outlets"}),
        help_text=gettext_lazy("Leave it empty where it is not known."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    published_on = forms.DateField(
        label=gettext_lazy("Published on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("“Last month” in the text is read from this day on."),
    )
    url = forms.URLField(label=gettext_lazy("Address"), required=False, assume_scheme="https", max_length=2000)
    # The bytes of an uploaded file, so that what is kept is what was sent and not what was shown.
    original = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("Text"), strip=False, widget=forms.Textarea(attrs={"rows": 8}))

    def clean_outlet(self) -> Outlet | None:
        written = self.cleaned_data["outlet"].strip()
        if not written:
            return None
        outlet = Outlet.objects.named(written)
        if outlet is None:
            raise forms.ValidationError(_("No outlet is called “%s”. Choose one from the list.") % written)
        return outlet

    def clean_original(self) -> bytes | None:
        try:
            return base64.b64decode(self.cleaned_data["original"], validate=True) or None
        except binascii.Error:
            raise forms.ValidationError(_("The file was damaged on its way. Choose it again.")) from None

    def clean_text(self) -> str:
        try:
            return tidy(self.cleaned_data["text"])
        except UnreadableText as error:
            raise forms.ValidationError(str(error)) from error


def recognised(text: str, *, url: str = "", original: bytes = b"") -> dict[str, Any]:
    """The first values of ArticleForm for a text; `original` are the bytes that it came from, where not pasted."""
    found = recognise(text, url=url)
    return {
        "title": found.title,
        "outlet": found.outlet.name if found.outlet else "",
        "language": found.language,
        "published_on": found.published_on,
        "url": url,
        "text": text,
        "original": base64.b64encode(original).decode(),
    }


def recognised_file(file: UploadedFile) -> dict[str, Any]:
    """The first values of ArticleForm for an uploaded file; raises UnreadableText."""
    data = file.read()
    return recognised(tidy(decode(data)), original=data)
