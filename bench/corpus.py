"""Articles to measure on: made from sentences of our own, the same ones for the same seed.

A third of the sentences of a relevant article tell of transfers, the rest is background. An irrelevant one names states
and towns and holds no weapon.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from articles.extract import Article

LANGUAGES = ("en", "id")
FIRST_DAY = date(2024, 1, 8)
SHARE_TELLING = 1 / 3

# The choices of each slot, with a bar between them.
SLOTS: dict[str, dict[str, str]] = {
    "en": {
        "state": (
            "Norway|Sweden|Finland|Portugal|Spain|Italy|Canada|Chile|Peru|Brazil|Uruguay|Australia|New Zealand|Japan"
            "|South Korea|Indonesia|Malaysia|Thailand|the Philippines|Poland|the Netherlands|Belgium"
        ),
        "materiel": (
            "tanks|howitzers|frigates|patrol vessels|transport aircraft|fighter jets|radars|artillery shells|drones"
            "|armoured vehicles|anti-tank missiles|helicopters|submarines|coastal defence missiles|rifles|F-16s"
            "|C-130J aircraft|Leopard 2 tanks|NASAMS launchers|CV90 vehicles"
        ),
        "number": "four|six|eight|ten|12|18|24|36|at least 40|about 60|up to 100|more than 200",
        "speaker": (
            "a ministry spokeswoman|the defence minister|two officials|the head of the procurement agency"
            "|a senior naval officer|the chairman of the committee"
        ),
        "when": (
            "last week|in March|late last year|on Tuesday|in 2023|by the end of the year|two months ago|next spring"
        ),
        "town": "Oslo|Lima|Santiago|Lisbon|Helsinki|Jakarta|Dublin|Manila|Warsaw|The Hague",
        "count": "three|seven|nine|eleven|14|25|90|400",
    },
    "id": {
        "state": (
            "Norwegia|Swedia|Finlandia|Portugal|Spanyol|Italia|Kanada|Chili|Peru|Brasil|Uruguay|Australia"
            "|Selandia Baru|Jepang|Korea Selatan|Indonesia|Malaysia|Thailand|Filipina|Polandia|Belanda|Belgia"
        ),
        "materiel": (
            "tank|howitzer|fregat|kapal patroli|pesawat angkut|jet tempur|radar|peluru artileri|drone"
            "|kendaraan lapis baja|rudal antitank|helikopter|kapal selam|rudal pertahanan pantai|senapan|F-16"
            "|pesawat C-130J|tank Leopard 2|peluncur NASAMS|panser"
        ),
        "number": "empat|enam|delapan|sepuluh|12|18|24|36|sedikitnya 40|sekitar 60|hingga 100|lebih dari 200",
        "speaker": (
            "juru bicara kementerian|menteri pertahanan|dua pejabat|kepala badan pengadaan|seorang perwira tinggi"
            "|ketua komisi"
        ),
        "when": (
            "pekan lalu|pada Maret|akhir tahun lalu|pada Selasa|pada 2023|akhir tahun ini|dua bulan lalu|bulan depan"
        ),
        "town": "Oslo|Lima|Santiago|Lisabon|Helsinki|Jakarta|Dublin|Manila|Warsawa|Den Haag",
        "count": "tiga|tujuh|sembilan|sebelas|14|25|90|400",
    },
}

TELLING = {
    "en": [
        "{state} sent {number} {materiel} to {state2} {when}, {speaker} said.",
        "{speaker} told reporters in {town} that {state} had ordered {number} {materiel} from {state2}.",
        "{state} will deliver {number} {materiel} to {state2} {when}, according to {speaker}.",
        "The two governments are in talks over the sale of {materiel} from {state} to {state2}.",
        "{speaker} denied that {state} had supplied {materiel} to {state2}.",
        "{state2} received {number} {materiel} from {state} {when} and put them on show in {town}.",
        "Under the agreement signed {when}, {state} is to provide {state2} with {number} {materiel}.",
        "{speaker} said there was no evidence that {state} had shipped {materiel} to {state2}.",
        "{state2} has asked {state} for {materiel} and {materiel2}, but no contract was signed {when}.",
        "The purchase of {number} {materiel} from {state} was cancelled by {state2} {when}.",
    ],
    "id": [
        "{state} mengirimkan {number} {materiel} ke {state2} {when}, kata {speaker}.",
        "{speaker} mengatakan kepada wartawan di {town} bahwa {state} telah memesan {number} {materiel} dari {state2}.",
        "{state} akan menyerahkan {number} {materiel} kepada {state2} {when}, menurut {speaker}.",
        "Kedua pemerintah sedang berunding mengenai penjualan {materiel} dari {state} ke {state2}.",
        "{speaker} membantah bahwa {state} memasok {materiel} ke {state2}.",
        "{state2} menerima {number} {materiel} dari {state} {when} dan memamerkannya di {town}.",
        "Berdasarkan perjanjian yang diteken {when}, {state} akan menyediakan {number} {materiel} bagi {state2}.",
        "{speaker} mengatakan belum ada bukti bahwa {state} mengapalkan {materiel} ke {state2}.",
        "{state2} meminta {materiel} dan {materiel2} kepada {state}, tetapi kontrak belum ditandatangani {when}.",
        "Pembelian {number} {materiel} dari {state} dibatalkan oleh {state2} {when}.",
    ],
}
BACKGROUND = {
    "en": [
        "The announcement came after a meeting in {town} that lasted longer than either delegation had planned.",
        "Members of parliament will debate the defence budget {when}, and {count} amendments have been tabled so far.",
        "Analysts in {town} say that the region's armed forces have grown older faster than they were renewed.",
        "{speaker} would not say how the programme is to be paid for, and referred questions to the treasury.",
        "Training of the crews takes about {count} months, most of it in {state}, and begins with the instructors.",
        "The ministers of {state} and {state2} also spoke about fisheries, visas and a direct flight to {town}.",
        "A committee in {town} has asked for the papers of the tender, which have never been made public.",
        "Local firms hope for a share of the maintenance, which unions in {town} expect to bring {count} jobs.",
        "The navy has kept {count} crews ashore for want of spare parts, a report of the auditors found {when}.",
        "Relations between {state} and {state2} have warmed since the new government took office {when}.",
    ],
    "id": [
        "Pengumuman itu disampaikan setelah pertemuan di {town} yang berlangsung lebih lama daripada rencana.",
        "Anggota parlemen akan membahas anggaran pertahanan {when}, dan {count} usulan perubahan sudah diajukan.",
        "Para pengamat di {town} menilai angkatan bersenjata di kawasan itu menua lebih cepat daripada diperbarui.",
        "{speaker} tidak menjelaskan dari mana program itu dibiayai dan mengarahkan pertanyaan ke bendahara negara.",
        "Pelatihan awak memakan waktu sekitar {count} bulan, sebagian besar di {state}, dan dimulai dari para pelatih.",
        "Para menteri {state} dan {state2} juga membicarakan perikanan, visa, dan penerbangan langsung ke {town}.",
        "Sebuah panitia di {town} meminta dokumen lelang yang sampai sekarang belum pernah dibuka untuk umum.",
        "Perusahaan setempat berharap ikut merawatnya, yang kata serikat pekerja di {town} membuka {count} lowongan.",
        "Angkatan laut menahan {count} awak di darat karena kekurangan suku cadang, demikian laporan auditor {when}.",
        "Hubungan {state} dan {state2} membaik sejak pemerintahan baru mulai bekerja {when}.",
    ],
}
IRRELEVANT = {
    "en": [
        "The coffee harvest in {state} fell by a fifth {when}, and growers blame the rain that came too early.",
        "{count} schools in {town} will open a week later than planned because the roofs are still being mended.",
        "{state} beat {state2} by two goals to one in front of {count} thousand spectators in {town}.",
        "The mayor of {town} wants to close the old market to cars and to plant {count} hundred trees.",
        "Tourists from {state} spent more nights in {state2} {when} than in any year since the count began.",
        "A new ferry between {town} and the islands carries {count} passengers and runs twice a day.",
        "The central bank of {state} left its rate unchanged and expects prices to rise more slowly {when}.",
        "Doctors in {town} advise people to drink enough water, to rest at noon and to look after neighbours.",
        "The film by a director from {state} won {count} prizes and will be shown in {town} {when}.",
        "Trade between {state} and {state2} in fruit, timber and paper reached a new height {when}.",
        "The library of {town} has lent out {count} thousand books {when}, most of them to children.",
        "Students from {state} and {state2} built a bridge of paper that held {count} people.",
    ],
    "id": [
        "Panen kopi di {state} turun seperlima {when}, dan petani menyalahkan hujan yang datang terlalu dini.",
        "Sebanyak {count} sekolah di {town} baru dibuka pekan depan karena atapnya masih diperbaiki.",
        "{state} menang dua gol lawan satu atas {state2} di depan {count} ribu penonton di {town}.",
        "Wali kota {town} ingin menutup pasar lama bagi sepeda dan menanam {count} ratus pohon.",
        "Wisatawan dari {state} menginap lebih lama di {state2} {when} daripada tahun mana pun sebelumnya.",
        "Feri baru antara {town} dan pulau-pulau membawa {count} penumpang dan berlayar dua kali sehari.",
        "Bank sentral {state} mempertahankan suku bunga dan memperkirakan harga naik lebih lambat {when}.",
        "Dokter di {town} menganjurkan warga cukup minum air, beristirahat siang hari, dan menjaga tetangga.",
        "Film karya sutradara asal {state} meraih {count} penghargaan dan akan diputar di {town} {when}.",
        "Perdagangan buah, kayu, dan kertas antara {state} dan {state2} mencapai rekor baru {when}.",
        "Perpustakaan {town} meminjamkan {count} ribu buku {when}, sebagian besar kepada anak-anak.",
        "Pelajar dari {state} dan {state2} membangun jembatan kertas yang kuat menahan {count} orang.",
    ],
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles of one kind, half of them in each language, and the number of their words."""

    articles: list[Article]
    words: int


