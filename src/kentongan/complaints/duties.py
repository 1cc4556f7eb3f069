"""What time does to complaints, as durable jobs; ``worker.DUTIES`` says when."""

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from kentongan.complaints import actions, plans, reminders
from kentongan.complaints.lifecycle import NotAllowed, State
from kentongan.complaints.models import Complaint, Outcome, Reminder
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


@task(atomic=False)
def remind() -> None:
    """Remind of every deadline that comes, is there, or has passed; each chunk is a transaction of its own."""
    reminders.sweep()


@task()
def ask_about_plans() -> None:
    """Have the village asked about what was planned for a month that has come."""
    reason = Concat(Value("plan:"), Cast("planned_on", CharField()))
    asked = Reminder.objects.filter(complaint=OuterRef("pk"), reason=OuterRef("of_plan"))
    planned = Complaint.for_system("plans whose month has come").annotate(of_plan=reason)
    come = planned.filter(state__in=plans.STAND, outcome=Outcome.PLANNED, planned_on__lte=timezone.localdate())
    for complaint in come.exclude(Exists(asked)).order_by("planned_on", "pk")[:500]:
        try:
            actions.ask_about_plan(complaint)
        except NotAllowed:
            continue  # another worker was faster
