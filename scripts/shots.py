"""Screenshots of every main page of the demo village, at phone and desktop width, into ``shots/`` (git ignores it).

``shots.py`` takes all; ``shots.py desk`` those whose name begins so; ``shots.py --dark`` in dark colours;
``shots.py --readme`` renews the pictures in ``docs/images/``.
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.product import PASSWORD, Product

WIDTHS = {390: 844, 1280: 900}
OUT = Path("shots")
# The pictures of the README: picture → (page, width)
FIRST_PAGE = {"home-phone": ("home", 390), "desk": ("desk-officer", 1280), "complaint": ("desk-complaint-worked-on", 1280)}
# name → (who looks, address); "…" stands for the first complaint of the list at that address
PAGES: dict[str, tuple[str, str]] = {
    "home": ("", "/"),
    "file": ("", "/adukan/"),
    "track": ("", "/lacak/"),
    "statistics": ("", "/statistik/"),
    "login": ("", "/masuk/"),
    "desk-officer": ("petugas", "/meja/"),
    "desk-new": ("petugas", "/meja/baru/"),
    "desk-slips": ("petugas", "/meja/kotak/"),
    "desk-inbox": ("petugas", "/meja/pesan/"),
    "desk-notices": ("petugas", "/meja/pemberitahuan/"),
    "desk-complaint": ("petugas", "/meja/…"),
    "desk-responder": ("kasi.kesejahteraan", "/meja/"),
    "desk-responder-complaint": ("kasi.kesejahteraan", "/meja/…"),
    "desk-complaint-worked-on": ("petugas", "/meja/?state=IN_PROGRESS…"),
    "desk-complaint-answered": ("petugas", "/meja/?state=RESPONDED…"),
    "desk-head": ("kades", "/meja/"),
    "desk-secretary": ("sekdes", "/meja/"),
    "book": ("petugas", "/buku/"),
    "book-statistics": ("kades", "/buku/statistik/"),
    "office": ("admin", "/kantor/"),
    "office-style": ("admin", "/kantor/gaya/"),
}


def chromium() -> str:
    """The path of a Chromium on this machine. Raises ``SystemExit`` when there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    raise SystemExit("No Chromium found: apt install chromium")


def window(browser: Browser, product: Product, name: str, width: int, *, dark: bool = False) -> Page:
    """A page of the list, opened by the person who looks at it."""
    who, address = PAGES[name]
    size: ViewportSize = {"width": width, "height": WIDTHS[width]}
    page = browser.new_context(viewport=size, color_scheme="dark" if dark else "light", locale="id-ID").new_page()
    if who:
        page.goto(f"{product.url}/masuk/")
        page.fill("input[name=username]", who)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/masuk/" not in url)
    where, of_list, _rest = address.partition("…")
    if of_list:
        page.goto(f"{product.url}{where}")
        address = page.locator("main .rows a[href*='/meja/20']").first.get_attribute("href") or where
    page.goto(f"{product.url}{address}")
    return page


def take(browser: Browser, product: Product, name: str, *, dark: bool) -> None:
    for width in WIDTHS:
        page = window(browser, product, name, width, dark=dark)
        page.screenshot(path=OUT / f"{name}-{width}{'-dark' if dark else ''}.png", full_page=True)
        page.context.close()


def take_for_the_first_page(browser: Browser, product: Product) -> None:
    """The three pictures of the README."""
    for picture, (name, width) in FIRST_PAGE.items():
        page = window(browser, product, name, width)
        page.screenshot(path=Path("docs/images") / f"{picture}.png")
        page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("begins", nargs="?", default="")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--readme", action="store_true", help="the three pictures of the README, and nothing else")
    options = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with Product(demo=True) as product, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        if options.readme:
            take_for_the_first_page(browser, product)
        for name in [] if options.readme else PAGES:
            if name.startswith(options.begins):
                take(browser, product, name, dark=options.dark)
                print(name)
        browser.close()


if __name__ == "__main__":
    main()
