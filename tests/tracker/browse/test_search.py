"""The page of search: what is found, what is not, and what it costs."""

import re
from html import unescape
from urllib.parse import quote_plus

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article, Outlet
from tests.factories import make_actor, make_article, make_claim, make_event, make_outlet, make_transfer
from tracker.browse import found, search
from tracker.browse.filters import ArticleFilter, ClaimFilter, TransferFilter
from tracker.browse.snippets import Snippets
from tracker.browse.sought import Sought
from tracker.browse.terms import read
from tracker.models import Actor, ActorName, Claim, Materiel, MaterielName, Transfer

pytestmark = pytest.mark.django_db
FRAGMENT = {"headers": {"hx-request": "true", "hx-target": "list"}}


def articles(words: str, **more: str) -> set[str]:
    """The titles of the articles that a search finds."""
    query = QueryDict(mutable=True)
    query.update({"q": words} | more)
    return {article.title for article in ArticleFilter(query, queryset=Article.objects.all()).qs}


def claims(words: str, **more: str) -> set[str]:
    """The notes of the claims that a search finds."""
    query = QueryDict(mutable=True)
    query.update({"q": words} | more)
    return {claim.note for claim in ClaimFilter(query, queryset=Claim.objects.shown()).qs}


def make_materiel(key: str, *names: str, kind: str = "designation", category: str = "drones") -> Materiel:
    """Materiel with a main name and further ones."""
    values = {"name_en": names[0], "name_id": names[0], "sort_key": names[0].lower()}
    found = Materiel.objects.create(key=key, kind=kind, category=category, **values)
    for name in names[1:]:
        MaterielName.objects.create(materiel=found, language="*", name=name)
    return found


@pytest.fixture
def shaheds() -> None:
    """A family and a designation with their names, and three articles that say them differently."""
    make_materiel("shahed-drones", "Shahed drone", "Shahed", "Syahed", kind="family")
    make_materiel("shahed-136", "Shahed-136", "Geran-2", "Syahed-136")
    make_article("Iran sent Shahed drones to Russia.", title="english")
    make_article("Iran mengirim Syahed 136 ke Rusia.", title="indonesian", language="id")
    make_article("Russia launched Geran-2 drones.", title="geran")
    make_article("Norway sent tanks to Peru.", title="tanks")


@pytest.mark.parametrize("words", ["Shahed", "syahed", "Syahed", "SHAHED"])
def test_every_name_of_a_thing_finds_it(shaheds, words):
    assert articles(words) == {"english", "indonesian", "geran"}


def test_a_designation_finds_its_own_names(shaheds):
    assert articles("shahed-136") == {"indonesian", "geran"}
    assert articles("Shahed136") == {"indonesian", "geran"}


def test_exact_words_are_found_as_they_are_written(shaheds):
    assert articles("Syahed", exact="yes") == {"indonesian"}
    assert articles("drone", exact="yes") == set()
    assert articles("drones", exact="yes") == {"english", "geran"}


def test_the_page_says_what_else_was_searched(analyst, shaheds):
    page = analyst.get("/search/", {"q": "Syahed"}).content.decode()
    also = re.search(r"Also searched: (.*?)\.", page)
    assert also
    assert {"Shahed", "Geran-2"} <= set(also[1].split(", "))
    assert "Also searched" not in analyst.get("/search/", {"q": "Syahed", "exact": "yes"}).content.decode()


def test_a_designation_is_found_in_any_spelling():
    make_materiel("su-35", "Su-35", "Sukhoi-35", category="aircraft")
    for number, said in enumerate(["Su-35", "SU35", "Su 35", "Sukhoi-35", "Sukhoi 35", "Su‑35"]):
        make_article(f"They bought {said} jets.", title=f"t{number}")
    make_article("They bought 35 other jets.", title="other")
    every = {f"t{number}" for number in range(6)}
    for words in ("Su-35", "su35", "Sukhoi 35", "Su 35"):
        assert articles(words) == every, words


@pytest.mark.parametrize("words", ["pengiriman", "dikirim", "mengirimkan", "kirim", "Pengirimannya"])
def test_a_word_is_found_in_all_its_forms(words):
    for form in ("pengiriman", "dikirim", "mengirimkan", "terkirim"):
        make_article(f"Senjata itu {form} ke sana.", title=form, language="id")
    make_article("Senjata itu dibeli.", title="beli", language="id")
    assert articles(words) == {"pengiriman", "dikirim", "mengirimkan", "terkirim"}


def test_phrases_and_words_to_leave_out():
    make_article("The air defence of the state.", title="phrase")
    make_article("Defence from the air.", title="words")
    assert articles('"air defence"') == {"phrase"}
    assert articles("air defence") == {"phrase", "words"}
    assert articles("air -state") == {"words"}
    assert articles('air -"air defence"') == {"words"}


