"""The board in a browser: a card dragged with the mouse, given with the keyboard, and chosen on a phone without the script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, People
from tests.e2e.test_walks import file_on_the_web

pytestmark = pytest.mark.e2e
TALL = {"width": 1280, "height": 4000}  # both columns are seen at once


def column(page: Page, name: str) -> str:
    """The id of the person whose column it is."""
    return str(page.locator(".board-column[data-person]", has_text=name).get_attribute("data-person"))


def test_a_card_is_moved_by_mouse_by_keyboard_and_on_a_phone(people: People) -> None:
    number, _code = file_on_the_web(people.resident(), "Pipa air di dekat pos ronda bocor sejak kemarin.", name="Karto Wiryo")
    people.take("petugas", number, "verify", category="Jalan desa", urgency="Darurat")
    page = people.official("petugas")
    page.set_viewport_size(TALL)  # type: ignore[arg-type]
    page.goto("/meja/papan/")
    card = page.locator(".board li", has=page.locator(f'input[value="{number}:"]'))
    card.drag_to(page.locator(f'.board-column[data-person="{column(page, "Dwi Nugroho")}"]'))
    expect(page.locator(".note.done")).to_contain_text("Dwi Nugroho")

    dwi = column(page, "Dwi Nugroho")
    page.locator(f'input[value="{number}:{dwi}"]').focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("#move_to")).to_be_focused()
    expect(page.locator("[data-chosen]")).to_have_text(number)
    expect(page.locator(f'#move_to option[value="{dwi}"]')).to_be_disabled()
    page.keyboard.type("Agus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note.done")).to_contain_text("Agus Riyanto")

    agus = column(page, "Agus Riyanto")
    state = page.context.storage_state()
    context = people.browser.new_context(
        viewport=PHONE, locale="id-ID", base_url=people.product.url, java_script_enabled=False, storage_state=state
    )
    phone = context.new_page()
    phone.goto("/meja/papan/")
    phone.locator(f'input[value="{number}:{agus}"]').check()
    bar = phone.locator(".board-move").bounding_box()
    assert bar
    assert bar["y"] + bar["height"] == pytest.approx(PHONE["height"], abs=1), "the bar stands at the foot of the screen"
    phone.select_option("#move_to", value=dwi)
    phone.locator(".board-move button").click()
    expect(phone.locator(".note.done")).to_contain_text("Dwi Nugroho")
    phone.goto(f"/meja/{number}/")
    expect(phone.locator("body")).to_contain_text(re.compile("Dwi Nugroho"))
