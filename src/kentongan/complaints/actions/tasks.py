"""Tasks inside a complaint: what one person does by a day, several lines a checklist."""

from collections.abc import Iterable
from datetime import date

from kentongan.complaints.access import WHOLE_BOOK
from kentongan.complaints.actions._act import Act, acting
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Complaint, Task
from kentongan.village.models import User
from kentongan.village.roles import Role


class TaskOfAnother(NotYours):
    """The task was given to somebody else, and who tried is not of the desk."""


def add_task(
    complaint: Complaint, *, what: Iterable[str], by: User, who: User | None = None, due_on: date | None = None
) -> Complaint:
    """Give one or several tasks, in order. ``who=None``: whoever of the team comes to it first.

    Who is given one sees the complaint while it is open. Raises ``NotYours`` when that person may not see the complaint,
    ``ValueError`` without any words.
    """
    with acting(complaint, "add_task", by=by) as act:
        lines = [line.strip()[:300] for line in what if line.strip()]
        if not lines:
            raise ValueError("a task without words")
        if who and who.pk not in act.circle.members:
            raise NotYours("add_task")
        last = act.complaint.tasks.order_by("order").values_list("order", flat=True).last() or 0
        for order, line in enumerate(lines, start=last + 1):
            _insert(act, line, order, who, due_on)
        day = due_on.isoformat() if due_on else ""
        act.record(
            "task_added", text="\n".join(lines), to=[who.standing.label] if who else [], who=who.pk if who else 0, by_day=day
        )
    return act.complaint


def _insert(act: Act, what: str, order: int, who: User | None, due_on: date | None) -> None:
    Task.objects.create(
        village=act.village, complaint=act.complaint, what=what, order=order, due_on=due_on, at=act.now, by_label=act.label,
        who=who, who_label=who.standing.label if who else "",
    )  # fmt: skip


def finish_task(complaint: Complaint, *, task: int, by: User) -> Complaint:
    """Tick a task (by its id) off. Raises ``NotAllowed`` when it is done already, or none of this complaint; ``TaskOfAnother``."""
    with acting(complaint, "finish_task", by=by) as act:
        row = act.complaint.tasks.filter(pk=task, done_at__isnull=True).first()
        if row is None:
            raise NotAllowed("finish_task", act.complaint.state)
        if not may_finish(row, by, act.circle.roles_of(by)):
            raise TaskOfAnother("finish_task")
        row.done_at, row.done_by = act.now, act.label
        row.save()
        act.record("task_finished", text=row.what)
    return act.complaint


def may_finish(task: Task, user: User, roles: frozenset[Role]) -> bool:
    """Whether this person, with the roles he fills here, ticks the task off: his own, what is nobody's, or anybody's as the desk."""
    return task.who_id is None or task.who_id in user.standing.acts_for or not roles.isdisjoint(WHOLE_BOOK)
