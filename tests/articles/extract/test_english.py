"""English sentences of our own: who, to whom, what, at which stage, how surely."""

from datetime import date

import pytest

from articles.extract import Article, extract

CASES = [
    # supplier, recipient, category, stage, modality, sentence
    ("IR", "RU", "drones", "shipment", "asserted", "Iran sent 200 drones to Russia in March."),
    ("IR", "RU", "drones", "delivery", "asserted", "Iran has supplied Russia with drones since last summer."),
    ("IR", "RU", "drones", "delivery", "alleged", "Iran has allegedly supplied drones to Russia."),
    (
        "KP",
        "RU",
        "ammunition",
        "shipment",
        "asserted",
        "Artillery shells were shipped from North Korea to Russia by rail.",
    ),
    ("DE", "UA", "armoured_vehicles", "delivery", "asserted", "Germany handed over 18 tanks to Ukraine on Monday."),
    (
        "DE",
        "UA",
        "armoured_vehicles",
        "delivery",
        "planned",
        "Germany will deliver 18 tanks to Ukraine by the end of the year.",
    ),
    (
        "NL",
        "UA",
        "aircraft",
        "delivery",
        "planned",
        "The Netherlands has pledged to give Ukraine 24 F-16 fighter jets.",
    ),
    ("US", "TW", "aircraft", "agreement", "planned", "Washington has approved the sale of 66 fighter jets to Taiwan."),
    (
        "US",
        "TW",
        "missiles",
        "agreement",
        "planned",
        "The United States approved a possible sale of missiles to Taiwan.",
    ),
    (
        "US",
        "SA",
        "unspecified",
        "halted",
        "asserted",
        "The White House has suspended weapons deliveries to Saudi Arabia.",
    ),
    ("US", "SA", "missiles", "halted", "asserted", "The US halted shipments of missiles to Saudi Arabia."),
    ("DE", "SA", "aircraft", "halted", "asserted", "Germany blocked the export of fighter jets to Saudi Arabia."),
    ("FR", "ID", "aircraft", "order", "asserted", "Indonesia ordered 42 Rafale fighter jets from France."),
    ("FR", "ID", "aircraft", "order", "asserted", "Jakarta bought French fighter jets last year."),
    (
        "RU",
        "IN",
        "air_defence",
        "order",
        "asserted",
        "India signed a contract with Russia for five S-400 air defence systems.",
    ),
    (
        "RU",
        "TR",
        "air_defence",
        "delivery",
        "asserted",
        "Turkey received its first S-400 air defence systems from Russia.",
    ),
    ("KR", "PL", "artillery", "order", "asserted", "Poland purchased K9 howitzers from South Korea."),
    ("KR", "PL", "armoured_vehicles", "order", "planned", "Poland plans to buy tanks from South Korea."),
    (
        "US",
        "PH",
        "missiles",
        "order",
        "potential",
        "The Philippines is considering buying missiles from the United States.",
    ),
    ("US", "JP", "missiles", "request", "asserted", "Japan has requested 400 missiles from the United States."),
    ("DE", "UA", "armoured_vehicles", "request", "asserted", "Ukraine asked Germany to send tanks."),
    ("RU", "IN", "naval", "offer", "asserted", "Russia offered India two submarines."),
    ("RU", "EG", "aircraft", "talks", "asserted", "Egypt is in talks to buy fighter jets from Russia."),
    ("CN", "RU", "drones", "talks", "asserted", "China and Russia held talks on the supply of drones to Russia."),
    (
        "RU",
        "PH",
        "aircraft",
        "cancelled",
        "asserted",
        "The Philippines scrapped the purchase of 16 helicopters from Russia.",
    ),
    ("FR", "AU", "naval", "cancelled", "asserted", "Australia cancelled a contract with France for 12 submarines."),
    (
        "EU",
        "CN",
        "unspecified",
        "sanction",
        "asserted",
        "The EU arms embargo against China has been in force for decades.",
    ),
    ("US", "SA", "unspecified", "agreement", "asserted", "The United States signed an arms deal with Saudi Arabia."),
    ("IR", "RU", "drones", "shipment", "denied", "Iran denied that it had sent drones to Russia."),
    (
        "CN",
        "RU",
        "unspecified",
        "delivery",
        "no_evidence",
        "There is no evidence that China has supplied weapons to Russia.",
    ),
    ("CN", "RU", "unspecified", "delivery", "denied", "China has never supplied weapons to Russia."),
    ("IR", "RU", "drones", "use", "asserted", "Russian forces used Iranian drones in the attack."),
    ("RU", "IN", "missiles", "production", "asserted", "Russia and India jointly produce missiles."),
    ("IR", "hamas", "missiles", "delivery", "alleged", "Israel accuses Iran of supplying missiles to Hamas."),
    ("US", "UA", "missiles", "delivery", "asserted", "U.S.-supplied missiles have reached Ukraine."),
    ("GB", "UA", "unspecified", "delivery", "asserted", "Ukraine is armed by the United Kingdom."),
    (
        "US",
        "EG",
        "aircraft",
        "agreement",
        "planned",
        "The Pentagon cleared Lockheed Martin to sell helicopters to Egypt.",
    ),
    ("US", "PL", "aircraft", "order", "asserted", "Lockheed Martin won a contract to supply fighter jets to Poland."),
    ("RU", "SY", "air_defence", "delivery", "potential", "Russia may supply Syria with air defence systems."),
    (
        "RU",
        "SY",
        "air_defence",
        "delivery",
        "potential",
        "If Russia supplies S-400 systems to Syria, Israel will respond.",
    ),
    ("RU", "SY", "missiles", "delivery", "planned", "Moscow intends to provide Damascus with missiles."),
    (
        "KR",
        "SA",
        "air_defence",
        "agreement",
        "asserted",
        "Seoul signed a deal to export air defence systems to Saudi Arabia.",
    ),
    (
        "RU",
        "TR",
        "air_defence",
        "order",
        "asserted",
        "Turkey's purchase of the Russian-made S-400 system angered Washington.",
    ),
    (
        "NL",
        "IL",
        "components_materials",
        "halted",
        "asserted",
        "The Dutch government revoked an export licence for spare parts to Israel.",
    ),
    ("US", "UA", "missiles", "use", "asserted", "Ukraine used US-supplied missiles to strike targets in Russia."),
    ("RU", "EG", "aircraft", "cancelled", "asserted", "Egypt backed out of a deal to buy fighter jets from Russia."),
    (
        "US",
        "SA",
        "unspecified",
        "sanction",
        "asserted",
        "Washington lifted its ban on the sale of weapons to Saudi Arabia.",
    ),
    (
        "GB",
        "SA",
        "unspecified",
        "halted",
        "potential",
        "Human rights groups urged London to stop selling weapons to Saudi Arabia.",
    ),
    ("IN", "IL", "drones", "order", "potential", "Israel is considering the purchase of Indian drones."),
    ("US", "IL", "ammunition", "halted", "asserted", "Washington is withholding ammunition from Israel over the war."),
    (
        "RU",
        "TR",
        "air_defence",
        "sanction",
        "asserted",
        "The US imposed sanctions on Turkey for buying S-400 systems from Russia.",
    ),
    ("FR", "IN", "aircraft", "order", "asserted", "India's air force has 36 Rafale jets, bought from France in 2016."),
    (
        "UA",
        "hamas",
        "unspecified",
        "delivery",
        "asserted",
        "Weapons sent to Ukraine have ended up in the hands of Hamas.",
    ),
    ("NL", "UA", "aircraft", "delivery", "planned", "The Netherlands pledged 24 F-16 fighter jets to Ukraine."),
    (
        "DE",
        "UA",
        "artillery",
        "halted",
        "asserted",
        "The shipment of 14 howitzers that Germany promised Ukraine has been delayed.",
    ),
    ("CN", "RU", "drones", "order", "denied", "China rejected reports that it had sold drones to Russia."),
    ("RU", "EG", "unspecified", "delivery", "asserted", "Russia is Egypt's largest supplier of weapons."),
]