def test_a_claim_without_a_party_has_none_that_is_left_out():
    norway, chile = make_actor("NO", "Norway"), make_actor("CL", "Chile")
    make_claim(make_transfer(supplier=norway, recipient=None), quote="A tank came.", note="to nobody known")
    make_claim(make_transfer(supplier=norway, recipient=chile), quote="A tank came.", note="to Chile")
    assert claims("tank -Chile") == {"to nobody known"}
    assert claims("tank Chile") == {"to Chile"}


def test_accents_do_not_matter_unless_they_are_all_that_is_asked():
    make_article("Türkiye sold drones.", title="turkiye")
    assert articles("turkiye") == articles("TÜRKİYE".replace("İ", "I")) == {"turkiye"}


def test_titles_are_searched():
    make_article("Nothing else.", title="Howitzers for Chile")
    assert articles("howitzer") == {"Howitzers for Chile"}


def test_names_of_several_words_are_names():
    korea = make_actor("KP", "North Korea")
    ActorName.objects.create(actor=korea, language="id", kind="name", name="Korut")
    make_article("Korut mengirim amunisi.", title="korut", language="id")
    make_article("North Korea sent shells.", title="north")
    make_claim(make_transfer(supplier=korea, recipient=make_actor("RU", "Russia")), note="by party", quote="It sent.")
    assert articles("north korea") == articles("Korut") == {"korut", "north"}
    assert articles('"north korea"') == {"north"}
    assert claims("north korea") == claims("KP") == {"by party"}


def lexemes(words: str) -> list[str]:
    """What is asked of the articles: the words of the tsquery, in its order."""
    return re.findall("'[^']+'(?: <-> '[^']+')*", Sought(words).query().source_expressions[-1].value)


def test_forms_of_one_stem_are_asked_for_once():
    make_materiel("aid", "military aid", "bantuan militer")
    assert lexemes("boats") == ["'boat'", "'boats'"]
    assert len(lexemes("pengiriman")) == len(set(lexemes("pengiriman")))
    # A text with the whole name has its words anyway.
    assert {"'militari'", "'aid'", "'bantu' <-> 'militer'"} <= set(lexemes("military aid"))
    assert "'militari' <-> 'aid'" not in lexemes("military aid")


def test_small_codes_are_words():
    make_claim(make_transfer(supplier=make_actor("IN", "India"), recipient=make_actor("PE", "Peru")), note="india")
    assert claims("IN") == {"india"}
    assert claims("in") == set()


def test_what_was_withheld_is_not_found_by_its_words():
    article = make_article("A secret ship sailed.", title="secret ship")
    transfer = make_transfer()
    make_claim(transfer, article=article, quote="A secret ship", note="secret")
    assert (articles("secret"), claims("secret")) == ({"secret ship"}, {"secret"})
    Article.objects.filter(pk=article.pk).update(withheld_at=timezone.now(), withheld_reason="law")
    assert (articles("secret"), claims("secret")) == (set(), set())
    # Whom it is about is no secret.
    assert claims("norway") == {"secret"}
    assert claims("norway secret") == set()


@pytest.mark.parametrize("state", ["provisional", "retracted"])
def test_claims_that_do_not_stand_are_never_found(analyst, state):
    make_claim(make_transfer(), quote="Unusual wording", state=state, article=make_article("Elsewhere."))
    assert claims("unusual") == set()
    assert "Unusual" not in analyst.get("/search/", {"q": "unusual"}).content.decode().partition('id="list"')[2]


def test_notes_are_not_searched(analyst):
    make_claim(make_transfer(), note="confidential")
    assert not analyst.get("/search/", {"q": "confidential"}).context["groups"]


def test_the_number_of_a_transfer_leads_to_it(analyst):
    transfer = make_transfer()
    assert analyst.get("/search/", {"q": f" {transfer.public_id.lower()} "}).url == transfer.get_absolute_url()
    led = analyst.get("/search/", {"q": transfer.public_id}, **FRAGMENT)
    assert led["HX-Redirect"] == transfer.get_absolute_url()
    assert analyst.get("/search/", {"q": "T-999999"}).status_code == 200


@pytest.fixture
def filled() -> None:
    """Something of every kind that is called Norway."""
    norway = make_actor("NO", "Norway")
    outlet = make_outlet("Norway Post")
    make_materiel("norway-gun", "Norway gun")
    for number in range(7):
        article = make_article(f"<b>Norway</b> & others sent tanks, part {number}.", title=f"N {number}", outlet=outlet)
        make_event(article)
        make_claim(
            make_transfer(supplier=norway, recipient=make_actor("PE", "Peru")), article=article, quote="<b>Norway</b> &"
        )


