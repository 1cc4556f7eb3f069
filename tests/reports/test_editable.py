"""Letters and forms to edit: the same words as their PDF, behind the same wall, whatever people typed."""

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from docx.shared import Mm

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, LetterNumber, PaperCheck
from kentongan.reports import complaint_letters, editable
from kentongan.village.models import PaperWording
from tests import make, meet
from tests.cast import Cast

ClientOf = Callable[[Any], Client]
ODD = 'Jalan <b>rusak</b> & "bolong" \x0b\x1f😀 = 1+1'


def words_of(content: bytes) -> str:
    """Everything that is written in a document, in paragraphs and tables."""
    file: Any = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(row.text for row in file.paragraphs), *cells])


def got(client: Client, address: str, *args: Any, **query: str) -> bytes:
    response = client.get(reverse(address, args=args), query)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Disposition"].endswith('.docx"')
    return bytes(response.content)


def test_the_answer_says_what_its_pdf_says(cast: Cast, client_of: ClientOf) -> None:
    row = make.complaint(cast, State.RESPONDED, ODD)
    actions.number_letter(row, letter="answer", by=cast.sari)
    content = got(client_of(cast.sari), "desk:sheet_docx", row.number, "surat-jawaban")
    said = words_of(content)
    for words in (
        LetterNumber.objects.get().number, "Sdr. Karto Wiryo", "Lubang sudah ditambal.", 'Jalan <b>rusak</b> & "bolong" 😀 = 1+1',
        "Keputusan", "Ombudsman RI", "Seberapa puas", "Harun Pranoto", "Tembusan", "DESA SUKAMAJU", row.printed_number(cast.village),
    ):  # fmt: skip
        assert words in said
    file: Any = docx.Document(io.BytesIO(content))
    assert "Halaman 1 dari 1" in file.sections[0].footer.paragraphs[0].text
    assert not PaperCheck.objects.exists()  # what can be changed by hand claims nothing
    assert complaint_letters.answer(row, cast.village, cast.sari, file="docx") == content


def test_the_other_letters_and_forms(cast: Cast, client_of: ClientOf) -> None:
    sari = client_of(cast.sari)
    asked, referred = make.complaint(cast, State.AWAITING_COMPLAINANT), make.complaint(cast, State.REFERRED)
    completion = words_of(got(sari, "desk:sheet_docx", asked.number, "permintaan-kelengkapan"))
    assert "Mohon lengkapi alamat." in completion
    statement = words_of(got(sari, "desk:sheet_docx", asked.number, "surat-pencabutan"))
    assert "SURAT PERNYATAAN PENCABUTAN PENGADUAN" in statement
    assert "tidak boleh dipaksakan" in statement
    cover = words_of(got(sari, "desk:cover_letter_docx", referred.number))
    assert "Dinas PUPR Kabupaten Cilacap" in cover
    assert "Karto" not in cover
    PaperWording.objects.create(village=cast.village, paper="minutes", part="closing", text="Dibuat dengan kata-kata desa.")
    meeting = meet.called(cast, referred)
    invitation = words_of(got(sari, "desk:meeting_invitation_docx", meeting.pk))
    assert "Joko Santosa — Kasi Kesejahteraan" in invitation
    form = words_of(got(sari, "desk:meeting_minutes_docx", meeting.pk))
    assert "Nomor: ...." in form
    decision = actions.Decision("Pasang patok", meet.today(cast.village).date(), outside="Ketua RT 003")
    actions.record_minutes(meeting, record=meet.record(meeting, decision), by=cast.sari)
    minutes = words_of(got(sari, "desk:meeting_minutes_docx", meeting.pk))
    assert "Pasang patok" in minutes
    assert "Kedua pihak menerangkan batasnya." in minutes
    assert "Dibuat dengan kata-kata desa." in minutes
    attendance = got(sari, "desk:meeting_attendance_docx", meeting.pk, kertas="f4")
    assert "Aipda Bayu Pratama" in words_of(attendance)
    file: Any = docx.Document(io.BytesIO(attendance))
    assert round(file.sections[0].page_height / Mm(1)) == 330


def test_the_same_people_may_edit_as_may_print(cast: Cast, client_of: ClientOf) -> None:
    named = make.complaint(cast, State.AWAITING_COMPLAINANT, named=(cast.harun.pk,))
    hidden = make.complaint(cast, State.AWAITING_COMPLAINANT, identity_hidden=True)
    for who, row, status in (
        (cast.harun, named, 404),
        (cast.harun, hidden, 403),
        (cast.sari, hidden, 200),
        (cast.rini, named, 404),
    ):
        response = client_of(who).get(reverse("desk:sheet_docx", args=[row.number, "permintaan-kelengkapan"]))
        assert response.status_code == status
    page = client_of(cast.sari).get(f"/meja/{named.number}/").content.decode()
    assert reverse("desk:sheet_docx", args=[named.number, "permintaan-kelengkapan"]) in page


def test_no_letter_and_no_other_kind_of_file(cast: Cast, client_of: ClientOf) -> None:
    row: Complaint = make.received(cast)
    assert client_of(cast.sari).get(reverse("desk:sheet_docx", args=[row.number, "surat-jawaban"])).status_code == 404
    with pytest.raises(ValueError, match="odt"):
        editable.made("odt", "minutes", {})
