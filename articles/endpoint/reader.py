"""One article read by a model: asked in pieces that fit, passed through the gate, merged, with what it cost."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace

from articles.endpoint.answer import told
from articles.endpoint.chat import Endpoint, Reply, ask
from articles.endpoint.errors import AllRefused, ArticleTooLong
from articles.endpoint.gate import Passage, Refused, events_of
from articles.endpoint.parties import Names
from articles.endpoint.prompt import messages
from articles.extract import Article, Event, Lexicon, extract
from articles.extract.merge import merge

logger = logging.getLogger(__name__)

LONGEST_PIECE = 24_000
MOST_PIECES = 8
MOST_SHOWN = 5


def read(article: Article, lexicon: Lexicon, endpoint: Endpoint) -> list[Event]:
    """The events that the model at `endpoint` finds and the gate lets through, in the order of the text.

    The first reason of each is what the reading of the article cost. EndpointError: nothing was read, and why.
    """
    whole = list(pieces(article.text))
    names = Names(article.text, article.language, lexicon)
    rules = extract(article, lexicon)
    began = time.monotonic()
    replies: list[Reply] = []
    found: list[Event] = []
    refused: list[str] = []
    for start, end in whole:
        reply = ask(endpoint, messages(article.text[start:end]))
        replies.append(reply)
        passage = Passage(article.text, start, end, names, article.published, endpoint.key)
        answers, malformed = told(reply.content)
        refused += malformed
        for one in answers:
            try:
                found += events_of(one, passage, rules)
            except Refused as refusal:
                refused.append(str(refusal))
    cost = _cost(endpoint, replies, time.monotonic() - began)
    logger.info("article %s, %s: %s events, %s refused", article.id, cost, len(found), len(refused))
    for reason in refused:
        logger.warning("article %s: an event of the model is refused: %s", article.id, reason)
    if refused and not found:
        raise AllRefused(f"All {len(refused)} events of the model were refused: {'; '.join(_some(refused))}. ({cost})")
    return [_with_account(event, cost, refused) for event in merge(found)]


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """[start, end) of the parts that are asked about one by one, cut between lines. ArticleTooLong where that fails."""
    if len(text) > LONGEST_PIECE * MOST_PIECES:
        raise ArticleTooLong(f"The article has {len(text)} characters, more than {LONGEST_PIECE * MOST_PIECES}.")
    start, count = 0, 0
    while start < len(text):
        end = len(text)
        if end - start > LONGEST_PIECE:
            end = text.rfind("\n", start, start + LONGEST_PIECE) + 1
            if end <= start:
                raise ArticleTooLong(f"The article has a paragraph of more than {LONGEST_PIECE} characters.")
        count += 1
        if count > MOST_PIECES:
            raise ArticleTooLong(f"The article's paragraphs do not fit into {MOST_PIECES} pieces.")
        if text[start:end].strip():
            yield start, end
        start = end


def _cost(endpoint: Endpoint, replies: list[Reply], seconds: float) -> str:
    """ "endpoint: 812 tokens in, 240 out, 1.9 s, 0.0021 USD"; what neither endpoint nor settings tell is left out."""
    given = [reply.tokens_in for reply in replies if reply.tokens_in is not None]
    written = [reply.tokens_out for reply in replies if reply.tokens_out is not None]
    parts = ["tokens not told"]
    if replies and len(given) == len(written) == len(replies):
        parts = [f"{sum(given)} tokens in", f"{sum(written)} out"]
        price = endpoint.price(sum(given), sum(written))
    else:
        price = None
    parts.append(f"{seconds:.1f} s")
    if price is not None:
        parts.append(f"{price:.4f} USD")
    return f"endpoint: {', '.join(parts)}"


def _some(refused: list[str]) -> list[str]:
    """Enough reasons to see what goes wrong; the log has all of them."""
    return refused[:MOST_SHOWN] + ([f"and {len(refused) - MOST_SHOWN} more"] if len(refused) > MOST_SHOWN else [])


def _with_account(event: Event, cost: str, refused: list[str]) -> Event:
    """The event with the cost as its first reason, and what was refused in the same article as its last ones."""
    lost = [f"refused another event: {reason}" for reason in _some(refused)]
    return replace(event, reasons=(cost, *event.reasons, *lost))
