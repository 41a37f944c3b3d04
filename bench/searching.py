"""How long a search takes among 200,000 articles and 1,000,000 claims: of common and rare words, names and spellings.

python -m bench.searching [--requests N] [--seed N] [--datasette PATH]

Reads the database that `manage.py make_volume` has made, and measures as bench.browsing does. States and materiel are
those of claims drawn by the seed, so that the busiest are searched for most; words are drawn from a sample of the
articles, by how many of them hold the word. In turns with each search the anchors answer: the plainest SQL that looks
for the words in articles and claims, and Datasette with SQLite's full-text search over the quotes of the same claims.
"""

import random
import re

from bench import browsing
from bench.browsing import Database
from bench.pages import Address, Drawn, Page, asked

BUDGET = 200
# The share of the sampled articles that hold a common, a middling and a rare word.
SHARES = {"common": (0.2, 1.0), "middling": (0.01, 0.1), "rare": (0.0, 0.002)}
# Words of some 4,000 articles, and how many of these hold each.
SAMPLE = """SELECT word, ndoc FROM ts_stat(format(
    'SELECT written FROM articles_article TABLESAMPLE SYSTEM (2) REPEATABLE (%%s)', %(seed)s::int))
  WHERE word ~ '^[a-z]{3,}$' ORDER BY word"""
SIZE = "SELECT count(*) AS size FROM articles_article TABLESAMPLE SYSTEM (2) REPEATABLE (%(seed)s)"
LETTERS = "bcdfghjklmnpqrstvwxz"


def drawn(database: Database, wanted: int, seed: int) -> list[Drawn]:
    """What is searched for, the same for the same seed: the names of a claim each, and words by how common they are."""
    chance = random.Random(seed)
    (size,) = database.execute(SIZE, {"seed": seed}).fetchall()
    words = database.execute(SAMPLE, {"seed": seed}).fetchall()
    known = {
        kind: [word["word"] for word in words if low < word["ndoc"] / size["size"] <= high]
        for kind, (low, high) in SHARES.items()
    }
    found = []
    for claim in browsing.drawn(database, wanted, seed):
        own = {kind: chance.choice(of_kind) for kind, of_kind in known.items()}
        nothing = "".join(chance.choices(LETTERS, k=12))
        found.append(claim | own | {"spelled": spelled(claim["materiel"], chance), "nothing": nothing})
    return found


def spelled(name: str, chance: random.Random) -> str:
    """A name as others write it: its parts joined, apart or by a hyphen, in small letters or as they are."""
    joined = re.sub(r"(?<=[A-Za-z])[- ]?(?=\d)", chance.choice(["", " ", "-"]), name)
    return chance.choice([joined, joined.lower()])


def search(word: str, **more: str) -> Address:
    """A search for what was drawn under a name."""
    return lambda drawn: asked("/search/", q=drawn[word], **more)


def plain(word: str, config: str = "stems_en") -> str:
    """The plainest SQL for it: the first articles and claims of any that hold the words."""
    vectors = {"stems_en": ("search", "stems"), "written": ("written", "words")}
    article, claim = vectors[config]
    query = f"plainto_tsquery('public.{config}', %({word})s)"
    return f"""(SELECT id, title FROM articles_article WHERE {article} @@ {query} LIMIT 20)
        UNION ALL
        (SELECT id, quote FROM tracker_claim
         WHERE tracker_claim_{claim}(quote, translation, materiel_text, speaker) @@ {query} LIMIT 20)"""


def beside(word: str, **more: str) -> Address:
    """The quotes that hold it, in Datasette."""

    def address(drawn: Drawn) -> str:
        phrase = f'"{drawn[word]}"'
        return asked("/volume/claims", _search=phrase, _size=20, _nofacet=1, **more)

    return address


PAGES = (
    Page("a state", BUDGET, search("supplier_name"), plain("supplier_name"), beside("supplier_name")),
    Page("materiel", BUDGET, search("materiel"), plain("materiel"), beside("materiel")),
    Page("materiel, spelled otherwise", BUDGET, search("spelled"), plain("spelled"), beside("spelled")),
    *(Page(f"a {kind} word", BUDGET, search(kind), plain(kind), beside(kind)) for kind in SHARES),
    *(
        Page(f"a {kind} word, exactly", BUDGET, search(kind, exact="yes"), plain(kind, config="written"), beside(kind))
        for kind in SHARES
    ),
    Page(
        "a middling word, in one language",
        BUDGET,
        search("middling", language="id", published_from="2020-01-01"),
        plain("middling"),
        beside("middling", article_language="id", published_on__gte="2020-01-01"),
    ),
    Page("articles alone", BUDGET, search("materiel", kind="articles"), plain("materiel"), beside("materiel")),
    Page("what nobody wrote", BUDGET, search("nothing"), plain("nothing"), beside("nothing")),
)


def main() -> None:
    browsing.table(PAGES, drawn, __doc__)


if __name__ == "__main__":
    main()
