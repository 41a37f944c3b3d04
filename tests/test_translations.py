"""Every text of the interface is there in Indonesian, with what its original has in it."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation.template import templatize

from tests.factories import make_actor, make_article, make_claim, make_item, make_transfer, make_user
from tracker.templatetags.figures import figure, period

ROOT = Path(__file__).parents[1]
PO = ROOT / "locale" / "id" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = [path for app in ("articles", "tracker") for path in sorted((ROOT / app).rglob("*.py"))]
MARKS = ("gettext", "ngettext", "pgettext", "npgettext")
KEYWORDS = DEFAULT_KEYWORDS | {f"{mark}_lazy": DEFAULT_KEYWORDS[mark] for mark in MARKS}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z%]|\{\w*\}|<[^<>]+>")
# Attributes that people read or hear
SPOKEN = {"alt", "aria-description", "aria-label", "aria-roledescription", "data-label", "placeholder", "title"}
# Names of file forms and of registers, and the languages in their own words
SAME_EVERYWHERE = {"CSV", ".csv", "JSON Lines", "XLSX", "BibTeX", "RIS", "CSL-JSON", "SIPRI", "UNROCA"}
SAME_EVERYWHERE |= {"EN", "English (EN)", "ID", "Bahasa Indonesia (ID)"}

Key = tuple[str | None, str]


def read_catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, abort_invalid=True)


CATALOGUE = read_catalogue()
ENTRIES = [message for message in CATALOGUE if message.id]


def originals(message) -> list[str]:
    """The English text, or its singular and plural."""
    return list(message.id) if message.pluralizable else [message.id]


def translations(message) -> list[str]:
    """What the reader sees, one for each plural form of Indonesian."""
    return list(message.string) if message.pluralizable else [message.string]


def marked(source: str, *, template: bool = False) -> Iterator[Key]:
    """The texts that a source marks for translation, each as context and (singular) text."""
    if template:
        # Indentation means nothing in a template, and something to a reader of Python.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _line, text, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield context, text if isinstance(text, str) else text[0]


class Reader(HTMLParser):
    """What people read of a page: the texts between tags, and those of some attributes, in `texts`."""

    VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}

    def __init__(self, page: str, *, language: str = "") -> None:
        """With `language`, what is marked as another language is left out."""
        super().__init__()
        self.language, self.texts = language, set()
        self.open: list[tuple[str, bool]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        other = bool(self.open and self.open[-1][1])
        said = dict(attrs)
        if self.language and "lang" in said:
            other = said["lang"] != self.language
        if tag not in self.VOID:
            self.open.append((tag, other))
        if not other:
            self.texts |= {" ".join((said[name] or "").split()) for name in SPOKEN & set(said)}

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not (self.open and (self.open[-1][1] or self.open[-1][0] in {"script", "style"})):
            self.texts.add(" ".join(data.split()))


def unmarked(template: str) -> set[str]:
    """Words of a template that stand outside of every translation."""
    html, skipping = [], False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            skipping = name in {"blocktranslate", "comment"} or (skipping and not name.startswith("end"))
            html.append(" ")
        elif token.token_type == TokenType.TEXT and not skipping:
            html.append(token.contents)
    return {text for text in Reader("".join(html)).texts if re.search("[A-Za-z]{2}", text)} - SAME_EVERYWHERE


# The catalogue


def test_indonesian_has_one_form_for_all_numbers():
    assert (CATALOGUE.num_plurals, CATALOGUE.plural_expr) == (1, "0")


def test_every_entry_is_translated_and_none_is_a_guess():
    assert len(ENTRIES) > 400
    assert [message.id for message in ENTRIES if message.fuzzy or not all(translations(message))] == []
    assert list(CATALOGUE.obsolete) == []


def test_a_translation_has_the_placeholders_and_tags_of_its_original():
    def kinds(text: str) -> Counter:
        return Counter(PLACEHOLDER.findall(text))

    wrong = {
        text: original
        for message in ENTRIES
        for text in translations(message)
        for original in originals(message)[-1:]
        if kinds(text) != kinds(original) or text != text.strip()
    }
    assert wrong == {}


@pytest.mark.parametrize("text", ["%(who)s", "%s", "%d", "%(code)04X", "{}", "{name}", "<em>"])
def test_placeholders_are_seen(text):
    assert PLACEHOLDER.findall(f"a {text} b") == [text]


def test_the_compiled_catalogue_is_what_the_text_compiles_to():
    def texts(catalogue: Catalog) -> dict:
        return {(message.context, *originals(message)): translations(message) for message in catalogue if message.id}

    compiled = io.BytesIO()
    write_mo(compiled, CATALOGUE)
    compiled.seek(0)
    with MO.open("rb") as file:
        committed = read_mo(file)
    assert texts(committed) == texts(read_mo(compiled))
    assert committed.num_plurals == 1


def test_the_glossary_is_kept():
    page = (ROOT / "docs" / "translation.md").read_text()
    rows = re.findall(r"^\| ([\w -]+?)(?: \([^)]*\))? \| ([\w ]+) \|", page.partition("|---|")[2], re.MULTILINE)
    glossary = {english.lower(): indonesian for english, indonesian in rows}
    # A state alone is the state of a record; the one that is an actor has a context.
    said = {
        message.id.lower(): message.string.lower()
        for message in ENTRIES
        if not message.pluralizable and message.context != "kind of actor"
    }
    known = glossary.keys() & said.keys()
    assert len(known) > 50
    assert {word: said[word] for word in known} == {word: glossary[word] for word in known}


# The sources


def test_every_marked_text_is_in_the_catalogue():
    known = {(message.context, originals(message)[0]) for message in ENTRIES}
    unknown = {
        str(path.relative_to(ROOT)): missing
        for path in SOURCES + TEMPLATES
        if (missing := set(marked(path.read_text(), template=path.suffix == ".html")) - known)
    }
    assert unknown == {}, "run `make messages` and translate what is new"


def test_the_scan_sees_what_is_marked():
    python = 'label = _("One"), pgettext_lazy("stage", "two"), ngettext("%d three", "%d threes", 3)'
    assert set(marked(python)) == {(None, "One"), ("stage", "two"), (None, "%d three")}
    template = (
        '{% load i18n %}{% translate "One" %}{% translate "two" context "stage" %}{{ x|default:_("three") }}'
        "{% blocktranslate count n=x %}{{ n }} four{% plural %}{{ n }} fours{% endblocktranslate %}"
        '{% include "a.html" with title=_("Five") %}'
    )
    wanted = {(None, "One"), ("stage", "two"), (None, "three"), (None, "%(n)s four"), (None, "Five")}
    assert set(marked(template, template=True)) == wanted
    assert sum(1 for path in SOURCES for _ in marked(path.read_text())) > 150


def test_no_template_has_words_outside_of_translations():
    found = {str(path.relative_to(ROOT)): words for path in TEMPLATES if (words := unmarked(path.read_text()))}
    assert found == {}


def test_words_outside_of_translations_are_seen():
    template = (
        '<p title="One">Two {% translate "three" %}</p>{# four #}{% comment %}five{% endcomment %}'
        '<a aria-label="{% translate \'six\' %}" href="/seven/">CSV</a>'
        "{% blocktranslate with n=x %}{{ n }} eight{% endblocktranslate %}{% if x %}nine{% endif %}"
    )
    assert unmarked(template) == {"One", "Two", "nine"}


# The pages


def test_days_and_numbers_are_written_as_indonesians_do():
    with translation.override("id"):
        assert date_format(date(2023, 10, 5), "j M Y") == "5 Okt 2023"
        assert period(date(2023, 8, 1), date(2023, 12, 31)) == "Agu – Des 2023"
        assert figure(1284) == "1.284"
    with translation.override("en"):
        assert figure(1284) == "1,284"


def client_in(language: str, role: str = "") -> Client:
    client = Client(headers={"Accept-Language": language})
    if role:
        client.force_login(make_user(role, language=language), "tracker.account.backends.RoleBackend")
    client.cookies["django_language"] = language
    return client


@pytest.mark.django_db
def test_sign_in_speaks_indonesian_with_django_s_own_words():
    page = client_in("id").post(reverse("login"), {}).content.decode()
    assert '<html lang="id"' in page
    assert {"Masuk", "Sandi", "Bidang ini tidak boleh kosong."} <= {text.rstrip(":") for text in Reader(page).texts}


@pytest.mark.django_db
def test_no_page_in_indonesian_shows_an_english_text_of_the_catalogue():
    article = make_article(published_on=date(2023, 10, 5), title="Judul")
    waiting = make_item(article=article)
    transfer = make_transfer(supplier=make_actor("NO", "Norwegia"), recipient=make_actor("PE", "Peru"))
    claims = [make_claim(transfer), make_claim(transfer, modality="denied"), make_claim(transfer, stage="halted")]
    addresses = [
        *(reverse(name) for name in ("dashboard", "article_list", "transfer_list", "claim_list", "actor_list")),
        *(reverse(name) for name in ("materiel_list", "outlet_list", "export_list", "account")),
        *(reverse(name) for name in ("import_list", "review_queue")),
        *(row.get_absolute_url() for row in (article, transfer, transfer.supplier, *claims)),
        reverse("workbench", args=[waiting.event_id]),
        "/articles/?outlet=none&published_from=2023-01-01",
        "/no-such-page/",
    ]
    indonesian = {text for message in ENTRIES for text in translations(message)}
    english = {text for message in ENTRIES for text in originals(message)} - indonesian
    readers = {language: client_in(language, "admin") for language in ("id", "en")}
    seen = 0
    for address in addresses:
        page = readers["id"].get(address).content.decode()
        assert Reader(page, language="id").texts & english == set(), address
        seen += len(Reader(readers["en"].get(address).content.decode()).texts & english)
    assert seen > 300
    assert "5 Okt 2023" in Reader(readers["id"].get(reverse("article_list")).content.decode()).texts
