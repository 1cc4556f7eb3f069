"""What every kind of answer carries with it, and that odd questions get an answer and not a fault."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kentongan.channels import intake
from kentongan.channels.base import Contact
from kentongan.complaints import actions
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint
from kentongan.lib.files import Clean, cleaned
from kentongan.lib.phones import national
from kentongan.village.models import User
from tests import make
from tests.cast import Cast
from tests.lib.test_files import picture

Clients = Callable[[User | None], Client]
SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{%% load x %%}"
LONG = "9" * 5000


@pytest.fixture
def row(cast: Cast) -> Complaint:
    made = make.complaint(cast, State.IN_PROGRESS)
    actions.attach(made, files=[NewFile("foto.jpg", cleaned(picture()))], by=cast.sari)
    actions.attach(made, files=[NewFile("surat.pdf", Clean(b"%PDF-1.4", "application/pdf", "pdf"))], by=cast.sari)
    return made


def test_every_kind_of_answer_is_shut(cast: Cast, client_of: Clients, row: Complaint) -> None:
    sari, resident = client_of(cast.sari), Client()
    resident.post("/lacak/", {"code": row.code})
    answers = [
        *(resident.get(address) for address in ("/", "/adukan/", "/statistik/", "/lacak/pengaduan/", "/tidak-ada/", "/healthz")),
        *(resident.get(f"/lacak/berkas/{file.pk}/") for file in row.attachments.all()),
        *(sari.get(f"/meja/berkas/{file.pk}/") for file in row.attachments.all()),
        *(sari.get(address) for address in ("/meja/", f"/meja/{row.number}/", "/buku/buku.pdf", "/buku/buku.csv", "/buku/buku.xlsx")),
        sari.get(f"/meja/{row.number}/lembar-disposisi.pdf"), sari.post("/meja/pengadu/", {"q": "karto"}), sari.get("/kantor/"),
        Client(enforce_csrf_checks=True).post("/adukan/", {"text": "x"}), resident.get("/", headers={"host": "jahat.example"}),
        resident.post("/adukan/", b"x", content_type="text/plain", CONTENT_LENGTH="999999999"),
    ]  # fmt: skip
    for answer in answers:
        address = answer.request["PATH_INFO"]
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert "no-store" in answer["Cache-Control"], address
        assert answer["X-Frame-Options"] == "DENY", address
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe-inline" not in policy.partition("style-src")[0], address
        assert answer["Referrer-Policy"] == "same-origin", address
        answer.close()


def test_a_fault_of_ours_says_nothing_of_what_was_sent(cast: Cast, client: Client, monkeypatch: Any, caplog: Any) -> None:
    def fails(*args: Any, **more: Any) -> Any:
        raise RuntimeError("broken")

    monkeypatch.setattr(intake, "accept", fails)
    client.raise_request_exception = False
    typed = {"text": make.TEXT, "identity": "open", "name": "Karto Wiryo", "phone": "085141182163", "lives": f"{cast.hamlet.pk}"}
    answer = client.post("/adukan/", typed)
    assert answer.status_code == 500
    assert (answer["X-Content-Type-Options"], answer["X-Frame-Options"]) == ("nosniff", "DENY")
    for told in (answer.content.decode(), caplog.text):
        assert "Karto" not in told
        assert "5141182163" not in told


def test_the_log_of_an_ordinary_day_names_nobody(cast: Cast, client_of: Clients, caplog: Any) -> None:
    caplog.set_level("INFO")
    client = Client()
    client.post(
        "/adukan/",
        {"text": make.TEXT, "identity": "open", "name": "Karto Wiryo", "phone": "085141182163", "lives": f"{cast.hamlet.pk}"},
    )
    made = Complaint.for_system("test").get()
    client.post("/lacak/", {"code": made.code})
    client.post("/lacak/", {"code": made.code[:-1] + "0"})
    client.post("/masuk/", {"username": "sari", "password": "salah-sekali"})
    client_of(cast.harun).get("/meja/tidak-ada/?q=Karto")
    Client(enforce_csrf_checks=True).post("/lacak/", {"code": made.code})
    for secret in (made.code, made.code[:8], "Karto", "5141182163", national("+6285141182163"), "salah-sekali"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        f"/statistik/?tahun={LONG}",
        "/statistik/?tahun=²⁰²⁶",
        f"/statistik/{LONG}.csv",
        f"/lacak/berkas/{LONG}/",
        f"/lacak/berkas/{10**30}/",
        f"/meja/berkas/{10**30}/",
        "/meja/?q=%00",
        "/meja/?q=%00a&by=person",
        f"/meja/?after={LONG}",
        "/meja/?month=2026-13",
        f"/meja/?category={LONG}",
        f"/meja/?hamlet={10**30}",
        f"/meja/pemberitahuan/?before={LONG}",
        "/meja/?q=2026-999999",
        "/meja/?q=9999-999999",
        "/buku/?period=9999",
        f"/buku/?page={LONG}",
        "/buku/?period=days&start=0001-01-01&end=9999-12-31",
        f"/buku/statistik/?year={LONG}",
        "/buku/statistik/?month=²",
        f"/meja/kotak/?lembar={LONG}",
        "/kantor/libur/?tahun=²⁰²⁶",
        "/meja/%00/",
        "/meja/?queue=%27",
        "/lacak/pengaduan/%00/",
    ],
)
def test_odd_addresses_are_answered(cast: Cast, client_of: Clients, address: str) -> None:
    for who in (None, cast.sari, cast.tono):
        assert client_of(who).get(address).status_code < 500


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/adukan/", {"remove": LONG}),
        ("/adukan/", {"remove": str(10**30)}),
        ("/adukan/", {"token": "\x00", "text": "\x00"}),
        ("/adukan/", {"lives": LONG, "text": "x", "named": [LONG, "²"]}),
        ("/meja/kotak/", {"count": LONG}),
        ("/meja/kotak/", {"count": "²"}),
        ("/meja/baru/", {"look_up": LONG}),
        ("/meja/baru/", {"look_up": "1", "known": LONG, "name": "\x00abc"}),
        ("/meja/baru/", {"look_up": "", "name": "\x00abc"}),
        ("/meja/baru/", {"text": "Jalan rusak parah", "channel": "walk_in", "known": str(10**30)}),
        ("/masuk/", {"username": "\x00", "password": "\x00"}),
        ("/bahasa/", {"language": "\x00", "next": "\x00"}),
        ("/lacak/", {"code": LONG}),
    ],
)
def test_odd_forms_are_answered(cast: Cast, client_of: Clients, address: str, typed: dict[str, Any]) -> None:
    for who in (None, cast.sari):
        assert client_of(who).post(address, typed).status_code < 500


def test_script_in_every_field_stays_text_on_every_page(cast: Cast, client_of: Clients) -> None:
    cast.sari.name = SCRIPT[:60]
    cast.sari.save()
    sender = Contact(SCRIPT[:100], "+6285141182163", SCRIPT, rw="001", rt="003")
    parts: dict[str, Any] = dict.fromkeys(("subject", "happened", "who", "wish", "place", "represents"), SCRIPT[:100])
    made = make.complaint(cast, State.RESPONDED, SCRIPT + " jalan rusak", sender=sender, outside_number=SCRIPT[:60], **parts)
    actions.add(made, text=SCRIPT, by=None, files=(NewFile(SCRIPT + ".pdf", Clean(b"%PDF-1.4", "application/pdf", "pdf")),))
    actions.note(made, text=SCRIPT, by=cast.sari)
    actions.appeal(made, text=SCRIPT, by=None)
    actions.refer(made, agency=cast.agency, text=SCRIPT, by=cast.sari)
    sari, resident = client_of(cast.sari), Client()
    resident.post("/lacak/", {"code": made.code})
    here = f"/meja/{made.number}/"
    pages = [
        sari.get(address)
        for address in ("/meja/", here, f"{here}langkah/note/", "/buku/", "/meja/?q=jalan", f"/meja/?q={SCRIPT}")
    ]
    pages += [resident.get("/lacak/pengaduan/"), resident.post("/adukan/", {"text": "", "name": SCRIPT})]
    pages += [resident.post("/lacak/", {"code": SCRIPT}), Client(enforce_csrf_checks=True).post("/adukan/", {SCRIPT: SCRIPT})]
    pages += [sari.post("/meja/baru/", {"name": SCRIPT, "token": SCRIPT})]
    for page in pages:
        shown = page.content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "{49}" not in shown
    names = sari.post("/meja/pengadu/", {"q": "script"})
    assert names["Content-Type"] == "application/json"
    download = sari.get(f"/meja/berkas/{made.attachments.get().pk}/")["Content-Disposition"]
    assert not set(download.partition("''")[2]) & set("\"'<>\r\n;")


def test_a_confidential_matter_and_a_hidden_name_stay_out_of_what_is_public(cast: Cast, client: Client) -> None:
    make.received(cast, "Rahasia besar tentang pungutan.", confidential=True, identity_hidden=True)
    for address in ("/", "/statistik/", "/adukan/", "/lacak/"):
        page = client.get(address).content.decode()
        assert "Rahasia besar" not in page
        assert "Karto" not in page