def corpus(kind: str, number: int, words: int, seed: int) -> Corpus:
    """`number` articles of about `words` words; `kind` is relevant or irrelevant."""
    drawn = Random(f"{kind} {seed}")
    made = [_article(drawn, kind, LANGUAGES[place % 2], words, place) for place in range(number)]
    return Corpus(made, sum(len(article.text.split()) for article in made))


def _article(drawn: Random, kind: str, language: str, words: int, place: int) -> Article:
    sentences: list[str] = []
    length = 0
    while length < words:
        plans = IRRELEVANT
        if kind == "relevant":
            # The first sentence tells what the article is about.
            plans = TELLING if not sentences or drawn.random() < SHARE_TELLING else BACKGROUND
        sentences.append(_sentence(drawn, drawn.choice(plans[language]), language))
        length += len(sentences[-1].split())
    lines = [" ".join(sentences[first : first + 3]) for first in range(0, len(sentences), 3)]
    return Article(
        text="\n\n".join(lines),
        id=f"{kind}-{place}",
        title="",
        language=language,
        published=FIRST_DAY + timedelta(days=place),
        outlet="",
    )


def _sentence(drawn: Random, plan: str, language: str) -> str:
    slots = {name: choices.split("|") for name, choices in SLOTS[language].items()}
    values = {name: drawn.choice(choices) for name, choices in slots.items()}
    for name in ("state", "materiel"):
        values[name], values[f"{name}2"] = drawn.sample(slots[name], 2)
    text = plan.format(**values)
    return text[0].upper() + text[1:]
