"""The words the extractor knows: names of actors, materiel and outlets, with the regular variants of each form.

Rows come from the CSV files of articles/reference/ (its README.md says what they mean) and from reviewers.
"""

import gc
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import ahocorasick

from articles.extract.frames import Frame, frame_forms
from articles.extract.languages import REFERENCE, Language, languages, read_shared, read_table
from articles.extract.numerals import pluralised
from articles.extract.scopes import Cue, cue_forms
from articles.extract.text import fold

RULE_FILES = ("languages", "abbreviations", "date_words", "number_words", "word_lists")
LANGUAGE_FILES = ("frames", "cues", "words", "date_forms", *RULE_FILES[1:])
ACTOR_FILES = ("states", "groups", "institutions", "companies", "persons")

Row = Mapping[str, str]
Tables = Mapping[str, list[dict[str, str]]]
_BREAKS = frozenset(',;:!?"“”()[]\n')
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """`home` is the key of the actor that it speaks or acts for, "" for a state and for a group without one.

    `names`: its main name by the code of a language.
    """

    code: str
    kind: str
    home: str
    name: str
    names: tuple[tuple[str, str], ...] = ()

    def named(self, language: str) -> str:
        """Its main name in a language, else in English."""
        return dict(self.names).get(language) or self.name


@dataclass(frozen=True, slots=True)
class Materiel:
    """`kind` is class, family or designation; `maker` the state code of the designer's home, or ""."""

    code: str
    kind: str
    category: str
    maker: str


@dataclass(frozen=True, slots=True)
class Outlet:
    """`kind` tells a newspaper, agency … that relays from a ministry, think tank or NGO that speaks for itself."""

    code: str
    name: str
    kind: str = ""


Entry = Actor | Materiel | Outlet | Frame | Cue


@dataclass(slots=True, eq=False)
class Form:
    """One surface form. `match` is the rule of the reference README; `use` the kind of an actor's name (demonym …)."""

    entry: Entry
    written: str
    match: str = "fold"
    use: str = ""


@dataclass(slots=True, eq=False)
class Hit:
    """What a key of the automaton stands for. `fixed`: readings that hold anywhere; `names`: those with a rule.

    `breaks`: the marks that a form of several words must not run over, none for a single word.
    """

    length: int
    breaks: frozenset[str]
    fixed: tuple[tuple[str, tuple[object, ...]], ...]
    names: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All forms, ready to be found. `hash` names the content: equal content, equal hash.

    The forms of a language are laid out when its first text comes, so that a worker holds those that it reads.
    """

    hash: str
    actors: Mapping[str, Actor] = field(repr=False)
    languages: Mapping[str, Language]
    _states: Mapping[str, str] = field(repr=False)
    _tables: Tables = field(repr=False)
    _built: dict[Language, tuple[ahocorasick.Automaton, ahocorasick.Automaton]] = field(repr=False)

    def automaton(self, language: Language) -> ahocorasick.Automaton:
        """Finds every form of one language in a folded text."""
        return self._of(language)[0]

    def gate(self, language: Language) -> ahocorasick.Automaton:
        """Finds the words that can name materiel, and those that tell of arms by themselves."""
        return self._of(language)[1]

    def _of(self, language: Language) -> tuple[ahocorasick.Automaton, ahocorasick.Automaton]:
        built = self._built.get(language)
        if built is None:
            with _uncollected():
                built = self._built[language] = _build(self._tables, self.actors, language)
        return built

    def state_of(self, code: str) -> str:
        """The state that an actor stands for, or "" for a group and for an actor without a home."""
        return self._states.get(code, "")

    def institution_of(self, code: str) -> str:
        """The institution that a person speaks for, else the state, else ""."""
        actor = self.actors.get(code)
        if actor is None:
            return ""
        return actor.home if actor.kind == "person" else actor.code


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage is looked for while all that is made stays: it costs a sixth of the time and finds nothing."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def load_lexicon(
    extra_actor_names: Iterable[Row] = (), extra_materiel_names: Iterable[Row] = (), folder: Path = REFERENCE
) -> Lexicon:
    """The lexicon of articles/reference/, with further rows of actor_names.csv and materiel_names.csv.

    An extra row may name what the files lack, if it also gives `actor_kind` and `home`, or `category`.
    """
    actors = tuple(_frozen(row) for row in extra_actor_names)
    materiel = tuple(_frozen(row) for row in extra_materiel_names)
    return _load(actors, materiel, folder)


# Names are added while a worker runs: it keeps the newest lexicon, and that of the files alone.
@lru_cache(maxsize=2)
def _load(
    extra_actors: tuple[tuple[tuple[str, str], ...], ...],
    extra_materiel: tuple[tuple[tuple[str, str], ...], ...],
    folder: Path,
) -> Lexicon:
    tables = {name: read_table(name, folder) for name in (*ACTOR_FILES, "materiel", "outlets", "outlet_names")}
    tables |= {name: read_shared(name, folder) for name in ("actor_names", "materiel_names")}
    tables["actor_names"] += [dict(row) for row in extra_actors]
    tables["materiel_names"] += [dict(row) for row in extra_materiel]
    return build_lexicon(tables, folder)


def _frozen(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, value or "") for key, value in row.items()))


def build_lexicon(tables: Tables, folder: Path = REFERENCE) -> Lexicon:
    """A lexicon of the given tables, with the languages of a folder."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        for row in tables[name]:
            digest.update(repr((name, sorted(row.items()))).encode())
    known = languages(folder)
    for name in (*RULE_FILES, *(f"{name}_{code}" for code in known for name in LANGUAGE_FILES)):
        path = folder / f"{name}.csv"
        digest.update(path.read_bytes() if path.exists() else b"")
    actors = _actors(tables)
    states = {code: _state(actors, code) for code in actors}
    return Lexicon("sha256:" + digest.hexdigest(), actors, known, states, tables, {})