def test_everything_is_found_by_kind_with_links_to_all(analyst, filled):
    answer = analyst.get("/search/", {"q": "norway"})
    page = answer.content.decode()
    found = {group.kind.name: group.number for group in answer.context["groups"]}
    assert found == {"actors": 1, "materiel": 1, "transfers": 7, "claims": 7, "articles": 7, "outlets": 1}
    for group in answer.context["groups"]:
        assert f'href="{group.url}"' in unescape(page)
        assert len(analyst.get(group.url).context["rows"]) == group.number
    assert "All 7 claims" in page


def test_what_is_found_bears_its_names(analyst, filled):
    answer = analyst.get("/search/", {"q": "norway"})
    shown = {group.kind.name: group.rows[0].row for group in answer.context["groups"]}
    for name, model in (("actors", Actor), ("materiel", Materiel), ("outlets", Outlet)):
        whole = model.objects.get(pk=shown[name].pk)
        assert {field: getattr(shown[name], field) for field in found.NAMED[model]} == {
            field: getattr(whole, field) for field in found.NAMED[model]
        }
    page = " ".join(re.sub("<[^>]*>", "", answer.content.decode()).split())
    assert page.count("Norway → Peru: ") == 10
    for text in ("Norway state", "Norway gun drones", "Norway Post newspaper"):
        assert text in page, text


def test_hits_are_marked_and_everything_else_is_escaped(analyst, filled):
    page = analyst.get("/search/", {"q": "norway"}).content.decode()
    assert "&lt;b&gt;<mark>Norway</mark>&lt;/b&gt; &amp; others" in page
    assert "<b>Norway" not in page


def test_a_search_is_narrowed_by_kind_language_and_days(analyst, filled):
    make_article("Norwegia mengirim; Norway.", title="id", language="id", published_on="2020-05-05")
    asked = {"q": "norway", "language": "id"}
    groups = analyst.get("/search/", asked).context["groups"]
    assert [(group.kind.name, group.number) for group in groups] == [("articles", 1)]
    dated = analyst.get("/search/", {"q": "norway", "published_to": "2021-01-01", "kind": "articles"})
    assert [found.row.title for group in dated.context["groups"] for found in group.rows] == ["id"]
    assert "published_to=2021-01-01" in dated.context["groups"][0].url


def test_title_hits_and_newer_articles_come_first(analyst):
    make_article("A ship came.", title="older", published_on="2024-01-01")
    make_article("A ship came again.", title="newer", published_on="2024-02-01")
    make_article("It came.", title="The ship", published_on="2023-01-01")
    groups = analyst.get("/search/", {"q": "ship"}).context["groups"]
    assert [found.row.title for found in groups[0].rows] == ["The ship", "newer", "older"]


def test_a_title_with_one_of_the_words_comes_before_one_with_none(analyst):
    make_article("A ship and a tank came.", title="newer", published_on="2024-02-01")
    make_article("A ship and a tank came again.", title="The ship", published_on="2023-01-01")
    for words in ("ship tank", '"ship and"'):
        groups = analyst.get("/search/", {"q": words, "kind": "articles"}).context["groups"]
        assert [found.row.title for found in groups[0].rows] == ["The ship", "newer"], words


# Session and user, the demo notice; names and further names, and the stems of all; what is estimated, and what is
# found, of all kinds; claims, transfers, articles, and whom they name; stems for the marks. Around the finding a
# savepoint, and what the planner is told, before and after.
QUERIES = 17


def test_a_search_costs_the_same_for_any_number_of_rows(analyst, filled, django_assert_num_queries):
    analyst.get("/search/", {"q": "norway"})
    with django_assert_num_queries(QUERIES):
        analyst.get("/search/", {"q": "norway"})
    make_claim(make_transfer(supplier=make_actor("NO"), recipient=make_actor("PE")), article=make_article("Norway."))
    with django_assert_num_queries(QUERIES):
        analyst.get("/search/", {"q": "norway"})


def test_the_page_says_what_was_ranked(analyst, filled, monkeypatch):
    make_article("Norway.", title="oldest", published_on="1990-01-01")
    page = analyst.get("/search/", {"q": "norway"}).content.decode()
    assert ("Those that fit best come first." in page, "The newest come first." in page) == (True, True)
    monkeypatch.setattr(search, "RANKED", 7)
    answer = analyst.get("/search/", {"q": "norway", "kind": "articles"})
    assert "Of the newest 7, those that fit best come first." in answer.content.decode()
    (group,) = answer.context["groups"]
    assert (group.number, "oldest" in {found.row.title for found in group.rows}) == (8, False)


def test_an_empty_search_says_what_can_be_searched(analyst):
    page = analyst.get("/search/").content.decode()
    assert "What can be searched" in page
    assert "pengiriman" in page


