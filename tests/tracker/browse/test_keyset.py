"""Pages by key: every row once, in order, whatever the ties and whichever way one goes."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import Article
from tests.factories import make_article, make_outlet
from tracker.browse import keyset
from tracker.browse.keyset import Order

pytestmark = pytest.mark.django_db
ORDERS = [Order(key, descending) for key in ("published_key", "title", "id") for descending in (False, True)]


@pytest.fixture
def articles() -> list[int]:
    """Twelve articles with ties in the day and the title, and three without a day."""
    outlet = make_outlet()
    days = [date(2024, 1, 1) + timedelta(days=number // 4) for number in range(9)] + [None] * 3
    return [
        make_article(text=f"text {number}", title=f"Same “title” | {number % 3}", published_on=day, outlet=outlet).pk
        for number, day in enumerate(days)
    ]


def walk(order: Order, size: int) -> list[list[int]]:
    """The ids of every page, forwards."""
    pages, after = [], ""
    while True:
        page = keyset.page(Article.objects.all(), order, after=after, size=size)
        pages.append([row.pk for row in page.rows])
        if page.next is None:
            return pages
        after = page.next


@pytest.mark.parametrize("size", [1, 3, 4, 12, 50])
@pytest.mark.parametrize("order", ORDERS)
def test_every_row_stands_on_one_page(articles, order, size):
    expected = list(Article.objects.order_by(*order.names()).values_list("pk", flat=True))
    assert [pk for page in walk(order, size) for pk in page] == expected
    assert sorted(expected) == sorted(articles)


@pytest.mark.parametrize("order", ORDERS)
def test_going_back_shows_the_same_pages(articles, order):
    forwards = walk(order, 5)
    last = keyset.page(Article.objects.all(), order, size=5)
    while last.next:
        last = keyset.page(Article.objects.all(), order, after=last.next, size=5)
    backwards = [[row.pk for row in last.rows]]
    while last.previous:
        last = keyset.page(Article.objects.all(), order, before=last.previous, size=5)
        backwards.insert(0, [row.pk for row in last.rows])
    assert [pk for page in backwards for pk in page] == [pk for page in forwards for pk in page]
    assert last.previous is None
    assert last.next is not None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 1, 4))), max_size=9),
    size=st.integers(1, 4),
    falling=st.booleans(),
)
def test_no_row_is_lost_with_any_days(transactional_rows, days, size, falling):
    with transactional_rows():
        outlet = make_outlet()
        made = [make_article(text=f"text {n}", published_on=day, outlet=outlet).pk for n, day in enumerate(days)]
        seen = [pk for page in walk(Order("published_key", falling), size) for pk in page]
        assert sorted(seen) == sorted(made)


@pytest.fixture
def transactional_rows():
    """A block whose rows are gone after it."""
    from contextlib import contextmanager

    from django.db import transaction

    @contextmanager
    def block():
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    return block


def test_rows_that_come_in_between_move_nothing(articles):
    order = Order("published_key", descending=True)
    first = keyset.page(Article.objects.all(), order, size=4)
    make_article(text="newer than all", published_on=date(2025, 1, 1))
    second = keyset.page(Article.objects.all(), order, after=first.next, size=4)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    assert len(second.rows) == 4


@pytest.mark.parametrize(
    "written", ["", "x", "[]", '["2024-13-01",1]', "[null]", '[{"a":1},2]', "12", '["2024-01-01","x"]']
)
def test_a_place_that_is_not_understood_is_the_beginning(articles, written):
    order = Order("published_key", descending=True)
    whole = keyset.page(Article.objects.all(), order, size=5)
    assert keyset.page(Article.objects.all(), order, after=written, size=5).rows == whole.rows


def test_the_comparison_is_one_that_an_index_answers(articles, django_assert_num_queries):
    order = Order("published_key", descending=True)
    place = order.place(Article.objects.order_by("-published_key", "-id")[3])
    with django_assert_num_queries(1) as captured:
        keyset.page(Article.objects.all(), order, after=place)
    assert '("articles_article"."published_key", "articles_article"."id") <' in captured[0]["sql"]


def test_counts_are_exact_up_to_their_limit(articles, monkeypatch):
    assert keyset.count(Article.objects.all()) == (12, True)
    monkeypatch.setattr(keyset, "COUNTED", 12)
    assert keyset.count(Article.objects.all()) == (12, True)
    monkeypatch.setattr(keyset, "COUNTED", 11)
    assert keyset.count(Article.objects.all()) == (11, False)
