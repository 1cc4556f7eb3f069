"""The written procedure, walked by its people in a browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import People

pytestmark = pytest.mark.e2e
WALL = "Pak Kades memotong bantuan beras kami, tiap keluarga diambil dua kilo sejak bulan lalu."


def file_on_the_web(page: Page, text: str, *, name: str = "", photo: Path | None = None, named: str = "") -> tuple[str, str]:
    """The three steps of the form on a phone; the register number and the tracking code on the receipt. No ``name``: anonymous."""
    page.goto("/")
    page.get_by_role("link", name="Sampaikan pengaduan").first.click()
    page.fill("textarea[name=text]", text)
    page.fill("input[name=happened]", "Sejak dua minggu lalu")
    page.select_option("select[name=where]", index=2)
    if named:
        page.locator("summary", has_text="kantor desa").click()
        page.locator("label", has_text=named).first.click()
    if photo:
        page.set_input_files("input[type=file]", photo)
    page.get_by_role("button", name="Lanjut").click()
    if name:
        page.fill("input[name=name]", name)
        page.fill("input[name=phone]", "0851-4118-2163")
        page.select_option("select[name=lives]", index=2)
    else:
        page.locator("label", has_text="tidak bisa menyebut nama").click()
    page.get_by_role("button", name="Lanjut").click()
    expect(page.locator("[data-review=text]")).to_have_text(text)
    page.get_by_role("button", name=re.compile("^Kirim")).last.click()
    page.wait_for_url("**/adukan/selesai/")
    printed = page.locator(".big-number").inner_text()
    serial, year = re.findall(r"\d+", printed)[0], re.findall(r"\d{4}$", printed)[0]
    return f"{year}-{int(serial):04d}", page.locator("#code").inner_text()


def track(page: Page, code: str) -> None:
    page.goto("/lacak/")
    page.fill("input[name=code]", code)
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/lacak/pengaduan/")


def answer(people: People, number: str, text: str) -> None:
    """Draft, check, approval, delivery."""
    people.take("kasi.kesejahteraan", number, "draft_response", text=text, outcome="Teratasi")
    people.take("sekdes", number, "approve_response")
    people.take("kades", number, "approve_response")
    people.take("petugas", number, "respond")


def test_the_written_procedure_from_a_phone_to_the_book(people: People, photo: Path, tmp_path: Path) -> None:
    resident = people.resident()
    number, code = file_on_the_web(
        resident, "Jalan depan mushola rusak parah, anak saya jatuh dari sepeda.", name="Karto Wiryo", photo=photo
    )

    people.take("petugas", number, "verify", category="Jalan desa", urgency="Tinggi")
    people.take("petugas", number, "assign", to="Wati Rahayu", instruction="Mohon dicek hari ini.")
    people.take("kasi.kesejahteraan", number, "start")
    people.take("kasi.kesejahteraan", number, "follow_up", text="Lubang diukur, bahan dibeli.", file=photo)
    answer(people, number, "Jalan sudah ditambal Rabu pagi.")

    track(resident, code)
    expect(resident.locator("body")).to_contain_text("Jalan sudah ditambal Rabu pagi.")
    expect(resident.locator("body")).to_contain_text("Lubang diukur, bahan dibeli.")
    resident.locator('form[action$="/nilai/"] label').nth(1).click()
    resident.locator('form[action$="/nilai/"] button').click()
    resident.locator("summary", has_text="Belum sesuai").click()
    resident.fill('form[action$="/keberatan/"] textarea', "Baru sebagian yang ditambal.")
    resident.locator('form[action$="/keberatan/"] button').click()
    expect(resident.locator(".chip").first).to_have_text(re.compile("Terverifikasi"))

    people.take("petugas", number, "assign", to="Wati Rahayu", instruction="Mohon diselesaikan.")
    answer(people, number, "Sisa lubang sudah ditambal Jumat.")
    closed = people.take("petugas", number, "close", outcome="Teratasi")
    expect(closed.locator(".chip").first).to_have_text(re.compile("Selesai"))

    officer = people.official("petugas")
    officer.goto("/buku/")
    button = officer.get_by_role("button", name=re.compile("PDF"))
    chosen = button.evaluate("b => b.formAction + '?' + new URLSearchParams(new FormData(b.form))")
    (tmp_path / "buku.pdf").write_bytes(officer.request.get(chosen).body())
    text = " ".join("".join(page.extract_text() for page in PdfReader(tmp_path / "buku.pdf").pages).split())
    assert "Karto Wiryo" in text
    assert "Jalan desa" in text
    officer.goto("/buku/statistik/")
    expect(officer.locator("body")).to_contain_text("Jalan")


def test_a_person_without_a_phone_complains_at_the_counter(people: People) -> None:
    officer = people.official("petugas")
    officer.goto("/meja/baru/")
    assert officer.evaluate("document.activeElement.name") == "text"
    officer.keyboard.type("Air sumur bau solar sejak ada bengkel di sebelah, mohon dicek.")
    officer.fill("input[name=name]", "Mbah Satirah")
    officer.locator("main form button").last.click()
    officer.wait_for_url(re.compile(r"/meja/\d{4}-\d+/tanda-terima/"))
    number = re.findall(r"\d{4}-\d{4,}", officer.url)[0]
    expect(officer.locator("h1")).to_have_text("Tercatat di buku")
    slip = officer.request.get(f"/meja/{number}/tanda-terima.pdf")
    assert slip.ok
    assert slip.body().startswith(b"%PDF")
    people.take("petugas", number, "verify", category="Limbah")
    people.take("petugas", number, "assign", to="Wati Rahayu", instruction="Mohon dicek ke rumahnya.")
    people.take("kasi.kesejahteraan", number, "start")
    answer(people, number, "Sumur sudah diuji, bengkel diminta pindah.")
    page = people.official("petugas")
    page.goto(f"/meja/{number}/")
    expect(page.locator("body")).to_contain_text("Mbah Satirah")
    expect(page.locator(".chip").first).to_have_text(re.compile("Dijawab"))


def test_an_anonymous_slip_from_the_box(people: People, photo: Path) -> None:
    officer = people.official("petugas")
    officer.goto("/meja/kotak/")
    texts = officer.locator("textarea")
    texts.nth(0).fill("Lampu jalan dekat pos ronda mati sudah sebulan, rawan sekali.")
    texts.nth(1).fill("Petugas layanan sering datang siang, warga menunggu lama.")
    officer.locator("input[type=file]").first.set_input_files(photo)
    officer.locator("main form button").last.click()
    officer.wait_for_url(re.compile("/meja/tercatat/"))
    numbers = sorted(set(re.findall(r"/meja/(\d{4}-\d{4,})/", officer.content())))
    assert len(numbers) == 2
    officer.goto(f"/meja/{numbers[0]}/")
    expect(officer.locator("body")).to_contain_text("Tanpa nama")
    expect(officer.locator("body")).to_contain_text("Kotak saran")


def test_the_head_sees_nowhere_a_complaint_that_names_him(people: People, product: object) -> None:
    number, code = file_on_the_web(people.resident(), WALL, name="Sumiyati Lestari", named="Kepala Desa")
    head = people.official("kades")
    before = head.request.get("/meja/pemberitahuan/").text()
    people.take("petugas", number, "verify", category="Penyalahgunaan bantuan")
    people.take("petugas", number, "assign", to="Lastri Handayani", instruction="Mohon ditangani langsung.")

    for address in (
        "/meja/",
        "/meja/?q=beras",
        f"/meja/?q={number}",
        "/meja/pemberitahuan/",
        "/buku/",
        "/buku/buku.csv",
        "/buku/statistik/",
    ):
        page = head.request.get(address)
        assert page.status in {200, 302, 404}, address
        assert "memotong bantuan" not in page.text()
        assert f"/meja/{number}/" not in page.text(), address
        assert "Sumiyati" not in page.text(), address
    for address in (f"/meja/{number}/", f"/meja/{number}/langkah/note/", f"/meja/{number}/lembar-disposisi.pdf"):
        assert head.request.get(address).status == 404
    assert number not in before

    council = people.official("bpd")
    council.goto("/meja/")
    expect(council.locator("body")).to_contain_text(number)
    people.take("sekdes", number, "draft_response", text="Beras yang dipotong dikembalikan.", outcome="Teratasi")
    people.take("sekdes", number, "approve_response")
    people.take("bpd", number, "approve_response")
    people.take("petugas", number, "respond")
    resident = people.resident()
    track(resident, code)
    expect(resident.locator("body")).to_contain_text("Beras yang dipotong dikembalikan.")


def test_everyone_is_offered_exactly_his_steps(people: People) -> None:
    number, _code = file_on_the_web(
        people.resident(), "Saluran air di gang tersumbat sampah, kalau hujan masuk rumah.", name="Paijo Hartono"
    )
    offered = people.steps("petugas", number)
    assert {"verify", "ask", "decline", "note"} <= offered
    assert offered.isdisjoint({"assign", "respond", "close", "approve_response"})
    assert people.steps("kades", number).isdisjoint({"verify", "ask", "decline", "respond"})
