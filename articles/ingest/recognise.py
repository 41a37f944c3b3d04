"""What can be told from the text itself: title, outlet, language, day of publication."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from articles.codes import OTHER_LANGUAGE
from articles.extract.dates import find_dates
from articles.extract.languages import languages
from articles.extract.text import recognised
from articles.models import Outlet

HEAD = 1500


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the text says of itself; None where it does not say. `language`: the code, `und` where it is not told."""

    title: str
    language: str
    outlet: Outlet | None
    published_on: date | None


def recognise(text: str, *, url: str = "") -> Recognised:
    """Read title, language, outlet and publication day from the text and, where there is one, its address."""
    language = language_of(text)
    return Recognised(
        title=title_of(text),
        language=language,
        outlet=outlet_of_url(url) or outlet_in(text),
        published_on=published_in(text, language),
    )


def language_of(text: str) -> str:
    """The code of the language whose commonest words are the most frequent, `und` where none is frequent."""
    found = recognised(text, languages())
    return found.code if found else OTHER_LANGUAGE


def title_of(text: str) -> str:
    """The first line that reads like a headline: three words or more; else the first line."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    line = next((line for line in lines[:5] if len(line.split()) >= 3), lines[0])
    return line if len(line) <= 300 else line[:299].rsplit(" ", 1)[0] + "…"


def outlet_of_url(url: str) -> Outlet | None:
    """The outlet that owns the address, subdomains included."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    parts = host.split(".")
    candidates = [".".join(parts[at:]) for at in range(len(parts) - 1)]
    found = {domain: o for o in Outlet.objects.filter(domains__overlap=candidates) for domain in o.domains}
    return next((found[domain] for domain in candidates if domain in found), None)


def outlet_in(text: str) -> Outlet | None:
    """The outlet that the dateline names: "KOTA, Kompas.com -", "Liputan6.com, Kota -", "(Reuters) -"."""
    datelines = re.findall(r"^(.{3,80}?)\s[-–—]+\s", text[:HEAD], flags=re.MULTILINE)
    parts = [part.strip(" ()*") for line in datelines for part in re.split(r"[,(/]", line)]
    return Outlet.objects.named(*parts) if parts else None


def published_in(text: str, language: str) -> date | None:
    """The first full date of the text that names one day: the statement's day is the usual day of publication."""
    if language == OTHER_LANGUAGE:
        return None
    for found in find_dates(text, None, language):
        if found.precision == "precise" and found.first and found.first == found.last:
            return found.first if found.first <= date.today() else None
    return None
