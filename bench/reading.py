"""How fast articles are read on one core, and in how much memory, beside spaCy's tokeniser and PhraseMatcher.

python -m bench.reading [--articles N] [--words N] [--runs N] [--seed N]

Both sides read the same articles and look up the same forms, in turns within one call, so that whatever else the
machine does meets both. The anchor only tokenises and finds forms: it reads no roles, stages, dates or speakers.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from articles.extract import EXTRACTOR, Article, Lexicon, extract, load_lexicon
from articles.extract.mentions import has_arms
from articles.extract.text import fold
from bench.corpus import LANGUAGES, corpus

KINDS = ("relevant", "irrelevant")
STATUS = Path("/proc/self/status")
NO_ANCHOR = (
    "spaCy is not installed, and a figure without its anchor says nothing: "
    "run `pip install -r bench/requirements.txt` in the environment of the project."
)

Reader = Callable[[Article], object]


@dataclass(slots=True)
class Times:
    """Seconds of each run over all articles of one kind, by the wall and by the processor."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def add(self, reader: Reader, articles: Iterable[Article]) -> None:
        wall, processor = time.perf_counter(), time.process_time()
        for article in articles:
            reader(article)
        self.processor.append(time.process_time() - processor)
        self.wall.append(time.perf_counter() - wall)


def anchor(lexicon: Lexicon) -> Reader:
    """spaCy's tokeniser with a PhraseMatcher over the forms of the lexicon, a blank pipeline a language."""
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
    except ImportError:
        sys.exit(NO_ANCHOR)
    pipelines = {}
    for language in LANGUAGES:
        nlp = spacy.blank(language)
        matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        forms = lexicon.automaton(lexicon.languages[language])
        matcher.add("form", [nlp.make_doc(form.strip()) for form in forms])
        pipelines[language] = (nlp, matcher)

    def read(article: Article) -> object:
        nlp, matcher = pipelines[article.language or "en"]
        return matcher(nlp.make_doc(article.text))

    return read


def peak() -> float:
    """The most memory that this process has held, in MB. Not getrusage: it counts the parent's before the exec."""
    [line] = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1000


def work(number: int, words: int, seed: int) -> None:
    """What one fresh worker does: load the lexicon, read everything once. Prints its figures as JSON."""
    articles = {kind: corpus(kind, number, words, seed).articles for kind in KINDS}
    before = peak()
    began = time.perf_counter()
    lexicon = load_lexicon()
    loaded = time.perf_counter()
    extract(articles["relevant"][0], lexicon)
    first = time.perf_counter()
    for kind in KINDS:
        for article in articles[kind]:
            extract(article, lexicon)
    print(json.dumps({"load": loaded - began, "first": first - loaded, "peak": peak(), "before": before}))


def fresh_worker(options: argparse.Namespace) -> dict[str, float]:
    """The figures of `work` in a process of its own, with a cold lexicon."""
    asked = [f"--{name}={getattr(options, name)}" for name in ("articles", "words", "seed")]
    command = [sys.executable, "-m", "bench.reading", "--worker", *asked]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def row(name: str, times: Times, number: int, ratio: str = "") -> str:
    best, median = number / min(times.wall), number / statistics.median(times.wall)
    processor = number / min(times.processor)
    return f"{name:38} {best:9,.0f} {median:9,.0f} {processor:9,.0f}  {ratio}".rstrip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reading")
    parser.add_argument("--articles", type=int, default=100, help="of each kind (default: %(default)s)")
    parser.add_argument("--words", type=int, default=600, help="of an article, about (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="over all articles (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the articles (default: %(default)s)")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not STATUS.exists():
        sys.exit("Memory and cores are measured as Linux shows them: run the bench on Linux.")
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    if options.worker:
        work(options.articles, options.words, options.seed)
        return

    lexicon = load_lexicon()
    readers: dict[str, Reader] = {EXTRACTOR: lambda article: extract(article, lexicon)}
    began = time.perf_counter()
    readers["spaCy"] = anchor(lexicon)
    built = time.perf_counter() - began
    worker = fresh_worker(options)
    forms = ", ".join(f"{len(lexicon.automaton(lexicon.languages[language])):,} {language}" for language in LANGUAGES)
    print(f"seed {options.seed}, {options.runs} runs, one core, lexicon of {forms} forms")
    print(
        f"cold: lexicon {worker['load']:.2f} s, first article {worker['first'] * 1000:.0f} ms "
        f"(PhraseMatcher {built:.2f} s); below: warm"
    )
    print(f"{'articles a second':38} {'best':>9} {'median':>9} {'best, CPU':>9}  ratio to the anchor, by medians")
    for kind in KINDS:
        made = corpus(kind, options.articles, options.words, options.seed)
        events = sum(len(extract(article, lexicon)) for article in made.articles)
        size = sum(len(article.text.encode()) for article in made.articles)
        armed = sum(
            has_arms(lexicon.gate(lexicon.languages[one.language or "en"]), f" {fold(one.text)} ")
            for one in made.articles
        )
        print(
            f"{kind}: {len(made.articles)} articles ({armed} with a word for arms), {made.words:,} words, "
            f"{size / 1000:,.0f} kB, {events} events"
        )
        times = {name: Times() for name in readers}
        for reader in readers.values():
            reader(made.articles[0])
        for _ in range(options.runs):
            for name, reader in readers.items():
                times[name].add(reader, made.articles)
        own, other = (statistics.median(one.wall) for one in times.values())
        print(row(f"  {EXTRACTOR}", times[EXTRACTOR], len(made.articles), f"{other / own:.2f}"))
        print(row("  spaCy tokeniser and PhraseMatcher", times["spaCy"], len(made.articles), "1"))
    print(f"peak memory of a worker: {worker['peak']:.0f} MB ({worker['before']:.0f} MB before the lexicon)")


if __name__ == "__main__":
    main()
