"""The year's public figures as open data: one long table of single dimensions, the same small numbers withheld as on the page.

Names of fields, dimensions and values are Indonesian and never change with the language of a screen; programs rely on them. Fields may
be added at the end, never renamed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kentongan.reports import words
from kentongan.reports.statistics import SMALL, PublicFigures
from kentongan.reports.table import FEW
from kentongan.village.models import Village

WITHHELD = "sedikit"
LICENCE = "CC0-1.0"
LICENCE_ADDRESS = "https://creativecommons.org/publicdomain/zero/1.0/deed.id"
UNSORTED = "Belum digolongkan"


class Line(NamedTuple):
    """One number. ``jumlah`` is ``WITHHELD`` where the number is too small to show."""

    kode_desa: str
    tahun: int
    bulan: int | None
    dimensi: str
    nilai: str
    jumlah: int | float | str


class Field(NamedTuple):
    """A field of the dictionary."""

    nama: str
    tipe: str
    arti: str


FIELDS = (
    Field("kode_desa", "teks", "Kode desa Kementerian Dalam Negeri, misalnya 33.01.02.2099."),
    Field("tahun", "bilangan bulat", "Tahun pengaduan diterima; untuk dimensi bulan_berakhir: tahun berakhirnya."),
    Field("bulan", "bilangan bulat atau kosong", "Bulan 1 sampai 12; hanya pada dimensi bulan_masuk dan bulan_berakhir."),
    Field(
        "dimensi", "teks", "Menurut apa dihitung; lihat daftar dimensi. Setiap dimensi berdiri sendiri, tidak pernah disilangkan."
    ),
    Field("nilai", "teks", "Nilai dimensi itu, misalnya nama kategori atau media."),
    Field(
        "jumlah",
        "bilangan, atau kata sedikit",
        f"Banyaknya pengaduan. Di bawah {SMALL} ditulis sedikit agar tidak ada orang yang dikenali; bila jumlah dapat menyingkapnya, "
        "angka terkecil berikutnya ikut ditulis sedikit.",
    ),
)
DIMENSIONS: Mapping[str, str] = {
    "ringkasan": "masuk: diterima pada tahun itu; dijawab: yang jawabannya sudah disampaikan; tepat_waktu: dijawab paling lambat pada "
    "hari yang dijanjikan; dinilai dan puas: penilaian pengadu (3 atau 4 dari 4 berarti puas); "
    f"median_hari_kerja: hari kerja sampai jawaban pertama untuk separuh yang dijawab, termasuk waktu menunggu (mulai {FEW} jawaban).",
    "bulan_masuk": "Pengaduan yang diterima pada bulan itu.",
    "bulan_berakhir": "Pengaduan yang berakhir pada bulan itu, kapan pun diterima.",
    "kategori": "Menurut kategori tingkat atas.",
    "jenis": "Pengaduan, aspirasi, atau permintaan informasi.",
    "media": "Jalan masuknya pengaduan.",
}
SOURCE = "Buku register pengaduan desa, dihitung dari pengaduan dari semua media; menurut keadaan pada saat diunduh."
LEFT_OUT = "Pengaduan tentang orang kantor desa tidak dihitung di sini, juga tidak dalam laporan yang diterbitkan."


def lines(village: Village, figures: PublicFigures) -> list[Line]:
    """Every number of the year, always in the same order."""
    return [Line(village.pk, figures.year, *rest) for rest in _numbers(figures)]


def _numbers(figures: PublicFigures) -> Iterator[tuple[int | None, str, str, int | float | str]]:
    for name, n in _summary(figures).items():
        yield None, "ringkasan", name, n
    for month, received, _ended in figures.months:
        yield month.month, "bulan_masuk", words.MONTHS[month.month - 1], received
    for month, _received, ended in figures.months:
        yield month.month, "bulan_berakhir", words.MONTHS[month.month - 1], ended
    names = figures.names["category"]
    yield from _dimension("kategori", {names.get(pk, UNSORTED): n for pk, n in figures.by_category.items()})
    yield from _dimension("jenis", {words.KINDS.get(key, key): n for key, n in figures.by_kind.items()})
    yield from _dimension("media", {words.way(key): n for key, n in figures.by_channel.items()})


def _summary(figures: PublicFigures) -> dict[str, int | float | str]:
    said: dict[str, int | float | str] = {"masuk": figures.received, "dijawab": figures.answered}
    if figures.share:
        said["tepat_waktu"] = figures.share.part
    said |= {"dinilai": figures.satisfied.whole, "puas": figures.satisfied.part}
    if figures.answer.median is not None:
        said["median_hari_kerja"] = figures.answer.median
    return said


def _dimension(name: str, counts: Mapping[str, int | None]) -> Iterator[tuple[None, str, str, int | str]]:
    for value, n in sorted(counts.items()):
        yield None, name, value, WITHHELD if n is None else n


def dictionary(village: Village) -> dict[str, Any]:
    """What every field means, where it comes from and what one may do with it, for programs."""
    return {
        "judul": f"Pengaduan masyarakat Desa {village.name}",
        "kode_desa": village.pk,
        "bidang": [field._asdict() for field in FIELDS],
        "dimensi": [{"nama": name, "arti": meaning} for name, meaning in DIMENSIONS.items()],
        "sumber": SOURCE,
        "catatan": LEFT_OUT,
        "lisensi": LICENCE,
        "alamat_lisensi": LICENCE_ADDRESS,
        "pemakaian": f"Bebas dipakai. Mohon sebutkan sumber: Pemerintah Desa {village.name}.",
    }
