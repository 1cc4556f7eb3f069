"""The list of meetings, their papers and calendar files, the village's hour, and what the pages cost."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Meeting
from kentongan.village.models import User
from tests import make, meet
from tests.cast import Cast
from tests.web.desk.test_meetings import address, call, english, page, refused, typed

Clients = Callable[[User | None], Client]
States = Meeting.State


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_the_list_parts_what_comes_from_what_lacks_minutes(cast: Cast, client_of: Clients) -> None:
    row = make.complaint(cast, State.VERIFIED)
    later, sooner = (meet.called(cast, row, plan=meet.plan(cast.village, meet.today(cast.village, days=n))) for n in (5, 1))
    forgotten = meet.called(cast, row)
    Meeting.objects.filter(pk=forgotten.pk).update(
        starts_at=meet.today(cast.village, days=-3), ends_at=meet.today(cast.village, 10, -3)
    )
    client = english(client_of(cast.sari))
    client.post(address(later, "batal"), {"reason": "Tidak jadi."})
    found = client.get("/meja/rapat/").context
    assert [list(found[part]) for part in ("coming", "unwritten", "past")] == [[sooner], [forgotten], [later]]
    assert "Minutes are missing" in page(client, address(forgotten))
    assert "No meeting yet" in page(english(client_of(cast.tono)), "/meja/rapat/")


def test_the_hour_that_is_typed_is_the_villages_hour(cast: Cast, client_of: Clients) -> None:
    cast.village.zone = "Asia/Makassar"
    cast.village.save()
    row, sari = make.complaint(cast, State.VERIFIED), english(client_of(cast.sari))
    assert "(WITA)" in page(sari, f"/meja/rapat/baru/{row.number}/")
    meeting = call(sari, row, typed(cast, start1="2030-03-04T09:00"))
    assert meeting.starts_at == datetime(2030, 3, 4, 9, tzinfo=ZoneInfo("Asia/Makassar"))
    assert "4 March 2030, 09:00–10:30 WITA" in page(sari, address(meeting))
    assert 'value="2030-03-04T09:00"' in page(sari, address(meeting, "ubah"))
    event = icalendar.Calendar.from_ical(sari.get(f"{address(meeting)}rapat.ics").content).walk("VEVENT")[0]
    assert (event["DTSTART"].params["TZID"], f"{event['DTSTART'].dt:%H:%M}") == ("Asia/Makassar", "09:00")


PAPERS = {"undangan.pdf": "Undangan", "daftar-hadir.pdf": "DAFTAR HADIR", "berita-acara.pdf": "BERITA ACARA"}


@pytest.mark.parametrize("name", PAPERS)
def test_papers_come_as_pdf_on_the_paper_that_was_chosen(cast: Cast, client_of: Clients, name: str) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    meeting = meet.called(cast, row)
    for kertas, height in (("", 297), ("f4", 330), ("lain", 297)):
        response = sari.get(f"{address(meeting)}{name}?kertas={kertas}")
        assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
        assert response["Content-Disposition"] == f'inline; filename="{name.removesuffix(".pdf")}-{row.number}.pdf"'
        first = PdfReader(io.BytesIO(response.content)).pages[0]
        assert round(float(first.mediabox.height) * 25.4 / 72) == height
        assert PAPERS[name] in first.extract_text()


def test_the_calendar_file_is_a_download_and_nothing_comes_before_there_is_a_day(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    response = sari.get(f"{address(meet.called(cast, row))}rapat.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="rapat-{row.number}.ics"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert str(icalendar.Calendar.from_ical(response.content)["METHOD"]) == "PUBLISH"
    assert b"Karto" not in response.content
    proposed = meet.called(cast, row, plan=meet.plan(cast.village, *(meet.today(cast.village, days=n) for n in (1, 2))))
    for name in ("undangan.pdf", "berita-acara.pdf", "rapat.ics"):
        assert sari.get(f"{address(proposed)}{name}").status_code == 404
    assert sari.get(f"{address(proposed)}daftar-hadir.pdf").status_code == 200


def test_the_pages_cost_the_same_whatever_their_size(cast: Cast, client_of: Clients) -> None:
    row, sari = make.complaint(cast, State.VERIFIED), client_of(cast.sari)
    counted = []
    for n in (1, 8):
        for _one in range(n):
            meet.called(cast, row)
        with CaptureQueriesContext(connection) as queries:
            page(sari, "/meja/rapat/")
        with CaptureQueriesContext(connection) as of_complaint:
            page(sari, f"/meja/{row.number}/")
        assert len(of_complaint) <= 15
        counted.append(len(queries))
    assert counted[1] <= counted[0] <= 12


@pytest.mark.parametrize("slip", ["9999-12-31T23:59", "0001-01-01T00:00"])
def test_a_slip_in_the_year_of_a_meeting_is_asked_about(cast: Cast, client_of: Clients, slip: str) -> None:
    row, sari = make.complaint(cast, State.IN_PROGRESS), english(client_of(cast.sari))
    for field in ("start1", "start2"):
        said = refused(sari.post(f"/meja/rapat/baru/{row.number}/", typed(cast, **{field: slip})))
        assert "Write the day and the hour like 25-11-2026 09.30." in said
    meeting = meet.called(cast, row)
    moved = {"start": slip, "lasts": "60", "place": "Balai desa", "reason": "Pindah."}
    refused(sari.post(address(meeting, "ubah"), moved))
    assert Meeting.objects.get().sequence == 0