def test_where_nothing_is_found_the_nearest_names_are_offered(analyst, shaheds):
    page = analyst.get("/search/", {"q": "Shahet", "exact": "yes", "kind": "claims"}).content.decode()
    assert "Nothing found" in page
    assert 'href="/search/?q=Shahed">Shahed</a>' in page
    assert "without language and dates" in page
    assert 'href="?q=Shahet&amp;kind=claims"' in page


def test_the_nearest_names_are_asked_for_at_once(shaheds, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert search.nearest(Sought("Shahet"))[0] == "Shahed"
    with django_assert_num_queries(1):
        assert search.nearest(Sought("100% unlike")) == []


@pytest.mark.parametrize(
    "words", ["\0", "a\0b", "x" * 10_000, '"', "-", "- -- |||", "-only", " ".join("abcdefghijklm")]
)
def test_what_cannot_be_searched_is_said(analyst, words):
    answer = analyst.get("/search/", {"q": words})
    assert answer.status_code == 422
    assert "This cannot be searched." in answer.content.decode()
    for name in ("articles", "claims", "transfers", "actors", "materiel", "outlets"):
        listed = analyst.get(f"/{name}/", {"q": words})
        assert listed.status_code in (200, 422)
        assert not listed.context["rows"]


@pytest.mark.parametrize("asked", [{"language": "xx"}, {"published_from": "yesterday"}, {"kind": "people"}])
def test_a_filter_that_is_not_understood_is_said(analyst, asked):
    answer = analyst.get("/search/", {"q": "norway"} | asked)
    assert answer.status_code == 422
    assert 'class="notice error"' in answer.content.decode()


def test_the_fragment_is_the_part_that_changes(analyst, filled):
    part = analyst.get("/search/?q=norway&kind=articles", **FRAGMENT)
    assert "<html" not in part.content.decode()
    assert part["HX-Push-Url"] == "/search/?q=norway&kind=articles"
    assert 'id="status"' in part.content.decode()


def test_the_box_of_every_page_leads_here(analyst):
    assert 'role="search" aria-label="Everything" action="/search/"' in analyst.get("/").content.decode()


WORDS = st.lists(
    st.sampled_from(
        [
            "Shahed",
            "syahed",
            "drones",
            "drone",
            "-sent",
            '"Iran sent"',
            "Su-35",
            "pengiriman",
            "kirim",
            "the",
            "T-000001",
        ]
        + ["&", "|", "!", ":*", "<->", "'", "\\", "%", '"', "-", "(", "IR", "Rusia", "136", "Ⅷ", "☺", "ß", "İran", "٣"]
    )
    | st.text(max_size=12),
    max_size=8,
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS)
def test_any_words_get_an_answer_and_exact_finds_a_part_of_what_is_found_as_usual(analyst, shaheds, words):
    address = f"/search/?q={quote_plus(words, errors='replace')}"
    assert analyst.get(address).status_code in (200, 302, 422)
    assert analyst.get(f"{address}&exact=yes").status_code in (200, 302, 422)
    assert articles(words, exact="yes") <= articles(words)
    assert claims(words, exact="yes") <= claims(words)
    query, exact = QueryDict(mutable=True), QueryDict(mutable=True)
    query["q"] = exact["q"] = words
    exact["exact"] = "yes"
    rows = Transfer.objects.all()
    found = set(TransferFilter(exact, queryset=rows).qs.values_list("pk", flat=True))
    assert found <= set(TransferFilter(query, queryset=rows).qs.values_list("pk", flat=True))


def test_a_place_shows_most_of_what_is_sought():
    text = "ship " + "x " * 300 + "the ship carried Shahed drones." + " y" * 300
    pieces = Snippets(Sought("ship Shahed"), [text]).place(text)
    assert [piece.text for piece in pieces if piece.hit] == ["ship", "Shahed"]
    assert (pieces[0].text, pieces[-1].text) == ("… ", " …")
    assert len("".join(piece.text for piece in pieces)) < 300


def test_terms_are_read_as_they_are_written():
    terms = read('Su-35 "air defence" -"no" --x - ☺ a"b')
    assert [(term.written, term.quoted, term.negated) for term in terms] == [
        ("Su-35", False, False),
        ("air defence", True, False),
        ("no", True, True),
        ("x", False, True),
        ("a", False, False),
        ("b", True, False),
    ]


def test_merged_actors_are_found_by_what_they_were_called():
    old, new = make_actor("old", "Obsolete Arms"), make_actor("new", "Modern Arms")
    Actor.objects.filter(pk=old.pk).update(merged_into=new)
    make_claim(make_transfer(supplier=new, recipient=make_actor("PE", "Peru")), note="new")
    assert claims("obsolete") == {"new"}
