"""Indonesian sentences of our own: who, to whom, what, at which stage, how surely."""

from datetime import date

import pytest

from articles.extract import Article, extract

CASES = [
    # supplier, recipient, category, stage, modality, sentence
    ("IR", "RU", "drones", "shipment", "asserted", "Iran mengirim 200 drone ke Rusia pada Maret."),
    ("IR", "RU", "drones", "delivery", "asserted", "Iran telah memasok drone kepada Rusia sejak musim panas lalu."),
    ("IR", "RU", "drones", "shipment", "alleged", "Iran dilaporkan mengirimkan drone ke Rusia."),
    (
        "KP",
        "RU",
        "ammunition",
        "shipment",
        "asserted",
        "Peluru artileri itu dikirim dari Korea Utara ke Rusia dengan kereta.",
    ),
    ("DE", "UA", "armoured_vehicles", "delivery", "asserted", "Jerman menyerahkan 18 tank kepada Ukraina pada Senin."),
    (
        "DE",
        "UA",
        "armoured_vehicles",
        "delivery",
        "planned",
        "Jerman akan memberikan 18 tank kepada Ukraina tahun ini.",
    ),
    ("NL", "UA", "aircraft", "delivery", "planned", "Belanda berjanji menghibahkan 24 jet tempur F-16 kepada Ukraina."),
    ("US", "TW", "aircraft", "agreement", "planned", "Amerika Serikat menyetujui penjualan 66 jet tempur ke Taiwan."),
    ("US", "TW", "unspecified", "agreement", "planned", "AS menyetujui penjualan senjata ke Taiwan."),
    ("US", "SA", "unspecified", "halted", "asserted", "Gedung Putih menangguhkan pengiriman senjata ke Arab Saudi."),
    ("DE", "SA", "aircraft", "halted", "asserted", "Jerman memblokir ekspor jet tempur ke Arab Saudi."),
    ("FR", "ID", "aircraft", "order", "asserted", "Indonesia memesan 42 jet tempur Rafale dari Prancis."),
    ("FR", "ID", "aircraft", "order", "asserted", "Indonesia membeli jet tempur buatan Prancis."),
    (
        "RU",
        "IN",
        "air_defence",
        "order",
        "asserted",
        "India menandatangani kontrak dengan Rusia untuk lima sistem S-400.",
    ),
    ("RU", "TR", "air_defence", "delivery", "asserted", "Turki menerima sistem S-400 dari Rusia."),
    ("KR", "PL", "artillery", "order", "asserted", "Polandia membeli howitzer K9 dari Korea Selatan."),
    ("KR", "ID", "naval", "order", "planned", "Indonesia berencana membeli kapal selam dari Korea Selatan."),
    ("US", "PH", "missiles", "order", "potential", "Filipina mempertimbangkan membeli rudal dari Amerika Serikat."),
    ("US", "JP", "missiles", "request", "asserted", "Jepang meminta 400 rudal dari Amerika Serikat."),
    ("DE", "UA", "armoured_vehicles", "request", "asserted", "Ukraina meminta Jerman mengirim tank."),
    ("RU", "IN", "naval", "offer", "asserted", "Rusia menawarkan dua kapal selam kepada India."),
    ("RU", "PH", "aircraft", "cancelled", "asserted", "Filipina membatalkan pembelian 16 helikopter dari Rusia."),
    (
        "EU",
        "CN",
        "unspecified",
        "sanction",
        "asserted",
        "Embargo senjata Uni Eropa terhadap China berlaku selama puluhan tahun.",
    ),
    ("IR", "RU", "drones", "shipment", "denied", "Iran membantah telah mengirim drone ke Rusia."),
    ("CN", "RU", "unspecified", "delivery", "no_evidence", "Tidak ada bukti bahwa China memasok senjata ke Rusia."),
    ("CN", "RU", "unspecified", "delivery", "denied", "China tidak pernah memasok senjata ke Rusia."),
    ("IR", "RU", "drones", "use", "asserted", "Pasukan Rusia menggunakan drone buatan Iran dalam serangan itu."),
    ("RU", "IN", "missiles", "production", "asserted", "Rusia dan India memproduksi bersama rudal itu."),
    ("IR", "hamas", "missiles", "delivery", "alleged", "Israel menuduh Iran memasok rudal kepada Hamas."),
    ("US", "IL", "missiles", "delivery", "asserted", "Rudal yang dipasok AS telah tiba di Israel."),
    ("RU", "SY", "air_defence", "delivery", "potential", "Rusia mungkin memasok sistem pertahanan udara ke Suriah."),
    ("RU", "SY", "missiles", "delivery", "planned", "Moskow berniat menyediakan rudal bagi Suriah."),
    ("TR", "ID", "drones", "order", "asserted", "TNI membeli drone dari Turki."),
    ("US", "UA", "unspecified", "delivery", "asserted", "Amerika Serikat terus mempersenjatai Ukraina."),
    ("US", "PL", "aircraft", "order", "asserted", "Lockheed Martin memenangkan kontrak jet tempur dari Polandia."),
    ("CN", "RU", "drones", "talks", "asserted", "China dan Rusia merundingkan penjualan drone ke Rusia."),
    ("RU", "ID", "aircraft", "cancelled", "asserted", "Indonesia batal membeli jet tempur dari Rusia."),
    ("DE", "IL", "unspecified", "halted", "asserted", "Jerman menghentikan sementara ekspor senjata ke Israel."),
    ("DE", "UA", "missiles", "halted", "asserted", "Kanselir Jerman menolak memberikan rudal kepada Ukraina."),
    ("NL", "IL", "components_materials", "halted", "asserted", "Belanda mencabut izin ekspor suku cadang ke Israel."),
    ("US", "UA", "missiles", "use", "asserted", "Ukraina menggunakan rudal buatan AS untuk menyerang wilayah Rusia."),
    (
        "FR",
        "ID",
        "naval",
        "order",
        "asserted",
        "Kontrak pengadaan kapal selam dengan Prancis telah ditandatangani Indonesia.",
    ),
    (
        "RU",
        "TR",
        "air_defence",
        "sanction",
        "asserted",
        "Amerika Serikat menjatuhkan sanksi kepada Turki karena membeli sistem S-400 dari Rusia.",
    ),
    (
        "NL",
        "UA",
        "aircraft",
        "shipment",
        "asserted",
        "Ukraina berterima kasih kepada Belanda atas jet tempur F-16 yang telah dikirimkan ke Ukraina.",
    ),
    ("KP", "RU", "missiles", "use", "asserted", "Rudal Korea Utara digunakan Rusia dalam serangan itu."),
    ("UA", "hamas", "unspecified", "delivery", "asserted", "Senjata yang dikirim ke Ukraina jatuh ke tangan Hamas."),
    ("CN", "RU", "unspecified", "shipment", "denied", "China bantah kirim senjata ke Rusia."),
    (
        "FR",
        "ID",
        "aircraft",
        "delivery",
        "asserted",
        "Presiden Indonesia menyerahkan enam jet tempur Rafale kepada TNI.",
    ),
]


