"""The register of outgoing letters on the screen: read, taken away, and a number cancelled with a reason."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from django.urls import reverse

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, LetterNumber, Meeting
from tests import make, meet
from tests.cast import Cast

ClientOf = Callable[[Any], Client]
REGISTER = "/buku/surat-keluar/"


def numbered(cast: Cast, **how: Any) -> tuple[Complaint, LetterNumber]:
    row = make.complaint(cast, State.AWAITING_COMPLAINANT, **how)
    actions.number_letter(row, letter="completion", by=cast.sari)
    return row, LetterNumber.objects.filter(complaint=row)[0]


def cancel(client: Client, given: LetterNumber, reason: str = "=Salah alamat.") -> Any:
    return client.post(reverse("book:cancel_number", args=[given.pk]), {"reason": reason})


def test_the_register_shows_each_number_and_takes_it_away_as_text(cast: Cast, client_of: ClientOf) -> None:
    row, given = numbered(cast)
    sari = client_of(cast.sari)
    page = sari.get(REGISTER).content.decode()
    assert given.number in page
    assert f"/meja/{row.number}/" in page
    assert make.KARTO.name not in page
    assert cancel(sari, given).headers["Location"].startswith(REGISTER)
    table = sari.get("/buku/surat-keluar/surat-keluar.csv").content.decode()
    assert given.number in table
    assert ",'=Salah alamat." in table
    assert sari.get(REGISTER + "?year=1850").status_code == sari.get(REGISTER + "?year=x").status_code == 200
    assert given.number not in sari.get(REGISTER + "?year=2001").content.decode()


def test_who_is_shut_out_reads_that_a_number_is_used_and_no_more(cast: Cast, client_of: ClientOf) -> None:
    numbered(cast)
    hidden, given = numbered(cast, named=(cast.harun.pk,))
    numbered(cast)
    harun = client_of(cast.harun)
    for address in (REGISTER, "/buku/surat-keluar/surat-keluar.csv"):
        page = harun.get(address).content.decode()
        assert "490 · 2" in page
        assert given.number not in page
        assert hidden.number not in page
    assert harun.get(reverse("book:cancel_number", args=[given.pk])).status_code == 404
    assert cancel(harun, given).status_code == 404


def test_a_number_is_cancelled_with_a_reason_and_the_letter_offers_another(cast: Cast, client_of: ClientOf) -> None:
    row, given = numbered(cast)
    lastri = client_of(cast.lastri)
    assert cancel(lastri, given, " ").status_code == 422
    assert given.number in lastri.get(reverse("book:cancel_number", args=[given.pk])).content.decode()
    assert cancel(lastri, given).status_code == 302
    page = lastri.get(REGISTER).content.decode()
    assert f"<s>{given.number}</s>" in page
    assert cancel(lastri, given).status_code == 302  # again: told that it is
    assert row.events.filter(kind="number_cancelled").count() == 1
    complaint = lastri.get(f"/meja/{row.number}/").content.decode()
    assert "number_letter" in complaint
    assert "=Salah alamat." in complaint


def test_cover_letter_and_invitation_are_numbered_again_by_a_button(cast: Cast, client_of: ClientOf) -> None:
    row = make.complaint(cast, State.REFERRED)
    meeting = meet.called(cast, row)
    sari = client_of(cast.sari)
    for given in LetterNumber.objects.all():
        assert cancel(sari, given).status_code == 302
    page = sari.get(f"/meja/{row.number}/").content.decode()
    assert 'value="referral"' in page
    assert f"{row.events.get(kind='referred').data['number']}: " in page  # the history says that it is cancelled
    sari.post(reverse("desk:step", args=[row.number, "number_letter"]), {"letter": "referral"})
    assert row.referrals.get().letter_number
    assert reverse("desk:meeting_step", args=[meeting.pk, "nomor"]) in sari.get(f"/meja/rapat/{meeting.pk}/").content.decode()
    sari.post(reverse("desk:meeting_step", args=[meeting.pk, "nomor"]))
    assert Meeting.objects.get(pk=meeting.pk).letter_number
    assert LetterNumber.objects.filter(cancelled_at=None).count() == 2


def test_only_officer_and_secretary_cancel(cast: Cast, client_of: ClientOf) -> None:
    _row, given = numbered(cast)
    assert cancel(client_of(cast.harun), given).status_code == 403
    assert cancel(client_of(cast.joko), given).status_code == 403
    assert LetterNumber.objects.get().cancelled_at is None