def _state(actors: Mapping[str, Actor], code: str) -> str:
    """The state at the end of the homes of an actor, "" where they lead to none."""
    for _ in range(4):
        actor = actors.get(code)
        if actor is None or actor.kind == "group":
            return ""
        if actor.kind in ("state", "alliance"):
            return actor.code
        code = actor.home
    return ""


def _build(
    tables: Tables, actors: Mapping[str, Actor], language: Language
) -> tuple[ahocorasick.Automaton, ahocorasick.Automaton]:
    keys: dict[str, list[Form]] = {}
    _add_actors(keys, tables, actors, language)
    _add_outlets(keys, tables)
    _add_materiel(keys, tables, language)
    gate = set(keys_of(keys, Materiel))
    for form, frame in frame_forms(language):
        keys.setdefault(_key(form), []).append(Form(frame, form))
        if frame.arms == "implied" and frame.kind != "none":
            gate.add(_key(form))
    for form, cue in cue_forms(language):
        keys.setdefault(_key(form), []).append(Form(cue, form))
    automaton = _automaton({key: _hit(key, forms) for key, forms in keys.items()})
    return automaton, _automaton(dict.fromkeys(gate, True))


def keys_of(keys: Mapping[str, list[Form]], kind: type) -> Iterable[str]:
    return (key for key, forms in keys.items() if any(isinstance(form.entry, kind) for form in forms))


def _key(form: str) -> str:
    return f" {' '.join(fold(form).split())} "


@cache
def _breaks_without(chars: frozenset[str]) -> frozenset[str]:
    return _BREAKS - chars


def _hit(key: str, forms: list[Form]) -> Hit:
    layers: dict[str, list[object]] = {}
    names: list[Form] = []
    for form in forms:
        if isinstance(form.entry, Cue):
            layers.setdefault(form.entry.layer, []).append(form.entry)
        elif isinstance(form.entry, Frame):
            layers.setdefault("frame", []).append(form.entry)
        else:
            names.append(form)
    several = " " in key[1:-1]
    breaks = _breaks_without(_BREAKS.intersection(forms[0].written)) if several else _NONE
    fixed = tuple((layer, tuple(entries)) for layer, entries in layers.items()) if layers else ()
    return Hit(len(key) - 2, breaks, fixed, tuple(names))


