"""Which rows hold what is sought: gathered or walked through, the first ones are the same."""

import pytest
from django.db import connection
from django.http import QueryDict

from tests.factories import make_actor, make_article, make_claim, make_transfer
from tracker.browse import counted, hits, keyset
from tracker.browse.filters import ClaimFilter
from tracker.browse.snippets import BEFORE, LENGTH, _fullest
from tracker.browse.sought import Sought
from tracker.models import Actor, Claim

pytestmark = pytest.mark.django_db
# The settings that the planner is given.
TOLD = ("enable_seqscan", "max_parallel_workers_per_gather", "work_mem")


def shown(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {setting}")
        return cursor.fetchone()[0]


@pytest.fixture
def ships() -> list[int]:
    """The ids of four claims about ships, the newest first, between others about tanks."""
    transfer = make_transfer(supplier=make_actor("NO", "Norway"), recipient=make_actor("PE", "Peru"))
    found = []
    for number in range(8):
        article = make_article(f"Part {number}.", published_on=f"202{number}-01-01")
        claim = make_claim(transfer, article=article, quote="A ship came." if number % 2 else "A tank came.")
        found += [claim.pk] if number % 2 else []
    return found[::-1]


def ship_claims() -> object:
    return Claim.objects.shown().filter(Sought("ships").claims())


@pytest.mark.parametrize(("dense", "walked", "number"), [(None, 8, 4), (1e-9, 8, None), (1e-9, 5, None), (1e-9, 4, 4)])
def test_walked_or_gathered_the_first_rows_are_the_same(ships, monkeypatch, dense, walked, number):
    # As if statistics said that there are many; what the newest rows say decides.
    monkeypatch.setattr(hits, "GATHERED", -1)
    monkeypatch.setattr(hits, "WALKED", walked)
    monkeypatch.setattr(hits, "MARGIN", 0)
    wanted = {"claims": hits.Wanted(ship_claims(), "-published_key", 3, dense)}
    assert hits.first(wanted) == {"claims": hits.Hits(ships[:3], number)}


@pytest.mark.parametrize(
    ("size", "looked_at", "most", "number"), [(1, 0, 9, 4), (1, 0, 2, 3), (1, 4, 1, 2), (2, 0, 9, 4), (2, 99, 9, 4)]
)
def test_found_by_an_index_among_the_newest_they_are_the_same_too(ships, monkeypatch, size, looked_at, most, number):
    monkeypatch.setattr(hits, "GATHERED", -1)
    monkeypatch.setattr(hits, "ceil", lambda expected: looked_at)
    wanted = {"claims": hits.Wanted(ship_claims(), "-published_key", size, float("inf"), stored=True, most=most)}
    assert hits.first(wanted) == {"claims": hits.Hits(ships[:size], number)}


@pytest.mark.parametrize("walked", [8, 1])
@pytest.mark.parametrize("dense", [None, 1e-9])
def test_what_is_found_among_others_is_what_fits_both(ships, monkeypatch, dense, walked):
    monkeypatch.setattr(hits, "WALKED", walked)
    monkeypatch.setattr(hits, "MARGIN", -1)
    since = Claim.objects.shown().filter(article__language="en", published_key__lt="2027-01-01")
    wanted = {"claims": hits.Wanted(since, "-published_key", 2, dense, among=ship_claims())}
    number = None if dense and walked == 8 else 3
    assert hits.first(wanted) == {"claims": hits.Hits(ships[1:3], number)}
    none = {"claims": hits.Wanted(since.filter(pk__in=[]), "-published_key", 2, dense, among=ship_claims())}
    assert hits.first(none) == {}


def test_few_are_gathered_whatever_the_newest_say(ships):
    wanted = {"claims": hits.Wanted(ship_claims(), "-published_key", 3, 1e-9)}
    assert hits.first(wanted) == {"claims": hits.Hits(ships[:3], 4)}


def test_several_kinds_are_asked_for_at_once_and_those_without_any_left_out(ships, django_assert_num_queries):
    make_actor("ZZ", "Aardvark Arms")
    wanted = {
        "claims": hits.Wanted(ship_claims(), "-published_key", 1, 0.1),
        "actors": hits.Wanted(Actor.objects.all(), "sort_key", 2),
        "never": hits.Wanted(Actor.objects.filter(pk__in=[]), "sort_key", 2),
        "none": hits.Wanted(Actor.objects.filter(code="nobody"), "sort_key", 2),
    }
    with django_assert_num_queries(2):
        found = hits.first(wanted)
    assert set(found) == {"claims", "actors"}
    assert found["actors"].ids == list(Actor.objects.order_by("sort_key", "id").values_list("pk", flat=True)[:2])
    assert (found["claims"].ids, found["claims"].number) == (ships[:1], 4)
    assert hits.first({"never": wanted["never"]}) == {}


def test_more_ids_than_asked_for_are_none(ships):
    assert hits.ids(ship_claims(), 3) is None
    found = hits.ids(ship_claims(), 4)
    assert found is not None
    number, ids = found
    assert (number, sorted(map(int, ids.strip("{}").split(",")))) == (4, sorted(ships))
    assert hits.ids(Claim.objects.filter(pk__in=[]), 3) == hits.ids(Claim.objects.filter(note="none"), 3) == (0, "{}")


def test_what_the_planner_is_told_holds_within_alone():
    before = [shown(setting) for setting in TOLD]
    with hits.by_index():
        assert [shown(setting) for setting in TOLD] == ["off", "0", "32MB"]
    assert [shown(setting) for setting in TOLD] == before
    with pytest.raises(ZeroDivisionError), hits.by_index():
        raise ZeroDivisionError
    assert [shown(setting) for setting in TOLD] == before


def test_a_list_does_not_count_what_it_knows_to_be_too_many(ships, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(ClaimFilter.base_filters["q"], "few", 3)
    monkeypatch.setattr(keyset, "COUNTED", 2)
    found = ClaimFilter(QueryDict("q=ships"), queryset=Claim.objects.shown())
    rows = found.qs
    with django_assert_num_queries(0):
        assert counted.number(found, rows) == (2, False)
    monkeypatch.setattr(ClaimFilter.base_filters["q"], "few", 4)
    known = ClaimFilter(QueryDict("q=ships"), queryset=Claim.objects.shown())
    rows = known.qs
    with django_assert_num_queries(0):
        assert counted.number(known, rows) == (2, False)
        monkeypatch.setattr(keyset, "COUNTED", 4)
        assert counted.number(known, rows) == (4, True)
    # Narrowed, there may be fewer.
    narrowed = ClaimFilter(QueryDict("q=ships&published_from=2026-01-01"), queryset=Claim.objects.shown())
    assert counted.number(narrowed, narrowed.qs) == (1, True)


def test_the_fullest_place_is_the_first_with_most_different_words():
    text = "ship " * 40 + "x" * 300 + " ship tank ship jet " + "y " * 200 + "tank jet ship"
    words = [(at, at + len(word)) for word in ("ship", "tank", "jet") for at in _places(text, word)]
    found = sorted(words)
    kinds = [
        (len({text[a:b] for a, b in found if start <= a < start + LENGTH - BEFORE}), -start) for start, _end in found
    ]
    assert _fullest(text, found) == -max(kinds)[1]
    assert text[_fullest(text, found) :].startswith("ship tank ship jet")
    assert _fullest(text, []) == 0


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]
