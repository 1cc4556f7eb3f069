"""A mediation in a browser: a land-border dispute from the invitation to two tasks, and the answer to the resident."""

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import PHONE, People
from tests.e2e.test_walks import answer, file_on_the_web, track

pytestmark = pytest.mark.e2e
HERE = ZoneInfo("Asia/Jakarta")


def paper(page: Page, name: str) -> str:
    """What stands on a paper that the page of the meeting links to."""
    link = page.locator(f"a[href$='{name}']").get_attribute("href")
    assert link
    body = page.request.get(link).body()
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(body)).pages).split())


def tick(page: Page, field: str, words: str) -> None:
    page.locator("label", has_text=words).locator(f"input[name={field}]").check()


def test_a_land_border_dispute_goes_through_mediation(people: People) -> None:
    resident = people.resident()
    number, code = file_on_the_web(
        resident, "Tetangga menggeser pagar, batas tanah saya di sebelah timur jadi berkurang dua meter.", name="Karto Wiryo"
    )
    people.take("petugas", number, "verify", category="Batas tanah")
    people.take("petugas", number, "assign", to="Wati Rahayu", instruction="Mohon dimediasi.")
    people.take("kasi.kesejahteraan", number, "start")

    officer = people.official("petugas")
    officer.goto(f"/meja/{number}/")
    officer.locator("#step-convene").click()
    today = datetime.now(HERE)
    officer.check("[name=kind][value=MEDIATION]")
    officer.fill("[name=start1]", f"{today:%Y-%m-%d}T09:00")
    officer.fill("[name=agenda]", "Menunjukkan batas menurut kedua pihak")
    tick(officer, "officials", "Wati Rahayu")
    officer.check("[name=complainant]")
    officer.fill("[name=guest1_name]", "Aipda Bayu Pratama")
    officer.fill("[name=guest1_capacity]", "Bhabinkamtibmas")
    officer.fill("[name=guest2_capacity]", "Ketua RT 003/RW 001")
    officer.locator("main form button.big").click()
    officer.wait_for_url(re.compile(r"/meja/rapat/\d+/$"))

    invitation, attendance = paper(officer, "undangan.pdf"), paper(officer, "daftar-hadir.pdf")
    for words in (
        "Wati Rahayu",
        "Aipda Bayu Pratama — Bhabinkamtibmas",
        "Ketua RT 003/RW 001",
        f"Karto Wiryo — Pengadu {number}",
    ):
        assert words in invitation
    assert "Bhabinkamtibmas" in attendance
    calendar = officer.locator("a[href$='rapat.ics']").get_attribute("href")
    assert calendar
    event = icalendar.Calendar.from_ical(officer.request.get(calendar).body()).walk("VEVENT")[0]
    assert f"{event['DTSTART'].dt:%Y-%m-%d %H:%M}" == f"{today:%Y-%m-%d} 09:00"
    track(resident, code)
    expect(resident.locator(".timeline")).to_contain_text("09.00–11.00 WIB · Kantor Desa Kuripan Kidul")
    expect(resident.locator("body")).not_to_contain_text("Bayu")

    clerk = people.official("sekdes", PHONE)
    clerk.goto("/meja/rapat/")
    clerk.locator("a.complaint", has_text=number).click()
    clerk.locator("a[href$='/langkah/notulen/']").click()
    for words in ("Wati Rahayu", "Karto Wiryo", "Ketua RT 003"):
        tick(clerk, "present", words)
    clerk.fill("[name=guest1_name]", "Mbah Satirah")
    clerk.fill("[name=guest1_capacity]", "Saksi")
    clerk.fill("[name=course]", "Kedua pihak menunjukkan batasnya.\nKetua RT menerangkan letak patok lama.")
    clerk.check("[name=agreed][value=yes]")
    clerk.fill("[name=chair]", "Harun Setiawan — Kepala Desa")
    due = f"{today + timedelta(days=9):%Y-%m-%d}"
    clerk.fill("[name=decision1_what]", "Mengukur ulang batas bersama kedua pihak")
    clerk.select_option("[name=decision1_who]", label="Wati Rahayu — Kasi Kesejahteraan")
    clerk.locator("main form button.big").click()
    expect(clerk.locator(".note.warn")).to_be_visible()  # by which day?
    assert clerk.input_value("[name=course]").endswith("letak patok lama.")
    clerk.fill("[name=decision1_due]", due)
    clerk.fill("[name=decision2_what]", "Memindah pagar ke patok lama")
    clerk.fill("[name=decision2_outside]", "Kedua pihak")
    clerk.fill("[name=decision2_due]", due)
    clerk.locator("main form button.big").click()
    clerk.wait_for_url(re.compile(r"/meja/rapat/\d+/$"))
    minutes = paper(clerk, "berita-acara.pdf")
    for words in ("Para pihak mencapai kesepakatan.", "Memindah pagar ke patok lama", "Mbah Satirah", "Harun Setiawan"):
        assert words in minutes
    assert "Aipda Bayu Pratama" not in minutes, "he did not come"

    worker = people.official("kasi.kesejahteraan")
    worker.goto(f"/meja/{number}/")
    tasks = worker.locator("#tasks li")
    expect(tasks).to_have_count(2)
    tasks.filter(has_text="Mengukur ulang").locator("button").click()
    expect(worker.locator("#tasks s")).to_have_text("Mengukur ulang batas bersama kedua pihak")

    answer(people, number, "Batas sudah diukur ulang bersama dan pagar dipindah ke patok lama.")
    track(resident, code)
    expect(resident.locator("body")).to_contain_text("pagar dipindah ke patok lama")
