"""The outside world becomes an article: decode, recognise, store once, queue the reading."""

from articles.ingest.recognise import Recognised, recognise
from articles.ingest.store import Ingested, ingest
from articles.ingest.text import UnreadableText, decode, tidy

__all__ = ["Ingested", "Recognised", "UnreadableText", "decode", "ingest", "recognise", "tidy"]
