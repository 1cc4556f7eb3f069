"""The way upward in a browser: a broken power line goes to PLN with consent, is chased twice, answered by link, and answered to the resident."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.test_walks import file_on_the_web, track

pytestmark = pytest.mark.e2e


def test_a_broken_power_line_goes_to_pln_and_comes_back(people: People) -> None:
    resident = people.resident()
    number, code = file_on_the_web(
        resident, "Kabel listrik putus dan menggantung di jalan depan mushola, berbahaya bagi anak-anak.", name="Karto Wiryo"
    )
    people.take("petugas", number, "verify", category="Jalan desa", urgency="Darurat")
    people.take("petugas", number, "refer", agency="PLN", text="Mohon kabel segera diamankan.", with_identity=True)
    people.take("petugas", number, "chase", text="Kabel masih menggantung. Kapan regu datang?")
    page = people.take("petugas", number, "chase", text="Mohon jawaban hari ini.", outside_number="G-778")
    expect(page.locator("#timeline ~ *").first).to_contain_text("PLN")
    link = page.locator("p[id^=link]").text_content()
    assert link
    assert page.request.get(f"/meja/{number}/surat-rujukan.pdf").body().startswith(b"%PDF")

    agency = people.resident()
    agency.goto(link)
    agency.wait_for_url("**/jawab/surat/")
    assert "#" not in agency.url
    expect(agency.locator("body")).to_contain_text("Karto Wiryo")
    agency.fill("textarea[name=text]", "Kabel sudah diganti Rabu siang.")
    agency.fill("input[name=outside_number]", "G-778-B")
    agency.locator('form[action$="/jawab/surat/"] button').click()
    agency.wait_for_url("**/jawab/")
    agency.goto(link)  # in the same window, where the page of the code is open already
    expect(agency.locator("#code_error")).to_be_visible()

    track(resident, code)
    expect(resident.locator("body")).to_contain_text("Kabel sudah diganti Rabu siang.")
    people.take("petugas", number, "start")
    people.take(
        "petugas", number, "draft_response", text="PLN mengganti kabel Rabu siang. Jalan aman dilalui.", outcome="Teratasi"
    )
    people.take("sekdes", number, "approve_response")
    people.take("kades", number, "approve_response")
    people.take("petugas", number, "respond")
    track(resident, code)
    expect(resident.locator("body")).to_contain_text("Jalan aman dilalui.")
    resident.locator("a[href$='/lacak/naik/']").first.click()
    expect(resident.locator("body")).to_contain_text("Ombudsman RI")
