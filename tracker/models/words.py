"""The words of names and of claims for full-text search, as the database's own functions take them apart."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func


class NameWords(Func):
    """The words of a name as they are written, in lower case and without accents."""

    function = "tracker_words"
    output_field = SearchVectorField()


class ClaimWords(Func):
    """The words of a claim as they are written: of its quote and translation, the materiel, and who says so."""

    function = "tracker_claim_words"
    output_field = SearchVectorField()

    def __init__(self, *expressions: str, **extra: Any) -> None:
        super().__init__(*(expressions or ("quote", "translation", "materiel_text", "speaker")), **extra)


class ClaimStems(ClaimWords):
    """The stems of a claim's words in English and in Indonesian, side by side: a claim has no language."""

    function = "tracker_claim_stems"