@pytest.mark.parametrize(("supplier", "recipient", "category", "stage", "modality", "sentence"), CASES)
def test_one_sentence(supplier, recipient, category, stage, modality, sentence, small_lexicon):
    events = extract(Article(sentence, language="en", published=date(2024, 5, 14)), small_lexicon)
    read = {
        (
            event.supplier.code.lower(),
            event.recipient.code.lower(),
            event.materiel[0].category if event.materiel else "unspecified",
            event.stage,
            event.modality,
        )
        for event in events
    }
    assert read == {(supplier.lower(), recipient.lower(), category, stage, modality)}


LISTS = [
    ({("US", "PL"), ("US", "JP"), ("US", "TW")}, "The United States sold missiles to Poland, Japan and Taiwan."),
    ({("GB", "UA"), ("FR", "UA")}, "Ukraine received missiles from the United Kingdom and France."),
    ({("IR", "RU"), ("KP", "RU")}, "Iran and North Korea have sent artillery shells to Russia."),
    ({("IR", "RU")}, "The missiles, which Iran had sent to Russia, were old."),
]


@pytest.mark.parametrize(("pairs", "sentence"), LISTS)
def test_lists_are_distributed(pairs, sentence, small_lexicon):
    events = extract(Article(sentence, language="en"), small_lexicon)
    assert {(event.supplier.code, event.recipient.code) for event in events} == pairs


NOTHING = [
    "Russia fired 40 missiles at Ukraine overnight.",
    "China tested a new missile on Friday.",
    "The president of Egypt visited France to discuss trade and missiles were not mentioned.",
    "India builds its own tanks and has ordered 100 of them for its army.",
    "Germany sent 200 soldiers to Poland.",
    "Ukraine shot down 30 drones over Kyiv.",
    "Washington has warned of a missile attack.",
    "The United States sent food and medicine to Syria.",
    "Fans of the club called the striker a weapon in attack.",
    "Israel's army said that its fighter jets had struck targets in Syria.",
]


@pytest.mark.parametrize("sentence", NOTHING)
def test_no_transfer_is_told(sentence, small_lexicon):
    assert extract(Article(sentence, language="en"), small_lexicon) == []
