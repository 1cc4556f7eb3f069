"""What villagers of the bench complain about: 170 words in no meaning, with planted phrases to look for."""

import random

VOCABULARY = """
jalan berlubang dalam kemarin ibu jatuh motor jembatan kecil sawah blok timur papan lapuk anak sekolah lewat pagi gorong depan
mushola ambrol hujan masuk rumah warga rabat beton baru bulan retak tolong dicek kualitas mohon dilebarkan karena truk hasil
panen susah rusak parah bantu talud sungai longsor meter tinggal dapur tiang bambu kabel menjorok membahayakan urus surat
pengantar tiga kali datang selalu keluar salah tanggal lahir disuruh kembali syarat keterangan pindah berapa lama diminta uang
bikin usaha menunggu akta belum jadi padahal berkas sudah kantor buka tutup kami kerja pabrik kursi lansia nama dicoret daftar
bantuan tanpa penjelasan janda tetangga punya mobil dapat beras berkutu bau kartu dipegang ketua kelompok cara mendaftar orang
tua sakit baliho anggaran dipasang laporan realisasi pembangunan pos ronda papan upah padat karya dibayar minggu bibit tani
sampah pinggir menumpuk dibakar malam asap kandang ayam lalat limbah tambang pasir saluran irigasi padi menguning air mati lima
hari jerigen sumur solar bengkel tagihan naik lampu pertigaan rawan begal pasang makam listrik kendor atap bising pencurian
gantung artesis menara suar lebar kering dusun lapangan parkir bola perluasan musyawarah
""".split()
COMMON, RARE, NEVER = "jembatan gantung", "sumur artesis", "menara suar"  # in one of 200, in one of 2,000, in none
EVERY = {COMMON: 200, RARE: 2000}
FIRST = (
    "Karto Darmi Slamet Warsini Rusmini Sukirno Tumini Wagiman Yatinah Parjo Suminah Kasan Mursidi Ratmi Saryo Tukinem".split()
)
LAST = "Wiryo Santoso Lestari Prayitno Utami Rahman Hidayat Sulastri Kurnia Maryono Wulan Subagyo".split()
ANSWER = "Sudah ditinjau bersama warga dan dikerjakan oleh desa; terima kasih atas laporannya."


def complaint(chance: random.Random, serial: int) -> str:
    """40 to 120 words; ``serial`` decides which phrase is planted."""
    words = chance.choices(VOCABULARY, k=chance.randint(40, 120))
    text = " ".join(words)
    for phrase in (COMMON, RARE, NEVER):
        text = text.replace(phrase, phrase.replace(" ", " lama "))
    for phrase, every in EVERY.items():
        if serial % every == every // 2:
            text = f"{phrase} {text}"
    return f"Mohon {text}."


def expected(phrase: str, n: int) -> int:
    """How many of the first ``n`` complaints hold the phrase."""
    every = EVERY.get(phrase)
    return (n + every - every // 2) // every if every else 0


def name(chance: random.Random) -> str:
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"


def phone(chance: random.Random) -> str:
    """A mobile number in E.164, of a block nobody was given."""
    return f"+62812{chance.randint(0, 9_999_999):08d}"
