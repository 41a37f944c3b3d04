"""Why the machine read, or missed, what an article tells."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from articles.extract import EXTRACTOR
from articles.extract.explain import explain
from articles.models import Article
from articles.reading import lexicon, taken
from tracker.account.access import Request, reviewing
from tracker.browse import why as words

# A page shows this many code points of a text, cut at the end of a line where there is one: a tenth of a second.
PART = 40_000


@reviewing
@require_GET
def article_why(request: Request, article_id: int) -> HttpResponse:
    """What the rules see in the article, sentence by sentence. `?part=` is the part of a very long text, from 1."""
    article = get_object_or_404(Article.objects.select_related("outlet").defer("search", "written"), pk=article_id)
    if article.withheld_at:
        raise Http404
    cuts = _cuts(article.text)
    written = request.GET.get("part", "1")
    part = int(written) if written.isdecimal() and len(written) < 6 else 0
    if not 1 <= part < len(cuts):
        raise Http404
    text = article.text[cuts[part - 1] : cuts[part]]
    known = lexicon()
    explanation = explain(replace(taken(article), text=text), known)
    extraction = article.extractions.first()
    return render(
        request,
        "browse/why.html",
        {
            "article": article,
            "rows": list(words.rows(text, explanation)),
            "ended": words.ended(explanation),
            "unread": text if explanation.ended else "",
            "read_otherwise": extraction
            and (extraction.extractor, extraction.lexicon) != (EXTRACTOR, known.hash)
            and extraction,
            "part": part,
            "parts": len(cuts) - 1,
        },
    )


def _cuts(text: str) -> list[int]:
    """Where the parts of a text begin, and its end."""
    cuts = [0]
    while len(text) - cuts[-1] > PART:
        line = text.rfind("\n", cuts[-1] + PART // 2, cuts[-1] + PART)
        cuts.append(line + 1 if line > 0 else cuts[-1] + PART)
    return [*cuts, len(text)]
