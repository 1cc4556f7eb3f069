"""Whom a text speaks of: a guess on the safe side."""

import pytest

from kentongan.complaints.mentions import Person, spoken_of
from kentongan.village.roles import Role

HEAD, SECRETARY, OFFICER, HAMLET, WELFARE = range(1, 6)
OFFICIALS = [
    Person(HEAD, Role.HEAD, "Kepala Desa", "Harun Pranoto"),
    Person(SECRETARY, Role.SECRETARY, "Sekretaris Desa", "Lastri Handayani"),
    Person(OFFICER, Role.OFFICER, "Petugas Pengelola Pengaduan", "Sari Wulandari"),
    Person(HAMLET, Role.RESPONDER, "Kepala Dusun Karanganyar", "Edi Setiawan"),
    Person(WELFARE, Role.RESPONDER, "Kasi Kesejahteraan", "Joko Santosa"),
]


@pytest.mark.parametrize(
    ("text", "concerned"),
    [
        ("Pak Kades pakai mobil siaga untuk keluarganya.", {HEAD}),
        ("KEPALA   DESA tidak pernah di kantor", {HEAD}),
        ("Cepetan ya Pak Lurah.", {HEAD}),
        ("bapak desa lan pak carik padha bae", {HEAD, SECRETARY}),
        ("Bu Sekdes marah-marah", {SECRETARY}),
        ("Yang nerima laporan ini saja sering tidak catat laporan saya.", {OFFICER}),
        ("petugas pengaduan sering tidak ada", {OFFICER}),
        ("Pak Kadus jarang di rumah", {HAMLET}),
        ("kasi kesejahteraan minta uang", {WELFARE}),
        ("Harun Pranoto menyewakan tanah kas", {HEAD}),
        ("Pak Joko menjual pupuk", {WELFARE}),
        ("bu  sari membentak saya", {OFFICER}),
        ("Jalan rusak di depan rumah", set()),
        ("Toko Joko Jaya tutup jalan", set()),
        ("Balai desa bocor, kantor desa sepi", set()),
        ("Saya sari dari RT 3", set()),
        ("", set()),
    ],
)
def test_posts_nicknames_and_names_are_understood(text: str, concerned: set[int]) -> None:
    assert spoken_of(text, OFFICIALS) == concerned


def test_a_name_is_taken_as_letters_not_as_a_pattern() -> None:
    odd = [Person(9, Role.RESPONDER, "Kasi (Umum", "A.* B+")]
    assert spoken_of("apa saja", odd) == set()


def test_a_village_without_officials_speaks_of_nobody() -> None:
    assert spoken_of("Pak Kades", []) == set()
