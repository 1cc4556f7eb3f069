"""Late, a complaint climbs by itself: responder, liaison, secretary, head. The one it is about learns of nothing, at no time."""

import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import People
from tests.e2e.test_walks import file_on_the_web, track
from tests.product import Product

pytestmark = pytest.mark.e2e
ACCUSED = "kasi.pelayanan"  # answers, and is a liaison: on the first rung himself
SAID = "Petugas loket meminta uang dua puluh ribu tiap surat pengantar, sudah tiga kali saya alami."
RUNGS = (-1, 0, 1, 3, 5)  # working days late
TO = "petugas", "sekdes", "kades", "kasi.kesejahteraan"
# The worker's own sweep and notices, at a moment of our choosing.
AT = """
import sys, datetime, django
django.setup()
from kentongan.channels.notify import dispatch_pending
from kentongan.complaints import clocks, reminders
from kentongan.complaints.models import Complaint
row = Complaint.for_system("test").select_related("village").get(number=sys.argv[1])
calendar, at = clocks.calendar_of(row.village), row.due_at.replace(hour=5)
step = datetime.timedelta(days=1 if int(sys.argv[2]) > 0 else -1)
while calendar.days_left(row.due_at, at) != -int(sys.argv[2]):
    at += step
print(reminders.sweep(at))
while dispatch_pending():
    pass
"""


@pytest.fixture(scope="module")
def alone() -> Iterator[Product]:
    """A village whose worker rests: time passes when we say so."""
    with Product(demo=True, worker=False) as running:
        yield running


@pytest.fixture
def staff(alone: Product, browser: Browser) -> Iterator[People]:
    everybody = People(alone, browser)
    yield everybody
    everybody.close()
    assert not everybody.complaints, "the browser complained"


def pass_time(product: Product, number: str, days_late: int) -> None:
    command = [sys.executable, "-c", AT, number, str(days_late)]
    environment = {**product.environment, "DJANGO_SETTINGS_MODULE": "kentongan.settings"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def heard(people: People, username: str, number: str) -> list[str]:
    """What the notices of this person say of the complaint."""
    page = people.official(username)
    page.goto("/meja/pemberitahuan/")
    return [re.sub(r"\s+", " ", line) for line in page.locator("main li", has_text=number).all_inner_texts()]


def sees_nothing(people: People, number: str, before: dict[str, str]) -> None:
    """List, counts, search, notices, board, head lines and the address itself, in the accused's own browser."""
    page = people.official(ACCUSED)
    for path in (
        "/meja/",
        "/meja/?queue=late",
        "/meja/?queue=start",
        "/meja/pemberitahuan/",
        "/meja/papan/",
        "/buku/",
        "/buku/buku.csv",
    ):
        answer = page.request.get(path)
        assert number not in answer.text(), path
        assert "loket meminta uang" not in answer.text(), path
    page.goto("/meja/")
    assert page.locator("nav .tabs").all_inner_texts() == before["queues"], "no count moves"
    page.fill("input[name=q]", "loket meminta uang")
    page.press("input[name=q]", "Enter")
    page.wait_for_load_state()
    assert number not in page.locator("main").inner_text()
    for path in ("", "langkah/note/", "langkah/follow_up/", "lembar-disposisi.pdf", "tanda-terima/"):
        assert page.request.get(f"/meja/{number}/{path}").status == 404, path


def test_a_complaint_about_a_section_head_climbs_to_the_head_and_never_touches_him(alone: Product, staff: People) -> None:
    page = staff.official(ACCUSED)
    page.goto("/meja/")
    before = {"queues": page.locator("nav .tabs").all_inner_texts()}
    number, code = file_on_the_web(staff.resident(), SAID, name="Karto Wiryo", named="Dwi Nugroho")
    sees_nothing(staff, number, before)
    staff.take("petugas", number, "verify", category="Perilaku petugas")
    staff.take("petugas", number, "assign", to="Wati Rahayu", instruction="Mohon diperiksa.")
    sees_nothing(staff, number, before)

    counts = []
    for days in RUNGS:
        pass_time(alone, number, days)
        counts.append({username: len(heard(staff, username, number)) for username in TO})
        sees_nothing(staff, number, before)
    told = [{name for name in TO if now[name] > was[name]} for was, now in itertools.pairwise(counts)]
    assert "kasi.kesejahteraan" in told[0], "on the day: who has it"
    assert {"kasi.kesejahteraan", "sekdes"} <= told[1], "a day late: the liaisons"
    assert "sekdes" in told[2], "three days late: the secretary"
    assert "kades" not in told[0] | told[1] | told[2]
    assert "kades" in told[3], "five days late: the head"
    assert heard(staff, ACCUSED, number) == []
    pass_time(alone, number, RUNGS[-1])
    assert {username: len(heard(staff, username, number)) for username in TO} == counts[-1], "each rung once"

    resident = staff.resident()
    track(resident, code)
    assert "Dwi Nugroho" not in resident.locator("body").inner_text()


def test_what_lay_in_a_drawer_is_late_when_it_is_entered_and_the_one_it_is_about_sees_no_late_one(
    alone: Product, staff: People
) -> None:
    """The desk's own way to move time: a letter that came long ago is entered with the day it came."""
    accused = staff.official(ACCUSED)
    accused.goto("/meja/")
    before = {"queues": accused.locator("nav .tabs").all_inner_texts()}
    officer = staff.official("petugas")
    officer.goto("/meja/baru/")
    officer.fill("textarea[name=text]", SAID)
    officer.fill("input[name=name]", "Mbah Satirah")
    for more in officer.locator("main form details:not([open]) > summary").all():
        more.click()
    officer.locator("label", has_text="Dwi Nugroho").first.locator("input").set_checked(True)
    officer.fill("input[name=received_day]", (date.today() - timedelta(days=40)).isoformat())
    officer.locator("main form button").last.click()
    officer.wait_for_url(re.compile(r"/meja/\d{4}-\d+/tanda-terima/"))
    number = re.findall(r"\d{4}-\d{4,}", officer.url)[0]
    staff.take("petugas", number, "verify", category="Perilaku petugas")
    staff.take("petugas", number, "assign", to="Wati Rahayu", instruction="Mohon diperiksa.")
    head = staff.official("kades")
    head.goto("/meja/?queue=late")
    assert number in head.locator("main").inner_text(), "late by the clock on the wall"
    pass_time(alone, number, 5)
    assert heard(staff, "kades", number)
    sees_nothing(staff, number, before)
