"""Screenshots of every main page of the demo village, at phone and desktop width, into ``shots/`` (git ignores it).

``shots.py`` takes all; ``shots.py desk`` those whose name begins so; ``shots.py --dark`` in dark colours.
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.product import PASSWORD, Product

WIDTHS = {390: 844, 1280: 900}
OUT = Path("shots")
# name → (who looks, address); "…" stands for the first complaint of that person's list
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
    "desk-complaint": ("petugas", "…"),
    "desk-responder": ("kasi.kesejahteraan", "/meja/"),
    "desk-responder-complaint": ("kasi.kesejahteraan", "…"),
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


def take(browser: Browser, product: Product, name: str, *, dark: bool) -> None:
    who, address = PAGES[name]
    for width, height in WIDTHS.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="id-ID"
        )
        page = context.new_page()
        if who:
            page.goto(f"{product.url}/masuk/")
            page.fill("input[name=username]", who)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: "/masuk/" not in url)
        if address == "…":
            page.goto(f"{product.url}/meja/")
            address = page.locator("main .rows a[href*='/meja/20']").first.get_attribute("href") or "/meja/"
        page.goto(f"{product.url}{address}")
        page.screenshot(path=OUT / f"{name}-{width}{'-dark' if dark else ''}.png", full_page=True)
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("begins", nargs="?", default="")
    parser.add_argument("--dark", action="store_true")
    options = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with Product(demo=True) as product, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        for name in PAGES:
            if name.startswith(options.begins):
                take(browser, product, name, dark=options.dark)
                print(name)
        browser.close()


if __name__ == "__main__":
    main()
