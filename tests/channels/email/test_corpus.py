"""Every nasty letter there is, through the whole desk: exactly one end for each, its bytes kept, and the book whole afterwards."""

from collections import Counter

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kentongan.channels.email import store, understand
from kentongan.channels.models import IncomingMessage, OutgoingMessage, RawLetter
from kentongan.complaints import ledger
from kentongan.complaints.models import Complaint
from tests import letters
from tests.cast import Cast
from tests.channels.email import corpus

pytestmark = pytest.mark.django_db
states = IncomingMessage.State
ENDS = {"text": {states.ACCEPTED}, "automatic": {states.AUTOMATIC}, "quarantine": {states.QUARANTINED}}


def kept(cast: Cast, raw: bytes) -> IncomingMessage | None:
    return store.keep(cast.village.pk, raw, source="pipe", arrived=timezone.now())


def test_each_nasty_letter_has_one_end_and_keeps_its_bytes(cast: Cast) -> None:
    letters.mailbox(cast.village)
    stored = {name: kept(cast, nasty.raw) for name, nasty in corpus.all_messages().items()}
    twice = [name for name, message in stored.items() if message is None]
    assert twice == ["twice_the_second"]
    while understand.pending():
        continue
    wrong = {}
    for name, message in stored.items():
        if message is None:
            continue
        row = IncomingMessage.objects.get(pk=message.pk)
        nasty = corpus.all_messages()[name]
        assert bytes(row.raw.content) == nasty.raw
        assert (row.complaint_id is not None) == (row.state in {states.ACCEPTED, states.JOINED}), name
        if row.state not in ENDS[nasty.expect]:
            wrong[name] = f"{row.state} {row.reason}, not {nasty.expect}"
    assert not wrong, wrong
    assert Complaint.for_system("test").count() == IncomingMessage.objects.filter(state=states.ACCEPTED).count()
    assert list(ledger.faults()) == []


def test_no_nasty_letter_makes_the_desk_write_to_a_machine_or_twice_to_anybody(cast: Cast) -> None:
    letters.mailbox(cast.village)
    for nasty in corpus.all_messages().values():
        kept(cast, nasty.raw)
    while understand.pending():
        continue
    written = letters.goes_out(cast.village)
    assert max(Counter(letter.event_id or -letter.incoming_id for letter in written).values()) == 1  # type: ignore[operator]
    sent = Counter(letter.address for letter in written if letter.state != OutgoingMessage.State.HELD)
    assert max(sent.values()) <= 8
    assert not any(address.startswith(("no-reply", "noreply", "mailer-daemon", "postmaster")) for address in sent)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    which=st.sampled_from(sorted(corpus.all_messages())),
    cut=st.integers(0, 4000),
    noise=st.binary(max_size=60),
    header=st.sampled_from([b"", b"Subject: ", b"From: ", b"Content-Type: multipart/mixed; boundary=x", b"References: "]),
)
def test_whatever_is_made_of_them_has_one_end(cast: Cast, which: str, cut: int, noise: bytes, header: bytes) -> None:
    raw = corpus.all_messages()[which].raw
    made = header + noise + b"\n" + raw[:cut] + noise + raw[cut:]
    message = kept(cast, made)
    if message is None:
        return
    while understand.pending():
        continue
    row = IncomingMessage.objects.get(pk=message.pk)
    assert row.state in {states.ACCEPTED, states.QUARANTINED, states.AUTOMATIC, states.JOINED}
    assert bytes(RawLetter.objects.get(message=row).content) == made
