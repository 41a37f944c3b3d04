"""The order of names: the embedded PostgreSQL has no ICU collations, so lists sort by a stored key."""

import unicodedata

from django.db.models import CharField, Func


def sort_key(name: str) -> str:
    """The name in lower case and without accents: "Türkiye" sorts as "turkiye"."""
    # Most names have no accent to be looked for, and a search compares thousands.
    if name.isascii():
        return name.casefold()
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


class SortKey(Func):
    """What `sort_key` makes of a name, in the database."""

    template = r"lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\u0300-\u036f]', '', 'g'))"
    output_field = CharField(max_length=200)
