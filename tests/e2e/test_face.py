"""The face: every main page as anybody may read it, on small and wide screens, light and dark, without the script, on a slow line."""

import functools
import re
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import OFFICE, PHONE, People
from tests.product import Product

pytestmark = pytest.mark.e2e
RESIDENTS = ["/", "/adukan/", "/lacak/", "/statistik/", "/data/", "/survei/", "/laporan/", "/masuk/", "/tidak-ada/"]
OFFICIALS = {
    "petugas": [
        "/meja/",
        "/meja/baru/",
        "/meja/kotak/",
        "/meja/pesan/",
        "/meja/pemberitahuan/",
        "/meja/rapat/",
        "/meja/akun/",
        "/buku/",
        "/buku/statistik/",
        "/buku/laporan/",
        "/buku/laporan/2026-10/",
        "/buku/survei/",
        "/buku/survei/2/",
        "/buku/survei/2/isi/",
        "/buku/bukti-kpk/",
        "/buku/sosialisasi/",
    ],
    "kades": ["/meja/"],
    "admin": [
        "/kantor/",
        "/kantor/orang/",
        "/kantor/orang/baru/",
        "/kantor/orang/1/",
        "/kantor/waktu/",
        "/kantor/kertas/",
        "/kantor/kertas/answer/",
        "/kantor/kertas/lambang/",
        "/kantor/libur/",
        "/kantor/survei/",
        "/kantor/gaya/",
    ],
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST = 60_000  # bytes of one page of the residents with all it needs
NARROW = 320


@functools.cache
def axe() -> str:
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def faults(page: Page) -> list[str]:
    """What axe objects to on this page, in its current width and colours."""
    page.evaluate(axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    return [f"{fault['id']}: {node['target']}" for fault in found["violations"] for node in fault["nodes"]]


def pages_of(page: Page, username: str) -> list[str]:
    """The addresses this person looks at; the officials' with the first complaint on their desk."""
    if not username:
        return RESIDENTS
    addresses = list(OFFICIALS[username])
    if username != "admin":
        page.goto("/meja/")
        addresses.append(page.locator("main .rows a.complaint").first.get_attribute("href") or "")
    return addresses


def window(people: People, username: str) -> Page:
    return people.official(username) if username else people.resident()


@pytest.mark.parametrize("username", ["", *OFFICIALS])
def test_axe_finds_nothing_and_nothing_is_cut(people: People, username: str) -> None:
    page = window(people, username)
    wrong: list[str] = []
    for number, address in enumerate(pages_of(page, username)):
        page.emulate_media(color_scheme="dark" if number % 2 else "light", reduced_motion="reduce")
        page.goto(address)
        for size in (OFFICE, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            wrong += [f"{address} at {size['width']}: {fault}" for fault in faults(page)]
        page.emulate_media(color_scheme="light" if number % 2 else "dark", reduced_motion="reduce")
        wrong += [f"{address} in the other colours: {fault}" for fault in faults(page)]
        page.set_viewport_size({"width": NARROW, "height": 640})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{address} is wider than {NARROW} px")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", RESIDENTS[:4])
def test_large_letters_are_not_cut(people: People, address: str) -> None:
    page = people.resident()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("address", RESIDENTS[:4])
def test_a_page_of_the_residents_is_light(people: People, address: str) -> None:
    page = people.resident()
    line = page.context.new_cdp_session(page)
    weights: list[float] = []
    line.on("Network.loadingFinished", lambda loaded: weights.append(loaded["encodedDataLength"]))
    line.send("Network.enable")
    page.goto(address, wait_until="networkidle")
    assert 10_000 < sum(weights) < MOST


def test_the_stylesheet_stays_small() -> None:
    static = Path(__file__).parents[2] / "src/kentongan/web/static"
    assert (static / "kentongan.css").stat().st_size < 28 * 1024


def test_a_complaint_is_filed_without_the_script(product: Product, browser: Browser, photo: Path) -> None:
    context = browser.new_context(viewport=PHONE, base_url=product.url, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/adukan/")
    page.fill("textarea[name=text]", "Talut sungai di belakang SD longsor sejak hujan kemarin.")
    page.set_input_files("input[type=file]", photo)
    page.fill("input[name=name]", "Mbah Satirah")
    page.fill("input[name=phone]", "0812")
    page.select_option("select[name=lives]", index=2)
    page.get_by_role("button", name="Kirim pengaduan").click()
    expect(page.get_by_role("alert")).to_contain_text("Nomor HP kurang 6 angka")
    expect(page.locator("textarea[name=text]")).to_have_value("Talut sungai di belakang SD longsor sejak hujan kemarin.")
    page.fill("input[name=phone]", "0851-4118-2163")
    page.get_by_role("button", name="Kirim pengaduan").click()
    expect(page.locator(".big-number")).to_have_text(re.compile(r"^\d+/PGD/\d{4}$"))
    page.get_by_role("button", name="Lihat perkembangannya").click()
    expect(page.locator(".thumbs img")).to_have_count(1)
    context.close()


def test_what_is_missing_is_said_before_sending(people: People) -> None:
    page = people.resident()
    page.goto("/adukan/")
    onward = page.get_by_role("button", name="Lanjut")
    said = "document.activeElement.validationMessage"
    onward.click()
    assert page.evaluate(said) == "Tulis apa yang terjadi. Foto saja belum cukup."
    page.fill("textarea[name=text]", "Air PAM mati sejak Senin di RT 003.")
    onward.click()
    onward.click()
    assert page.evaluate("document.activeElement.name") == "name"
    assert "Tulis nama Anda" in page.evaluate(said)
    page.locator("label", has_text="tidak bisa menyebut nama").click()
    onward.click()
    expect(page.locator("[data-review=identity]")).to_have_text("Saya tidak bisa menyebut nama")


def test_two_presses_send_one_note(people: People) -> None:
    page = people.official("petugas")
    page.goto("/meja/")
    page.locator("main .rows a.complaint").first.click()
    form = page.locator('form[action$="/langkah/note/"]')
    form.locator("xpath=ancestor::details").last.locator("xpath=./summary").click()
    form.locator("textarea").fill("Ditelepon dua kali, belum diangkat.")
    form.locator("button").last.evaluate("button => { button.click(); button.click(); }")
    page.wait_for_load_state()
    expect(page.get_by_text("Ditelepon dua kali, belum diangkat.")).to_have_count(1)
