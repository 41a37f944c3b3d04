"""A language is data: a folder with one that no code has heard of is read like any other."""

import ast
import datetime
from pathlib import Path

import pytest

from articles import extract as package
from articles.extract import Article, extract, load_lexicon
from articles.extract.languages import languages

# A few words of Esperanto: enough for a verb in three tenses, a noun, a denial, a date and a number.
FILES = {
    "languages": """
language,name_en,home,borrows,plurals,thousands,head_first,marks_plural,small_dates
eo,Esperanto,,,o>oj,.,no,no,yes
""",
    "frames_eo": """
lemma,kind,roles,stage,arms,active,future,passive,noun
sendi,act,giver,shipment,required,sendi|sendas|sendis,sendos,sendita|senditaj,sendo|sendon|sendoj
aĉeti,act,taker,order,required,aĉeti|aĉetas|aĉetis,aĉetos,,aĉeto
haltigi,operator,halt,halted,required,haltigas|haltigis,haltigos,,
""",
    "cues_eo": """
axis,value,direction,reach,forms
polarity,negated,before,4,ne|neniam
polarity,denied,before,8,neas|neis
evidential,alleged,before,8,laŭdire|supozeble
""",
    "words_eo": """
axis,value,forms
preposition,to,al
preposition,from,de|el
preposition,by,fare de
preposition,in,en
link,and,kaj
clause,that,ke
speech,said,diris|neis|neas
""",
    "word_lists_eo": """
list,words
before a noun,la|ĉiu
links of parties,kaj
links of items,kaj
commonest words,la|kaj|al|en|de|ke|estas
""",
    "number_words_eo": """
word,kind,value
dek,number,10
du,number,2
mil,scale,1000
tankoj,counted,tank
tankojn,counted,tank
pli ol,qualifier,at_least
soldatojn,other,
""",
    "date_words_eo": """
word,kind,value
marto,month,3
julio,month,7
hieraŭ,day,-1
""",
    "date_forms_eo": """
basis,name,starters,form
macro,Month,,(?P<mon>«month»)(?!\\w)
month,,«month»,«Month»(?: (?P<y>«YEAR»))?
named day,,«day»,(?P<day>«day»)(?!\\w)
before,,,(?P<in>en)|(?P<since>ekde)
""",
    "states": """
code,kind,home,name_en,name_eo
DE,state,,Germany,Germanio
UA,state,,Ukraine,Ukrainio
PL,state,,Poland,Pollando
""",
    "actor_names_eo": """
actor,kind,name,match
DE,metonym,Berlino,
DE,demonym,germana,
""",
    "materiel": """
materiel,kind,category,name_en,name_eo,maker
tanks,class,armoured_vehicles,tank,tanko,
missiles,class,missiles,missile,misilo,
""",
    "materiel_names_eo": """
materiel,name,match
tanks,tankojn,
missiles,misilojn,
""",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text.lstrip("\n"), encoding="utf-8")
    return tmp_path


def _told(text: str, folder: Path):
    lexicon = load_lexicon(folder=folder)
    return extract(Article(text, published=datetime.date(2024, 5, 15)), lexicon)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Germanio sendis dek tankojn al Ukrainio en marto.", "DE UA armoured_vehicles shipment asserted"),
        ("Berlino sendos misilojn al Pollando.", "DE PL missiles shipment planned"),
        ("Pollando aĉetis tankojn de Germanio.", "DE PL armoured_vehicles order asserted"),
        ("Tankoj estis senditaj al Ukrainio fare de Pollando.", "PL UA armoured_vehicles shipment asserted"),
        ("La sendo de misiloj al Ukrainio fare de Germanio daŭras.", "DE UA missiles shipment asserted"),
        ("Germanio haltigis la sendon de misiloj al Ukrainio.", "DE UA missiles halted asserted"),
        ("Germanio ne sendis misilojn al Ukrainio.", "DE UA missiles shipment denied"),
        ("Germanio laŭdire sendis misilojn al Ukrainio.", "DE UA missiles shipment alleged"),
        ("Germanio sendis soldatojn al Pollando.", None),
    ],
)
def test_a_language_of_a_folder_is_read_without_code(text, told, folder):
    read = [
        (one.supplier.code, one.recipient.code, one.materiel[0].category, one.stage, one.modality)
        for one in _told(text, folder)
    ]
    assert read == ([tuple(told.split())] if told else [])


def test_its_dates_numbers_and_plurals_are_its_own(folder):
    [event] = _told("Germanio sendis pli ol dek tankojn al Ukrainio en marto 2023.", folder)
    assert (event.quantity.min, event.quantity.qualifier, event.quantity.unit) == (10, "at_least", "tank")
    assert (event.date.first, event.date.last) == (datetime.date(2023, 3, 1), datetime.date(2023, 3, 31))
    assert event.supplier.name == "Germany"
    [event] = _told("Germanio sendis tankoj al Ukrainio.", folder)
    assert event.materiel[0].text == "tankoj"


def test_a_lexicon_has_the_languages_of_its_folder(folder):
    assert set(languages(folder)) == {"eo"}
    assert set(load_lexicon(folder=folder).languages) == {"eo"}
    assert set(languages()) == {"id", "en", "es"}


def test_a_language_without_frames_is_none(folder):
    (folder / "frames_eo.csv").unlink()
    assert languages(folder) == {}


def test_what_a_language_lacks_is_not_read(folder):
    for path in folder.glob("*_eo.csv"):
        if path.stem not in ("frames_eo", "words_eo"):
            path.unlink()
    [event] = _told("Germanio ne sendis dek misilo al Ukrainio en marto.", folder)
    assert (event.supplier.code, event.recipient.code, event.stage) == ("DE", "UA", "shipment")
    assert (event.modality, event.date, event.quantity) == ("asserted", None, None)


def test_no_rule_asks_which_language_it_reads():
    """Rules ask for a trait or a list: a comparison with a code would leave the next language out."""
    codes = set(languages())
    for path in Path(package.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
                compared = {part.value for part in (node.left, *node.comparators) if isinstance(part, ast.Constant)}
                assert not compared & codes, f"{path.name}:{node.lineno}"
