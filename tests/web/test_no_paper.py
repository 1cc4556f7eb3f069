"""A paper the machine cannot make: words that say what to do, and nothing half done."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kentongan.complaints.models import Survey
from kentongan.reports import pdf
from kentongan.village.models import User
from tests import make, surveying
from tests.cast import Cast

ClientOf = Callable[[User | None], Client]


@pytest.fixture
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_how: Any) -> bytes:
        raise pdf.CannotPrint("Karto Wiryo")

    monkeypatch.setattr(pdf, "render", broken)


def test_whatever_paper_was_asked_for(cast: Cast, client_of: ClientOf, no_memory: None, caplog: Any) -> None:
    row = make.received(cast)
    sari = client_of(cast.sari)
    for address in (f"/meja/{row.number}/tanda-terima.pdf", f"/buku/bukti-kpk.zip?tahun={timezone.localdate().year}"):
        answer = sari.get(address)
        assert answer.status_code == 503
        assert "coba lagi" in answer.content.decode() or "try again" in answer.content.decode()
        assert "Karto" not in answer.content.decode() + caplog.text


def test_a_survey_that_could_not_be_printed_is_closed_by_pressing_again(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = surveying.survey(cast)
    surveying.answered(row, 3, 2)
    sari = client_of(cast.sari)
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "render", lambda *_args, **_how: (_ for _ in ()).throw(pdf.CannotPrint("no memory")))
        assert sari.post(f"/buku/survei/{row.pk}/tutup").status_code == 503
    assert f"/buku/survei/{row.pk}/tutup" in sari.get(f"/buku/survei/{row.pk}/").content.decode()
    assert sari.post(f"/buku/survei/{row.pk}/tutup").status_code == 302
    assert Survey.objects.get(pk=row.pk).is_kept
