"""Open data: stable fields, the small numbers of the page withheld here too, to be fetched from anywhere and kept."""

import csv
import io
from collections import defaultdict

import pytest
from django.test import Client
from django.utils import timezone

from kentongan.complaints.lifecycle import State
from kentongan.reports import open_data, statistics
from tests import make
from tests.cast import Cast

FIELDS = ["kode_desa", "tahun", "bulan", "dimensi", "nilai", "jumlah"]


@pytest.fixture
def year(cast: Cast) -> int:
    for n in range(6):
        make.complaint(cast, State.RESPONDED, f"{make.TEXT} Nomor {n}.")
    for n in range(4):
        make.received(cast, f"Lampu jalan mati semua di gang {n}.", channel="phone", by=cast.sari)
    make.received(cast, "Uang bantuan dipotong oleh pejabat itu.", channel="box", named=(cast.harun.pk,))
    make.received(cast, "Selokan mampet dan bau sekali di sini.", channel="letter", by=cast.sari)
    return timezone.localdate().year


def table(client: Client, year: int) -> list[dict[str, str]]:
    text = client.get(f"/data/pengaduan-{year}.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_every_format_says_the_same_and_equals_the_page(cast: Cast, client: Client, year: int) -> None:
    rows = table(client, year)
    assert list(rows[0]) == FIELDS == [field.nama for field in open_data.FIELDS]
    as_json = client.get(f"/data/pengaduan-{year}.json").json()
    assert [{key: "" if value is None else str(value) for key, value in row.items()} for row in as_json] == rows
    counts = {(row["dimensi"], row["nilai"]): row["jumlah"] for row in rows}
    figures = client.get("/statistik/").context["figures"].counts
    assert counts["ringkasan", "masuk"] == str(figures.received) == "11"
    assert (counts["ringkasan", "dijawab"], counts["ringkasan", "tepat_waktu"]) == ("6", "6")
    assert counts["ringkasan", "median_hari_kerja"] == "0"
    assert sum(int(n) for (dimension, _), n in counts.items() if dimension == "bulan_masuk") == 11
    assert (counts["media", "Formulir web"], counts["media", "Telepon"]) == ("6", "sedikit")
    assert counts["media", "Surat"] == "sedikit"  # one alone, and the next smallest with it


def test_no_small_number_and_nothing_crossed(client: Client, year: int) -> None:
    dimensions = defaultdict(list)
    for row in table(client, year):
        assert (row["bulan"] != "") == row["dimensi"].startswith("bulan_")
        if row["dimensi"] in ("kategori", "jenis", "media"):
            dimensions[row["dimensi"]].append(row["jumlah"])
    assert set(dimensions) == {"kategori", "jenis", "media"}
    for numbers in dimensions.values():
        shown = [int(n) for n in numbers if n != "sedikit"]
        assert all(n >= statistics.SMALL for n in shown)
        assert numbers.count("sedikit") != 1


def test_whoever_has_it_is_told_so_and_any_page_may_read_it(client: Client, year: int) -> None:
    for address in (f"/data/pengaduan-{year}.csv", f"/data/pengaduan-{year}.json", "/data/kamus.json"):
        first = client.get(address, headers={"origin": "https://opendata.example"})
        assert (first.status_code, first["Access-Control-Allow-Origin"]) == (200, "*")
        assert "public" in first["Cache-Control"]
        assert not first.cookies
        again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content, again["Access-Control-Allow-Origin"]) == (304, b"", "*")
        assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200
        assert client.post(address).status_code == 405
        assert client.options(address).status_code == 405
    assert "Access-Control-Allow-Origin" not in client.get("/data/")


def test_the_dictionary_says_what_everything_means(client: Client, year: int) -> None:
    said = client.get("/data/kamus.json").json()
    assert [field["nama"] for field in said["bidang"]] == FIELDS
    assert all(field["arti"] and field["tipe"] for field in said["bidang"])
    assert {row["dimensi"] for row in table(client, year)} <= {one["nama"] for one in said["dimensi"]}
    assert said["lisensi"] == "CC0-1.0"
    page = client.get("/data/").content.decode()
    assert all(field in page for field in FIELDS)


@pytest.mark.parametrize("address", ["/data/pengaduan-1999.csv", "/data/pengaduan-99999.json", "/data/pengaduan-0.csv"])
def test_a_year_that_is_not_in_the_book_is_not_found(client: Client, year: int, address: str) -> None:
    assert client.get(address).status_code == 404


def test_names_do_not_change_with_the_language(client: Client, year: int) -> None:
    before = table(client, year)
    client.cookies["django_language"] = "en"
    assert table(client, year) == before
