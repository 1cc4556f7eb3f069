"""``/cek/``: the code on a paper leads to its number and day, never to what it says; wrong codes are answered alike and slowed down."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from pypdf import PdfReader

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import LetterNumber, PaperCheck, PrintedVersion
from kentongan.lib import clock
from tests import make, meet
from tests.cast import Cast

ClientOf = Callable[[Any], Client]
WRONG = "0" * 16


def foot(response: Any) -> tuple[str, str]:
    """Code and digest as they stand on a paper, with spaces and dashes taken out."""
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages))
    found = re.search(r"Periksa keaslian.*?dengan kode ([0-9A-Z-]{19}).*?sidik isi ((?:[0-9a-f]{4} ?){4})", text)
    assert found, text
    return found[1].replace("-", ""), found[2].strip()


def papers(cast: Cast, client_of: ClientOf) -> dict[str, Any]:
    """Every numbered paper, printed by the officer: kind → answer of the desk."""
    answered = make.complaint(cast, State.RESPONDED)
    asked, referred = make.complaint(cast, State.AWAITING_COMPLAINANT), make.complaint(cast, State.REFERRED)
    actions.number_letter(answered, letter="answer", by=cast.sari)
    actions.number_letter(asked, letter="completion", by=cast.sari)
    meeting = meet.called(cast, answered)
    sari = client_of(cast.sari)
    made = {"invitation": sari.get(reverse("desk:meeting_invitation", args=[meeting.pk]))}
    actions.record_minutes(meeting, record=meet.record(meeting), by=cast.sari)
    return made | {
        "minutes": sari.get(reverse("desk:meeting_minutes", args=[meeting.pk])),
        "answer": sari.get(reverse("desk:sheet", args=[answered.number, "surat-jawaban"])),
        "completion": sari.get(reverse("desk:sheet", args=[asked.number, "permintaan-kelengkapan"])),
        "referral": sari.get(reverse("desk:cover_letter", args=[referred.number])),
        "receipt": sari.get(reverse("desk:receipt_pdf", args=[answered.number])),
    }


def test_every_numbered_paper_leads_to_its_own_page_and_to_nothing_it_says(
    cast: Cast, client_of: ClientOf, client: Client
) -> None:
    for kind, response in papers(cast, client_of).items():
        code, digest = foot(response)
        page = client.get(f"/cek/{code}")
        words = page.content.decode()
        assert page.status_code == 200
        assert digest in words
        assert page.headers["X-Robots-Tag"].startswith("noindex")
        assert page.headers["Cache-Control"] == "no-store"
        number = PaperCheck.objects.get(code=code).letter
        assert (number.kind if number else "receipt") == kind
        assert number is None or number.number in words
        for secret in ("Karto", "mushola", "2026-0001", "001/PGD", "Sari"):
            assert secret not in words.partition("<main")[2].partition("</main")[0], (kind, secret)


def test_printed_again_unchanged_it_is_the_same_version_on_either_paper(cast: Cast, client_of: ClientOf) -> None:
    row = make.complaint(cast, State.AWAITING_COMPLAINANT)
    sari = client_of(cast.sari)
    address = reverse("desk:sheet", args=[row.number, "permintaan-kelengkapan"])
    assert "Periksa keaslian" not in PdfReader(io.BytesIO(sari.get(address).content)).pages[0].extract_text()  # no number yet
    actions.number_letter(row, letter="completion", by=cast.sari)
    first = foot(sari.get(address))
    assert first == foot(sari.get(address)) == foot(sari.get(address, {"kertas": "f4"}))
    assert row.complainant is not None
    row.complainant.name = "Karto Wiryo Utomo"
    row.complainant.save()
    again = foot(sari.get(address))
    assert (again[0], again[1] != first[1]) == (first[0], True)
    page = sari.get(f"/cek/{first[0]}").content.decode()
    assert first[1] in page
    assert again[1] in page
    assert PrintedVersion.objects.count() == 2


def test_the_day_is_that_of_the_paper_whichever_clock_the_reader_keeps(cast: Cast, client_of: ClientOf) -> None:
    """Past midnight in the village that gave it out, still the day before where somebody else looks."""
    cast.village.zone = "Asia/Jayapura"
    cast.village.save()
    with clock.at(datetime(2026, 3, 4, 15, 30, tzinfo=UTC)):
        row = make.received(cast)
    code = foot(client_of(cast.sari).get(reverse("desk:receipt_pdf", args=[row.number])))[0]
    for reader in (cast.sari, cast.rini):
        assert "5 Maret 2026" in client_of(reader).get(f"/cek/{code}").content.decode()


def test_a_cancelled_number_is_said_to_be_and_the_next_paper_has_another_code(
    cast: Cast, client_of: ClientOf, client: Client
) -> None:
    row = make.complaint(cast, State.AWAITING_COMPLAINANT)
    address = reverse("desk:sheet", args=[row.number, "permintaan-kelengkapan"])
    actions.number_letter(row, letter="completion", by=cast.sari)
    code = foot(client_of(cast.sari).get(address))[0]
    actions.cancel_number(LetterNumber.objects.get(), reason="Rahasia Karto", by=cast.sari)
    page = client.get(f"/cek/{code}").content.decode()
    assert 'class="note warn"' in page
    assert "Rahasia Karto" not in page
    actions.number_letter(row, letter="completion", by=cast.sari)
    assert foot(client_of(cast.sari).get(address))[0] != code


def test_the_code_is_typed_as_it_stands_on_the_paper(cast: Cast, client_of: ClientOf, client: Client) -> None:
    row = make.received(cast)
    code = foot(client_of(cast.sari).get(reverse("desk:receipt_pdf", args=[row.number])))[0]
    typed = "-".join(code[at : at + 4].lower() for at in range(0, 16, 4))
    assert client.post("/cek/", {"code": typed}).headers["Location"] == f"/cek/{code}"
    assert row.code != code
    assert client.post("/lacak/", {"code": code[:12]}).status_code == 422


@pytest.mark.parametrize("typed", ["", "x", WRONG, "<script>", "\x00" * 40, "é" * 5000])
def test_a_wrong_code_gets_a_clear_page(cast: Cast, client: Client, typed: str) -> None:
    response = client.post("/cek/", {"code": typed})
    assert response.status_code == 422
    assert 'id="code_error"' in response.content.decode()


def test_wrong_codes_are_slowed_down_and_the_right_one_still_opens(cast: Cast, client_of: ClientOf, client: Client) -> None:
    row = make.received(cast)
    code = foot(client_of(cast.sari).get(reverse("desk:receipt_pdf", args=[row.number])))[0]
    with override_settings(WRONG_CODES_PER_10_MINUTES=2):
        answers = [client.get(f"/cek/{WRONG}").status_code for _ in range(3)]
        assert answers == [404, 404, 429]
        assert client.post("/lacak/", {"code": WRONG[:12]}).status_code == 429
        assert client.get(f"/cek/{code}").status_code == 200
