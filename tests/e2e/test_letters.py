"""A complaint by letter, from the resident's mail program to the desk and back: real mail servers, a real browser, the worker in between."""

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import People
from tests.e2e.test_walks import answer
from tests.mailserver import PASSWORD, USER, Dovecot, Smtp

pytestmark = pytest.mark.e2e
SENDER = "Darmi Lestari <darmi@example.com>"


@pytest.fixture
def imap() -> Iterator[Dovecot]:
    with Dovecot() as running:
        yield running


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with Smtp() as running:
        yield running


class Resident:
    """Somebody with a mail program and nothing else."""

    def __init__(self, imap: Dovecot, smtp: Smtp) -> None:
        self.imap, self.smtp = imap, smtp

    def writes(self, text: str, *, subject: str = "", answers: EmailMessage | None = None) -> None:
        made = EmailMessage()
        made["From"], made["To"] = SENDER, str(answers["Reply-To"]) if answers else USER
        made["Subject"] = f"Re: {answers['Subject']}" if answers else subject
        made["Date"], made["Message-ID"] = formatdate(), make_msgid(domain="example.com")
        if answers:
            made["In-Reply-To"] = made["References"] = str(answers["Message-ID"])
        made.set_content(text)
        self.imap.deliver(USER, made.as_bytes())

    def reads(self, what: str) -> EmailMessage:
        """The letter whose subject or text says ``what``; waits for it."""
        found: list[EmailMessage] = []

        def arrived() -> bool:
            letters = [message_from_bytes(raw, policy=policy.default) for raw in list(self.smtp.letters)]
            found[:] = [letter for letter in letters if isinstance(letter, EmailMessage) and what in said_in(letter)]
            return bool(found)

        wait_for(arrived, f"a letter with {what!r}")
        return found[-1]


def said_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return f"{letter['Subject']}\n{body.get_content() if body else ''}"


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.2)


def set_up_the_mailbox(people: People, imap: Dovecot, smtp: Smtp) -> None:
    page = people.official("admin")
    page.goto("/kantor/email/")
    page.locator("label", has_text="Dipakai").first.locator("input").check()
    page.fill("input[name=address]", USER)
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=imap_host]", "127.0.0.1")
    page.fill("input[name=imap_port]", str(imap.port))
    page.select_option("select[name=imap_security]", "NONE")
    page.fill("input[name=smtp_host]", "127.0.0.1")
    page.fill("input[name=smtp_port]", str(smtp.port))
    page.select_option("select[name=smtp_security]", "NONE")
    page.locator("input[name=smtp_login]").uncheck()
    page.locator("button[name=test]").click()
    page.wait_for_load_state()
    assert page.locator(".error").count() == 0, page.locator(".error").all_inner_texts()


def test_a_resident_complains_by_letter_and_objects_by_letter(people: People, imap: Dovecot, smtp: Smtp) -> None:
    set_up_the_mailbox(people, imap, smtp)
    resident = Resident(imap, smtp)

    resident.writes("Lampu jalan di pertigaan balai desa mati sejak sebulan, rawan begal.", subject="Lampu jalan mati")
    receipt = resident.reads("nomor HP")
    assert receipt["Auto-Submitted"] == "auto-replied"
    printed = re.findall(r"(\d+)/PGD/(\d{4})", str(receipt["Subject"]))[0]
    number = f"{printed[1]}-{int(printed[0]):04d}"

    officer = people.official("petugas")
    officer.goto(f"/meja/{number}/")
    expect(officer.locator(".chip").first).to_have_text(re.compile("Menunggu"))
    resident.writes("Rumah saya RT 003 RW 001, HP 0851-4118-2163. Terima kasih.", answers=receipt)

    def completed() -> bool:
        officer.goto(f"/meja/{number}/")
        return "Diterima" in officer.locator(".chip").first.inner_text()

    wait_for(completed, "the completed complaint on the desk")
    expect(officer.locator("body")).to_contain_text("0851-4118-2163")

    people.take("petugas", number, "verify", category="Penerangan", urgency="Tinggi")
    people.take("petugas", number, "assign", to="Wati Rahayu", instruction="Mohon dicek malam ini.")
    people.take("kasi.kesejahteraan", number, "start")
    answer(people, number, "Lampu sudah diganti Rabu malam.")
    answered = resident.reads("Lampu sudah diganti Rabu malam.")
    assert answered["Auto-Submitted"] is None
    officer.goto(f"/meja/{number}/")
    expect(officer.get_by_role("heading", name="Surat", exact=True)).to_be_visible()

    resident.writes("Belum beres, lampunya mati lagi tadi malam.", answers=answered)

    def opened() -> bool:
        officer.goto(f"/meja/{number}/")
        return "Terverifikasi" in officer.locator(".chip").first.inner_text()

    wait_for(opened, "the complaint opened again")
    expect(officer.locator("body")).to_contain_text("lampunya mati lagi")
    resident.reads("dibuka lagi")
    subjects = [str(message_from_bytes(raw, policy=policy.default)["Subject"]) for raw in smtp.letters]
    assert len(subjects) == len(set(subjects)) or len(smtp.letters) == len(
        {message_from_bytes(raw)["Message-ID"] for raw in smtp.letters}
    )
    assert imap.names(), "the mailbox keeps its letters"
