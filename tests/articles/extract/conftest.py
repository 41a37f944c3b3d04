"""A lexicon of two dozen names, so that the tests of the rules do not hang on the reference data."""

import pytest

from articles.extract.lexicon import Lexicon, build_lexicon

STATES = """
AU,Australia,Australia,Australian,Canberra
CN,China,China,Chinese,Beijing
DE,Germany,Jerman,German,Berlin
EG,Egypt,Mesir,Egyptian,Cairo
EU,European Union,Uni Eropa,EU,Brussels
FR,France,Prancis,French,Paris
GB,United Kingdom,Inggris,British,London
ID,Indonesia,Indonesia,Indonesian,Jakarta
IL,Israel,Israel,Israeli,Tel Aviv
IN,India,India,Indian,New Delhi
IR,Iran,Iran,Iranian,Tehran
JP,Japan,Jepang,Japanese,Tokyo
KP,North Korea,Korea Utara,North Korean,Pyongyang
KR,South Korea,Korea Selatan,South Korean,Seoul
NL,Netherlands,Belanda,Dutch,The Hague
PH,Philippines,Filipina,Philippine,Manila
PL,Poland,Polandia,Polish,Warsaw
RU,Russia,Rusia,Russian,Moscow
SA,Saudi Arabia,Arab Saudi,Saudi,Riyadh
SY,Syria,Suriah,Syrian,Damascus
TR,Turkey,Turki,Turkish,Ankara
TW,Taiwan,Taiwan,Taiwanese,Taipei
UA,Ukraine,Ukraina,Ukrainian,Kyiv
US,United States,Amerika Serikat,American,Washington
""".strip().splitlines()
MATERIEL = """
weapons,class,unspecified,weapons,senjata,
military-aid,class,unspecified,military aid,bantuan militer,
drones,class,drones,drone,drone,
missiles,class,missiles,missile,rudal,
tanks,class,armoured_vehicles,tank,tank,
fighters,class,aircraft,fighter jet,jet tempur,
helicopters,class,aircraft,helicopter,helikopter,
shells,class,ammunition,artillery shell,peluru artileri,
ammunition,class,ammunition,ammunition,amunisi,
submarines,class,naval,submarine,kapal selam,
frigates,class,naval,frigate,fregat,
howitzers,class,artillery,howitzer,howitzer,
radars,class,sensors,radar,radar,
air-defence,class,air_defence,air defence system,sistem pertahanan udara,
rifles,class,small_arms,rifle,senapan,
parts,class,components_materials,spare part,suku cadang,
rafale,designation,aircraft,Rafale,Rafale,FR
f-16,designation,aircraft,F-16,F-16,US
s-400,designation,air_defence,S-400,S-400,RU
k9,designation,artillery,K9,K9,KR
""".strip().splitlines()
PERSONS = ["kim-jong-un,KP,Kim Jong Un", "vladimir-putin,RU,Vladimir Putin"]
MORE_NAMES = [
    ("US", "en", "abbreviation", "US", "exact"),
    ("US", "*", "abbreviation", "U.S.", "exact"),
    ("US", "id", "abbreviation", "AS", "exact"),
    ("US", "id", "metonym", "Gedung Putih", ""),
    ("US", "en", "metonym", "White House", ""),
    ("US", "en", "metonym", "Pentagon", ""),
    ("RU", "*", "metonym", "Kremlin", ""),
    ("ID", "id", "abbreviation", "TNI", "exact"),
    ("RU", "id", "metonym", "Moskow", ""),
]


@pytest.fixture(scope="session")
def small_lexicon() -> Lexicon:
    states = [line.split(",") for line in STATES]
    names = []
    for code, _, _, demonym, capital in states:
        names.append({"actor": code, "language": "en", "kind": "demonym", "name": demonym, "match": ""})
        names.append({"actor": code, "language": "*", "kind": "metonym", "name": capital, "match": ""})
    names += [dict(zip(("actor", "language", "kind", "name", "match"), row, strict=True)) for row in MORE_NAMES]
    return build_lexicon(
        {
            "states": [
                {"code": code, "kind": "state", "home": "", "name_en": en, "name_id": local}
                for code, en, local, *_ in states
            ],
            "groups": [{"code": "hamas", "kind": "group", "home": "", "name_en": "Hamas", "name_id": "Hamas"}],
            "institutions": [
                {
                    "code": "us-nsc",
                    "kind": "institution",
                    "home": "US",
                    "name_en": "National Security Council",
                    "name_id": "Dewan Keamanan Nasional",
                }
            ],
            "companies": [
                {
                    "code": "lockheed-martin",
                    "kind": "company",
                    "home": "US",
                    "name_en": "Lockheed Martin",
                    "name_id": "Lockheed Martin",
                }
            ],
            "persons": [
                {"code": code, "kind": "person", "home": home, "name_en": name, "name_id": name}
                for code, home, name in (line.split(",") for line in PERSONS)
            ],
            "actor_names": names,
            "materiel": [
                dict(zip(("materiel", "kind", "category", "name_en", "name_id", "maker"), line.split(","), strict=True))
                for line in MATERIEL
            ],
            "materiel_names": [],
            "outlets": [{"outlet": "cnn", "name": "CNN"}, {"outlet": "reuters", "name": "Reuters"}],
            "outlet_names": [],
        }
    )