def _automaton(keys: Mapping[str, object]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for key, value in keys.items():
        if len(key) > 2:
            automaton.add_word(key, value)
    automaton.make_automaton()
    return automaton


def _actors(tables: Tables) -> dict[str, Actor]:
    found = {}
    for table in ACTOR_FILES:
        for row in tables.get(table, []):
            names = tuple((column[5:], name) for column, name in row.items() if column.startswith("name_") and name)
            found[row["code"]] = Actor(row["code"], row["kind"], row.get("home", ""), row["name_en"], names)
    for row in tables.get("actor_names", []):
        if row["actor"] not in found and row.get("actor_kind"):
            found[row["actor"]] = Actor(
                row["actor"], row["actor_kind"], row.get("home", ""), row.get("name_en") or row["name"]
            )
    return found


def _materiel(tables: Tables) -> dict[str, Materiel]:
    found = {}
    for row in tables.get("materiel", []):
        found[row["materiel"]] = Materiel(row["materiel"], row["kind"], row["category"], row.get("maker", ""))
    for row in tables.get("materiel_names", []):
        if row["materiel"] not in found and row.get("category"):
            kind = row.get("kind") or "designation"
            found[row["materiel"]] = Materiel(row["materiel"], kind, row["category"], row.get("maker", ""))
    return found


def _put(keys: dict[str, list[Form]], form: Form, variants: Iterable[str]) -> None:
    for variant in variants:
        key = _key(variant)
        if len(key) <= 2:
            continue
        forms = keys.setdefault(key, [])
        if not any(have.match == form.match and have.entry == form.entry for have in forms):
            forms.append(form if variant == form.written else Form(form.entry, variant, form.match, form.use))


def _main_names(row: Row, language: Language) -> list[str]:
    """The main names of a row that a language takes: its own, and those of the languages that it borrows from."""
    taken = (row.get(f"name_{code}", "") for code in sorted(language.takes))
    return [name for name in dict.fromkeys(taken) if name]


def _add_actors(keys: dict[str, list[Form]], tables: Tables, actors: Mapping[str, Actor], language: Language) -> None:
    named = {(row["actor"], row["name"]): row for row in tables.get("actor_names", [])}
    for table in ACTOR_FILES:
        for row in tables.get(table, []):
            for name in _main_names(row, language):
                rule = named.get((row["code"], name), {}).get("match", "")
                _put(keys, Form(actors[row["code"]], name, rule, "name"), _actor_variants(name))
    for row in tables.get("actor_names", []):
        if row["actor"] in actors and row["language"] in (language.code, "*"):
            form = Form(actors[row["actor"]], row["name"], row.get("match", ""), row.get("kind", "name"))
            _put(keys, form, _actor_variants(row["name"]))


def _actor_variants(name: str) -> Iterable[str]:
    yield name
    if name.lower().startswith("the "):
        yield name[4:]


def _add_outlets(keys: dict[str, list[Form]], tables: Tables) -> None:
    outlets = {
        row["outlet"]: Outlet(row["outlet"], row["name"], row.get("kind", "")) for row in tables.get("outlets", [])
    }
    for row in tables.get("outlets", []):
        _put(keys, Form(outlets[row["outlet"]], row["name"], ""), _actor_variants(row["name"]))
    for row in tables.get("outlet_names", []):
        if row["outlet"] in outlets:
            _put(keys, Form(outlets[row["outlet"]], row["name"], row.get("match", "")), _actor_variants(row["name"]))


def _add_materiel(keys: dict[str, list[Form]], tables: Tables, language: Language) -> None:
    materiel = _materiel(tables)
    rows = [(row["materiel"], name, "") for row in tables.get("materiel", []) for name in _main_names(row, language)]
    rules = {(row["materiel"], row["name"]): row.get("match", "") for row in tables.get("materiel_names", [])}
    rows = [(code, name, rules.get((code, name), rule)) for code, name, rule in rows]
    rows += [
        (row["materiel"], row["name"], row.get("match", ""))
        for row in tables.get("materiel_names", [])
        if row["language"] in (language.code, "*") and row["materiel"] in materiel
    ]
    for code, name, rule in rows:
        entry = materiel[code]
        rule = rule or ("fold" if entry.kind == "class" else "")
        variants = _class_variants(name, language) if entry.kind == "class" else _designation_variants(name)
        _put(keys, Form(entry, name, rule), variants)


def _class_variants(name: str, language: Language) -> Iterable[str]:
    """A class of materiel with its plurals: of the last word, or of the first and of those that agree with it."""
    yield name
    words = name.split()
    if language.reduplicates:
        yield f"{words[0]}-{words[0]} {' '.join(words[1:])}"
    if language.head_first and language.marks_plural:
        for agreeing in range(1, len(words) + 1):
            yield " ".join([*(pluralised(word, language) for word in words[:agreeing]), *words[agreeing:]])
    elif words[-1][-1:].isalpha():
        yield " ".join([*words[:-1], pluralised(words[-1], language)])


_SEAM = re.compile(r"(?<=[A-Za-z])[-\s](?=\d)|(?<=\d)[-\s](?=[A-Za-z])")
_TIGHT = re.compile(r"(?<=[A-Za-z])(?=\d)")


def _designation_variants(name: str) -> Iterable[str]:
    """`Su-35`, `Su 35` and `Su35` from any one of them, each with the English plural."""
    shapes = [name]
    if _SEAM.search(name):
        shapes.append(_SEAM.sub("", name, count=1))
    elif _TIGHT.search(name):
        shapes.append(_TIGHT.sub("-", name, count=1))
    for shape in shapes:
        yield shape
        if not shape.endswith("s"):
            yield shape + "s"
