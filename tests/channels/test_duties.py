"""What time does: the reply window ends in silence, forms that were never sent leave no files."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from kentongan.channels.duties import STAGED_FOR, drop_staged_files
from kentongan.channels.models import IncomingMessage
from kentongan.complaints import actions
from kentongan.complaints.duties import close_after_silence
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complaint, Event
from kentongan.lib.files import Clean
from kentongan.worker import DUTIES
from tests import make
from tests.cast import Cast

PICTURE = actions.NewFile("foto.jpg", Clean(b"\xff\xd8\xff", "image/jpeg", "jpg"))


def test_an_answer_nobody_objects_to_is_closed_when_the_reply_window_is_over(cast: Cast) -> None:
    answered = make.complaint(cast, State.RESPONDED)
    close_after_silence.call()
    assert Complaint.for_system("test").get(pk=answered.pk).state == State.RESPONDED
    with time_machine.travel(answered.due_at + timedelta(minutes=1)):
        close_after_silence.call()
    closed = Complaint.for_system("test").get(pk=answered.pk)
    assert (closed.state, closed.outcome) == (State.CLOSED, "RESOLVED")
    assert Event.for_system("test").filter(complaint=closed).last().data["silent"] is True


def test_files_of_a_form_never_sent_go_and_those_of_a_waiting_message_stay(cast: Cast) -> None:
    long_ago = timezone.now() - STAGED_FOR - timedelta(days=1)
    for token in ("left-open", "waiting", "fresh"):
        actions.keep([PICTURE], None, None, village_id=cast.village.pk, token=token)
    Attachment.objects.exclude(form_token="fresh").update(at=long_ago)
    IncomingMessage.objects.create(
        village=cast.village, channel="web", external_id="waiting", state=IncomingMessage.State.QUARANTINED, received_at=long_ago
    )
    drop_staged_files.call()
    assert set(Attachment.objects.values_list("form_token", flat=True)) == {"waiting", "fresh"}


def test_every_duty_of_the_worker_can_be_found() -> None:
    from django.utils.module_loading import import_string

    assert all(hasattr(import_string(duty.task), "enqueue") for duty in DUTIES)
