"""What time does to complaints, as durable jobs; ``worker.DUTIES`` says when."""

from django.utils import timezone

from kentongan.complaints import actions
from kentongan.complaints.lifecycle import NotAllowed, State
from kentongan.complaints.models import Complaint
from kentongan.jobs.backend import task


@task()
def close_after_silence() -> None:
    """Close what was answered and not objected to within the reply window."""
    waiting = Complaint.for_system("the reply window is over").filter(state=State.RESPONDED, due_at__lt=timezone.now())
    for complaint in waiting.order_by("due_at")[:500]:
        try:
            actions.close(complaint, by=None)
        except NotAllowed:
            continue  # the complainant or the officer was faster
