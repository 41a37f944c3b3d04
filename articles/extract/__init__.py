"""Text to events. `extract(article, lexicon)` is a pure function and imports no Django."""

from articles.extract.events import EXTRACTOR, Article, Event
from articles.extract.extraction import extract
from articles.extract.lexicon import Lexicon, load_lexicon

__all__ = ["EXTRACTOR", "Article", "Event", "Lexicon", "extract", "load_lexicon"]
