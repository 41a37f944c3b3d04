"""The invented world: the same for the same seed, and shaped like the real one."""

from collections import Counter

import pytest

from tracker.volume.invented import Paper, State, Weapon, World, deals, stories

WORLD = World(
    [State(number, f"S{number}", f"Stateland {number}", f"Negeri {number}") for number in range(1, 41)],
    [
        Weapon(1, "tank", "armoured_vehicles", "tank", "tank", False),
        Weapon(2, "a-1", "aircraft", "A-1", "A-1", True),
        Weapon(3, "b-2", "aircraft", "B-2", "B-2", True),
    ],
    [Paper(number, f"Paper {number}", "id" if number % 2 else "en") for number in range(1, 31)],
)


@pytest.fixture(scope="module")
def made():
    return list(stories(WORLD, deals(WORLD, 300, 7), 1000, 6000, 7))


def test_the_same_seed_gives_the_same_rows(made):
    again = list(stories(WORLD, deals(WORLD, 300, 7), 1000, 6000, 7))
    assert again == made
    other = list(stories(WORLD, deals(WORLD, 300, 8), 1000, 6000, 8))
    assert other != made


def test_sizes_are_exact_and_every_transfer_is_told_of(made):
    assert [story.pk for story in made] == list(range(1, 1001))
    assert sum(len(story.told) for story in made) == 6000
    assert {told.deal.pk for story in made for told in story.told} == set(range(1, 301))


def test_every_value_stands_where_its_span_says(made):
    for story in made:
        names = "name_id" if story.language == "id" else "name_en"
        for told in story.told:
            assert story.text[slice(*told.supplier)] == getattr(told.deal.supplier, names)
            assert story.text[slice(*told.recipient)] == getattr(told.deal.recipient, names)
            assert story.text[slice(*told.weapon)] == getattr(told.deal.weapon, names)
            assert story.text[told.start : told.end].endswith(".")
            if told.quantity:
                assert int(story.text[slice(*told.quantity)]) == told.deal.quantity
            if told.when:
                assert told.day.isoformat() in story.text[slice(*told.when)]


def test_few_have_much_and_many_have_little(made):
    claims = Counter(told.deal.pk for story in made for told in story.told)
    most = [count for _, count in claims.most_common()]
    assert sum(most[:30]) > 0.4 * sum(most)
    assert most[-1] <= 3
    papers = Counter(story.paper.pk for story in made)
    assert papers.most_common()[0][1] > 10 * papers.most_common()[-1][1]


def test_some_texts_are_copies_at_another_outlet(made):
    by_pk = {story.pk: story for story in made}
    copies = [story for story in made if story.copy_of]
    assert 0.03 < len(copies) / len(made) < 0.3
    for story in copies:
        first = by_pk[story.copy_of]
        assert first.copy_of is None
        assert (first.text, first.sha256) == (story.text, story.sha256)
    printed = Counter((story.paper.pk, story.sha256) for story in made)
    assert max(printed.values()) == 1


def test_both_languages_are_there(made):
    languages = Counter(story.language for story in made)
    assert min(languages["en"], languages["id"]) > 200
