"""A real browser on the real product with the demo village in it."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.product import PASSWORD, Product

PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1280, "height": 900}
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's loop runs in the thread of the tests


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    with Product(demo=True) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "Chromium is needed: apt install chromium"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=quiet)
        yield running
        running.close()


class People:
    """Everybody at once, each in a window of his own."""

    def __init__(self, product: Product, browser: Browser) -> None:
        self.product, self.browser = product, browser
        self.windows: dict[str, Page] = {}
        self.complaints: list[str] = []

    def _window(self, size: dict[str, int]) -> Page:
        page = self.browser.new_context(viewport=size, locale="id-ID", base_url=self.product.url).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" and "status of 4" not in said.text else None,
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def resident(self) -> Page:
        """Somebody with a phone."""
        return self._window(PHONE)

    def official(self, username: str, size: dict[str, int] = OFFICE) -> Page:
        """An official, signed in."""
        if username not in self.windows:
            page = self._window(size)
            page.goto("/masuk/")
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(re.compile("/(meja|kantor)/"))
            self.windows[username] = page
        return self.windows[username]

    def take(self, username: str, number: str, verb: str, *, file: Path | None = None, **typed: str | bool) -> Page:
        """Open the complaint, open the sheet of the step, fill it in as people do, press its button."""
        page = self.official(username)
        page.goto(f"/meja/{number}/")
        elsewhere = page.locator(f'a[href$="/langkah/{verb}/"]')
        if elsewhere.count():
            page.locator(".other-steps > summary").click()
            elsewhere.click()
        form = page.locator(f'form[action$="/langkah/{verb}/"]')
        for sheet in form.locator("xpath=ancestor::details").all():
            if sheet.get_attribute("open") is None:
                sheet.locator("xpath=./summary").click()
        for name, value in typed.items():
            field = form.locator(f'[name="{name}"]')
            if isinstance(value, bool):
                field.first.set_checked(value)
            elif name in {"to", "concerned", "officials"}:
                form.locator("label", has_text=value).first.locator("input").set_checked(True)
            elif field.first.evaluate("e => e.tagName") == "SELECT":
                option = field.locator("option", has_text=value).first
                field.select_option(value=option.get_attribute("value"))
            else:
                field.first.fill(value)
        if file:
            form.locator("input[type=file]").set_input_files(file)
        form.locator("button:not([name=use_text])").last.click()
        page.wait_for_load_state()
        assert page.locator(".error, .note.warn").count() == 0, page.locator(".error, .note.warn").all_inner_texts()
        return page

    def steps(self, username: str, number: str) -> set[str]:
        """The steps this person is offered."""
        page = self.official(username)
        page.goto(f"/meja/{number}/")
        offered = page.locator('form[action*="/langkah/"], .other-steps a').all()
        addresses = [str(each.get_attribute("action") or each.get_attribute("href")) for each in offered]
        return {address.rstrip("/").rsplit("/", 1)[1] for address in addresses}

    def close(self) -> None:
        for context in self.browser.contexts:
            context.close()


@pytest.fixture
def people(product: Product, browser: Browser) -> Iterator[People]:
    everybody = People(product, browser)
    yield everybody
    everybody.close()
    assert not everybody.complaints, "the browser complained"


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from PIL import Image

    path = tmp_path_factory.mktemp("photos") / "jalan.jpg"
    Image.new("RGB", (800, 600), (120, 110, 90)).save(path)
    return path