@pytest.mark.parametrize(("supplier", "recipient", "category", "stage", "modality", "sentence"), CASES)
def test_one_sentence(supplier, recipient, category, stage, modality, sentence, small_lexicon):
    events = extract(Article(sentence, language="id", published=date(2024, 5, 14)), small_lexicon)
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
    ({("US", "PL"), ("US", "JP"), ("US", "TW")}, "Amerika Serikat menjual rudal ke Polandia, Jepang, dan Taiwan."),
    ({("GB", "UA"), ("FR", "UA")}, "Ukraina menerima rudal yang disediakan Inggris dan Prancis."),
    ({("IR", "RU"), ("KP", "RU")}, "Iran dan Korea Utara mengirim peluru artileri ke Rusia."),
]


@pytest.mark.parametrize(("pairs", "sentence"), LISTS)
def test_lists_are_distributed(pairs, sentence, small_lexicon):
    events = extract(Article(sentence, language="id"), small_lexicon)
    assert {(event.supplier.code, event.recipient.code) for event in events} == pairs


NOTHING = [
    "Rusia menembakkan 40 rudal ke Ukraina semalam.",
    "China menguji coba rudal baru pada Jumat.",
    "Presiden Mesir mengunjungi Prancis untuk membahas perdagangan.",
    "Jerman mengirim 200 tentara ke Polandia.",
    "Ukraina menembak jatuh 30 drone di atas Kyiv.",
    "Amerika Serikat mengirim bantuan pangan ke Suriah.",
    "Klub itu menambah amunisi baru di lini depan.",
    "Jet tempur Israel menyerang sasaran di Suriah.",
]


@pytest.mark.parametrize("sentence", NOTHING)
def test_no_transfer_is_told(sentence, small_lexicon):
    assert extract(Article(sentence, language="id"), small_lexicon) == []
