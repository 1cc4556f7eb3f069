"""Lines of complaints for lists, made ready in a fixed number of queries, whoever reads and however long the book."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kentongan.complaints import access, clocks
from kentongan.complaints.deadlines import Calendar
from kentongan.complaints.models import Assignment, Complaint, Task
from kentongan.village.models import User, Village
from kentongan.web.templatetags.kentongan import icon, short_day


@dataclass(frozen=True)
class Row:
    """One complaint as these eyes may see it: ``who`` complains, ``holders`` who have it, ``tasks`` to be done by who looks."""

    complaint: Complaint
    who: str
    holders: list[str] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def holder(self) -> str:
        return ", ".join(self.holders)

    @property
    def below(self) -> SafeString:
        """The tasks below the line, each with its day; late ones say so."""
        if not self.tasks:
            return SafeString("")
        return format_html(
            '<ul class="plain row-tasks small">{}</ul>', format_html_join("", "<li>{}{}</li>", map(_task, self.tasks))
        )


def _task(task: Task) -> tuple[str, SafeString]:
    if task.due_on is None:
        return task.what, SafeString("")
    late = task.due_on < timezone.localdate()
    words = [gettext("Late")] if late else []
    day = " · ".join([*words, short_day(task.due_on)])
    return task.what, format_html(
        ' <span class="clock {}">{}{}</span>', "warn" if late else "", icon("alert" if late else "clock"), day
    )


def with_holders(complaints: QuerySet[Complaint]) -> QuerySet[Complaint]:
    """The same rows with what a line of the list shows: place, complainant, and to whom they are distributed."""
    current = Prefetch("assignments", Assignment.objects.filter(ended_at__isnull=True), to_attr="current")
    return complaints.select_related("hamlet", "complainant").prefetch_related(current)


def lines(complaints: Iterable[Complaint], user: User) -> list[Row]:
    """The rows of a list; hidden identities stay hidden from everyone but the complaint officer."""
    return [
        Row(complaint, who(complaint, user), [post_of(a.responder_label) for a in getattr(complaint, "current", [])])
        for complaint in complaints
    ]


def with_tasks(rows: list[Row], user: User) -> list[Row]:
    """The same rows, each with the open tasks of this person."""
    tasks: dict[int, list[Task]] = {}
    known = [row.complaint.pk for row in rows]
    for task in Task.objects.filter(complaint__in=known, who__in=user.standing.acts_for, done_at__isnull=True):
        tasks.setdefault(task.complaint_id, []).append(task)
    return [replace(row, tasks=tasks.get(row.complaint.pk, [])) for row in rows]


def who(complaint: Complaint, user: User) -> str:
    """The complainant in a list: the name, or the word that stands for it."""
    if complaint.complainant is None:
        return gettext("No name given")
    if complaint.identity_hidden and not access.knows_hidden(user, complaint):
        return gettext("Identity hidden")
    return complaint.complainant.name or complaint.complainant.phone_shown or complaint.complainant.email


def post_of(label: str) -> str:
    """``Kasi Kesejahteraan`` of ``Joko Santosa — Kasi Kesejahteraan``."""
    name, _, post = label.partition(" — ")
    return post or name


def calendar(village: Village) -> Calendar:
    return clocks.calendar_of(village)
