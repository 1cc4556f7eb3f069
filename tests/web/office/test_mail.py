"""The settings of the mailbox and the words of the letters: what is kept, what is refused, what is never shown."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override

from kentongan.channels.email import doctor, words
from kentongan.channels.email.troubles import TROUBLES
from kentongan.channels.models import LetterText, Mailbox
from kentongan.village.models import User
from kentongan.web.office.letters import sample
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]
SECRET = "abcd-efgh-ijkl-mnop"
FORM: dict[str, Any] = {
    "active": "on",
    "address": "desa.sukamaju@gmail.com",
    "sender_name": "",
    "auth": "PASSWORD",
    "user": "",
    "password": SECRET,
    "imap_host": "imap.gmail.com",
    "imap_port": "993",
    "imap_security": "TLS",
    "imap_folder": "INBOX",
    "smtp_host": "smtp.gmail.com",
    "smtp_port": "587",
    "smtp_security": "STARTTLS",
    "smtp_login": "on",
    "intake": "BOOK",
    "receiver": "",
}


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> Client:
    return client_of(cast.tono)


@pytest.fixture
def mailbox(cast: Cast, office: Client) -> Mailbox:
    """One that has been in use for a month."""
    assert post(office).status_code == 302
    Mailbox.objects.update(uidvalidity=7, last_uid=99, since=timezone.now() - timedelta(days=30), trouble="busy")
    return Mailbox.objects.get(village=cast.village)


def post(client: Client, **changes: Any) -> Any:
    return client.post(reverse("office:mail"), {**FORM, **changes})


def page(client: Client, name: str = "mail", *arguments: str) -> str:
    return client.get(reverse(f"office:{name}", args=arguments)).content.decode()


# --- the mailbox -----------------------------------------------------------------------------------------------------


def test_the_mailbox_is_kept_and_its_password_sealed(cast: Cast, office: Client) -> None:
    assert post(office).status_code == 302
    kept = Mailbox.objects.get(village=cast.village)
    assert (kept.active, kept.imap_host, kept.smtp_port, kept.password) == (True, "imap.gmail.com", 587, SECRET)
    assert SECRET.encode() not in bytes(kept.secret)
    assert "desa.sukamaju@gmail.com" in page(office, "index")


@pytest.mark.usefixtures("mailbox")
def test_the_password_is_shown_to_nobody(cast: Cast, office: Client, client_of: ClientOf) -> None:
    for user in (cast.tono, cast.harun, cast.lastri):
        assert SECRET not in page(client_of(user))
    assert SECRET not in post(office, smtp_host="").content.decode(), "nor when the form comes back"


def test_an_empty_password_keeps_the_old_one(office: Client, mailbox: Mailbox) -> None:
    assert post(office, password="", sender_name="Desa Sukamaju").status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.sender_name, mailbox.password) == ("Desa Sukamaju", SECRET)
    post(office, password="baru-baru-baru")
    mailbox.refresh_from_db()
    assert mailbox.password == "baru-baru-baru"


@pytest.mark.parametrize(
    "elsewhere",
    [{"imap_host": "imap.lain.example"}, {"smtp_host": "smtp.lain.example"}, {"smtp_security": "NONE"}],
)
def test_a_kept_password_is_not_told_to_another_server(office: Client, mailbox: Mailbox, elsewhere: dict[str, str]) -> None:
    response = post(office, password="", **elsewhere)
    assert response.status_code == 200
    assert 'id="id_password_error"' in response.content.decode()
    mailbox.refresh_from_db()
    assert mailbox.imap_host == "imap.gmail.com"
    assert post(office, **elsewhere).status_code == 302


def test_nor_by_way_of_an_empty_name(office: Client, mailbox: Mailbox) -> None:
    assert post(office, password="", imap_host="").status_code == 302
    assert post(office, password="", imap_host="imap.lain.example").status_code == 200
    mailbox.refresh_from_db()
    assert (mailbox.imap_host, mailbox.password) == ("", SECRET)


@pytest.mark.parametrize(
    "change",
    [
        {"address": "pengaduan@sukamaju.example"},
        {"user": "sukamaju"},
        {"imap_host": "imap.lain.example"},
        {"imap_folder": "Pengaduan"},
    ],
)
def test_another_mailbox_is_fetched_from_afresh(office: Client, mailbox: Mailbox, change: dict[str, str]) -> None:
    assert post(office, **change).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.uidvalidity, mailbox.last_uid, mailbox.trouble) == (None, 0, "")
    assert mailbox.since < timezone.now() - timedelta(days=29), "what arrived while the settings were wrong is fetched too"


def test_the_same_mailbox_goes_on_where_it_was(office: Client, mailbox: Mailbox) -> None:
    before = mailbox.since
    post(office, sender_name="Desa", smtp_port="465", smtp_security="TLS", intake="INBOX")
    mailbox.refresh_from_db()
    assert (mailbox.uidvalidity, mailbox.last_uid, mailbox.since) == (7, 99, before)
    assert mailbox.intake == Mailbox.Intake.INBOX


def test_what_the_worker_writes_meanwhile_stays(office: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "examine", lambda box: [])
    before = Mailbox.save

    def later(self: Mailbox, *args: Any, **kwargs: Any) -> None:
        Mailbox.objects.filter(pk=self.pk).update(last_uid=120)
        before(self, *args, **kwargs)

    monkeypatch.setattr(Mailbox, "save", later)
    post(office, sender_name="Desa", test="1")
    mailbox.refresh_from_db()
    assert mailbox.last_uid == 120


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"smtp_host": ""}, "smtp_host"),
        ({"password": ""}, "password"),
        ({"imap_host": "https://imap.gmail.com/"}, "imap_host"),
        ({"smtp_host": "desa@gmail.com"}, "smtp_host"),
        ({"imap_port": "0"}, "imap_port"),
        ({"smtp_port": "70000"}, "smtp_port"),
        ({"smtp_port": "465"}, "smtp_security"),
        ({"imap_security": "STARTTLS"}, "imap_security"),
        ({"user": "desa\r\nA1 LOGOUT"}, "user"),
        ({"password": "dua\nbaris"}, "password"),
        ({"imap_folder": "A\r\nB"}, "imap_folder"),
        ({"address": "desa"}, "address"),
        ({"auth": "TELEPATHY"}, "auth"),
    ],
)
def test_settings_that_cannot_work_are_refused(cast: Cast, office: Client, wrong: dict[str, str], field: str) -> None:
    response = post(office, **wrong)
    assert response.status_code == 200
    assert f'href="#id_{field}' in response.content.decode()
    assert not Mailbox.objects.exists()


def test_letters_handed_over_by_an_own_server_need_neither_imap_nor_password(office: Client) -> None:
    assert post(office, imap_host="", smtp_login="", password="").status_code == 302
    assert not Mailbox.objects.get().secret


def test_head_and_secretary_look_and_change_nothing(cast: Cast, client_of: ClientOf, mailbox: Mailbox) -> None:
    for user in (cast.harun, cast.lastri):
        seen = page(client_of(user))
        assert "imap.gmail.com" in seen
        assert 'name="test"' not in seen
        assert 'name="password"' not in seen
        assert post(client_of(user), sender_name="Lain").status_code == 403
    for user in (cast.sari, cast.joko, cast.nining, cast.rini):
        assert client_of(user).get(reverse("office:mail")).status_code == 403
    mailbox.refresh_from_db()
    assert mailbox.sender_name == ""


def test_each_village_has_its_own(cast: Cast, office: Client, mailbox: Mailbox) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(village=cast.neighbour)
    assert "imap.gmail.com" not in page(office).replace("imap.gmail.com, 993, TLS", "")
    post(office)
    assert Mailbox.objects.count() == 2


def test_the_test_of_the_connection_speaks_in_words(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    trouble = TROUBLES["certificate"]
    found = [doctor.Finding(True, "Baik <b>sekali</b>"), doctor.Finding(False, trouble.title, trouble.advice, "certificate")]
    monkeypatch.setattr(doctor, "examine", lambda box: found)
    response = post(office, test="1")
    shown = response.content.decode()
    assert response.status_code == 200
    with override("id"):
        assert escape(str(trouble.title)) in shown
        assert escape(str(trouble.advice)) in shown
    assert "Baik &lt;b&gt;sekali&lt;/b&gt;" in shown
    assert Mailbox.objects.get().imap_host == "imap.gmail.com", "it is saved before it is tried"


def test_nothing_is_tried_with_wrong_settings(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Mailbox] = []
    monkeypatch.setattr(doctor, "examine", tried.append)
    assert post(office, smtp_host="", test="1").status_code == 200
    assert tried == []


def test_trouble_of_the_last_fetching_stands_on_the_page(office: Client, mailbox: Mailbox) -> None:
    Mailbox.objects.update(trouble="quota")
    with override("id"):
        assert escape(str(TROUBLES["quota"].title)) in page(office)
    Mailbox.objects.update(trouble="", secret=b"x" * 40)
    with override("id"):
        assert escape(str(TROUBLES["secret_unreadable"].title)) in page(office)


@pytest.mark.parametrize(
    ("address", "told", "silent"),
    [
        ("desa@gmail.com", "imap.gmail.com, 993, TLS", "imap.mail.yahoo.com"),
        ("desa@yahoo.co.id", "imap.mail.yahoo.com", "imap.gmail.com, 993"),
        ("surat@sukamaju.desa.id", "mail.….desa.id", "imap.gmail.com, 993"),
        ("desa@lain.example", "imap.gmail.com, 993, TLS", "nothing of the kind"),
    ],
)
def test_well_known_providers_are_told_by_the_address(cast: Cast, office: Client, address: str, told: str, silent: str) -> None:
    cast.village.email = address
    cast.village.save()
    shown = page(office)
    assert told in shown
    assert silent not in shown
    assert re.search(r'<input type="text" name="imap_host"(?! value)', shown), "and nothing is filled in by itself"


def test_the_password_reaches_no_log(office: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(box: Mailbox) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(doctor, "examine", broken)
    office.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        assert post(office, test="1").status_code == 500
    assert SECRET not in caplog.text


# --- the words of the letters ----------------------------------------------------------------------------------------


def write(client: Client, kind: str, **told: str) -> Any:
    words_of = {"subject": words.DEFAULTS[kind].subject, "body": words.DEFAULTS[kind].body}
    return client.post(reverse("office:letter", args=[kind]), {**words_of, **told})


def test_every_letter_is_listed_and_opens(cast: Cast, office: Client, client_of: ClientOf) -> None:
    listing = page(office, "letters")
    for kind, text in words.DEFAULTS.items():
        assert reverse("office:letter", args=[kind]) in listing
        assert escape(text.subject) in listing
        assert page(office, "letter", kind)
    assert 'name="preview"' not in page(client_of(cast.harun), "letter", "received")
    assert office.get(reverse("office:letter", args=["love"])).status_code == 404


def test_a_village_puts_a_letter_into_its_own_words(cast: Cast, office: Client) -> None:
    body = "Kepada {nama},\r\n\r\nAduan {nomor} kami catat.\r\n{kurang}"
    assert write(office, "received", subject="Aduan  {nomor}", body=body).status_code == 302
    assert words.of(cast.village, "received") == ("Aduan {nomor}", body.replace("\r\n", "\n"))
    assert words.of(cast.neighbour, "received")[0] == words.DEFAULTS["received"].subject
    assert "Aduan {nomor}" in page(office, "letters")


def test_the_original_words_come_back(cast: Cast, office: Client) -> None:
    write(office, "closed", subject="Selesai", body="Selesai.")
    assert 'name="restore"' in page(office, "letter", "closed")
    office.post(reverse("office:letter", args=["closed"]), {"restore": "1"})
    assert words.of(cast.village, "closed")[0] == words.DEFAULTS["closed"].subject
    assert 'name="restore"' not in page(office, "letter", "closed")


def test_words_that_are_the_original_ones_are_not_stored(office: Client) -> None:
    write(office, "closed", subject="Selesai", body="Selesai.")
    write(office, "closed")
    assert not LetterText.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"body": "Halo {nma}, {alamat} {nma}"}, ["{nma}, {alamat}"]),
        ({"subject": "Aduan {number}"}, ["{number}"]),
        ({"body": "{settings.SECRET_KEY}"}, ["{settings.SECRET_KEY}"]),
        ({"body": "{}"}, ["{}"]),
    ],
)
def test_words_that_cannot_be_filled_in_are_named(office: Client, wrong: dict[str, str], named: list[str]) -> None:
    response = write(office, "closed", **wrong)
    assert response.status_code == 200
    assert all(name in response.content.decode() for name in named)
    assert not LetterText.objects.exists()


@pytest.mark.parametrize("kind", ["responded", "asked", "messaged", "declined"])
def test_a_letter_without_its_message_is_refused(office: Client, kind: str) -> None:
    response = write(office, kind, body="Yth. {nama}, silakan baca.")
    assert response.status_code == 200
    assert "{isi}" in response.content.decode().partition('<form class="form"')[0]


def test_the_preview_fills_in_and_saves_nothing(cast: Cast, office: Client) -> None:
    told = {"subject": "Aduan {nomor} <i>", "body": "{nama}\n\n<script>alert(1)</script> {tautan}", "preview": "1"}
    shown = write(office, "closed", **told).content.decode()
    assert not LetterText.objects.exists()
    assert "Ibu Siti Aminah" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
    assert "&lt;i&gt;" in shown
    assert 'href="http://testserver/lacak/#4T7K-9QXM-2HBC"' in shown


def test_the_preview_knows_every_word(cast: Cast) -> None:
    assert sample(cast.village, "https://desa.example/lacak/").keys() == words.PLACEHOLDERS.keys()


def test_only_the_administrator_writes(cast: Cast, client_of: ClientOf) -> None:
    for user in (cast.harun, cast.lastri, cast.sari, cast.nining):
        assert write(client_of(user), "closed", body="Lain.").status_code == 403
    assert not LetterText.objects.exists()
