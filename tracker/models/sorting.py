"""The order of names: the embedded PostgreSQL has no ICU collations, so lists sort by a stored key."""

import unicodedata


def sort_key(name: str) -> str:
    """The name in lower case and without accents: "Türkiye" sorts as "turkiye"."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
