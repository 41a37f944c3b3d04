"""Read articles as JSON lines and write one JSON line of events for each.

python -m articles.extract [FILE…] [--workers N]
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from multiprocessing import Pool
from typing import Any

from articles.extract import EXTRACTOR, Article, extract, load_lexicon
from articles.extract.text import language_of


class BadLine(ValueError):
    """A line that is no article."""


def article_of(line: str) -> Article:
    """The article of one JSON line: `id` and `text`; `title`, `language`, `published` and `outlet` where known."""
    try:
        value = json.loads(line)
    except ValueError as error:
        raise BadLine(f"not JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadLine("not a JSON object")
    if not isinstance(value.get("text"), str):
        raise BadLine("no text")
    if "id" not in value:
        raise BadLine("no id")
    for name in ("title", "language", "outlet"):
        if not isinstance(value.get(name) or "", str):
            raise BadLine(f"{name} is no string")
    published = value.get("published")
    try:
        day = date.fromisoformat(published[:10]) if published else None
    except (TypeError, ValueError) as error:
        raise BadLine(f"published is no ISO date: {published!r}") from error
    return Article(
        value["text"],
        value["id"],
        value.get("title") or "",
        value.get("language") or None,
        day,
        value.get("outlet") or "",
    )


def answer(line: str) -> dict[str, Any]:
    """The output for one line: the article's events, or its id and what is wrong with it."""
    try:
        article = article_of(line)
    except BadLine as error:
        return {"id": _id_of(line), "error": str(error)}
    lexicon = load_lexicon()
    return {
        "id": article.id,
        "language": article.language or language_of(article.text, lexicon.languages).code,
        "extractor": EXTRACTOR,
        "lexicon": lexicon.hash,
        "events": [event.as_dict() for event in extract(article, lexicon)],
    }


def _id_of(line: str) -> Any:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value.get("id") if isinstance(value, dict) else None


def _lines(paths: list[str]) -> Iterator[str]:
    if not paths:
        yield from (line for line in sys.stdin if line.strip())
    for path in paths:
        with open(path, encoding="utf-8") as file:
            yield from (line for line in file if line.strip())


def _write(answers: Iterable[dict[str, Any]]) -> int:
    bad = 0
    for value in answers:
        if "error" in value:
            bad += 1
            print(f"{value['id']}: {value['error']}", file=sys.stderr)
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    return 1 if bad else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m articles.extract", description=__doc__)
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    lines = _lines(options.files)
    if options.workers <= 1:
        return _write(answer(line) for line in lines)
    lexicon = load_lexicon()
    for language in lexicon.languages.values():  # laid out once, before the workers part
        lexicon.automaton(language)
    with Pool(options.workers) as pool:
        return _write(pool.imap(answer, lines, chunksize=16))


if __name__ == "__main__":
    sys.exit(main())
