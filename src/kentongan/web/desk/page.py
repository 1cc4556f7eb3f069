"""What one complaint's page needs, read once each: never more than fifteen queries with those of the frame."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from kentongan.channels.meta.models import NAMES
from kentongan.channels.registry import label
from kentongan.complaints import clocks, meetings
from kentongan.complaints.access import Circle
from kentongan.complaints.lifecycle import WORKING
from kentongan.complaints.models import Complaint, Response
from kentongan.village.models import User, Village
from kentongan.village.roles import Role
from kentongan.web.desk import chats, letters, rows, sheets, steps, timeline, upward
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.desk.steps import Setting


def setting_of(complaint: Complaint, user: User, village: Village) -> Setting:
    """Where steps are taken: circle, distribution and the answer on its way."""
    setting = Setting(complaint, user, village, Circle(complaint), events=list(complaint.events.all()))
    if setting.has_had("assigned", "reassigned"):
        given = list(complaint.assignments.all())
        setting.current = [row for row in given if row.ended_at is None]
        setting.answered = [row for row in given if row.answered_at and row.answered_at >= complaint.clock_from]
    if setting.has_had("task_added", "minuted"):
        setting.tasks = list(complaint.tasks.all())
    if setting.has_had("response_drafted") and complaint.state in WORKING:
        setting.response = complaint.responses.exclude(stage=Response.Stage.DELIVERED).last()
    return setting


def linked(complaint: Complaint, user: User) -> list[tuple[str, Complaint]]:
    """Other complaints it hangs together with, as far as the person may see them: (how, complaint)."""
    ties = Q(master=complaint) | Q(split_from=complaint)
    ties |= Q(pk__in=[pk for pk in (complaint.master_id, complaint.split_from_id) if pk])
    found = []
    for other in sorted(Complaint.visible_to(user).filter(ties).order_by()[:50], key=lambda other: other.pk):
        how = {complaint.master_id: "master", complaint.split_from_id: "origin"}.get(other.pk) or (
            "merged" if other.master_id == complaint.pk else "part"
        )
        found.append((how, other))
    return found


def offered_steps(setting: Setting) -> dict[str, Any]:
    """The steps this person may take now: the likely one and the near ones with their forms, the others as links to theirs.

    Forms are the dearest part of the page, and there may be thirty: those seldom wanted are made when they are opened.
    """
    verbs = steps.offered(setting)
    first = steps.likely(setting, verbs)
    likely: list[Any] = []
    near: list[Any] = []
    others: list[Any] = []
    for verb in verbs:
        step, entry = steps.FORMS[verb], {"verb": verb, "action": reverse("desk:step", args=[setting.complaint.number, verb])}
        if verb == first or verb in steps.NEAR:
            (likely if verb == first else near).append({**entry, "form": step(None, setting)})
        else:
            others.append({**entry, "label": step.label, "shape": step.shape, "danger": step.danger})
    return {"likely": likely, "near": near, "others": others, "meet": setting.may("convene")}


def render_complaint(
    request: OfficialRequest, setting: Setting, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of one complaint."""
    complaint = setting.complaint
    events = setting.events
    files = list(complaint.attachments.all())
    others = linked(complaint, request.user)
    known = {other.number for _how, other in others}
    first = [row for row in files if row.event_id is None or row.event_id == (events[0].pk if events else None)]
    later = [row for row in files if row not in first]
    may_see_code = setting.has_role(Role.OFFICER)
    known_by_mail = complaint.complainant is not None and bool(complaint.complainant.email)
    context = {
        "complaint": complaint,
        "setting": setting,
        "channel": label(complaint.channel),
        "printed_number": complaint.printed_number(request.village),
        "files": [timeline.file_link(row) for row in first],
        "entries": timeline.entries(events, later, known=known, sees_identity=setting.sees_identity),
        "steps": offered_steps(setting),
        "response": setting.response,
        "waiting_for": Role(setting.response.waiting_for).label if setting.response and setting.response.waiting_for else "",
        "deliveries": _deliveries(complaint, setting) if setting.has_had("responded", "delivered") else [],
        "referrals": upward.sent_to(complaint, setting.roles, _answered_at(request)) if setting.has_had("referred") else [],
        "meetings": meetings.meetings_of(complaint, request.user) if setting.has_had("convened") else [],
        "assignments": [(row, row.responder_id in setting.circle.members) for row in setting.current],
        "today": timezone.localdate(),
        "letters": letters.of_complaint(complaint, request.user) if may_see_code and known_by_mail else [],
        "sheets": sheets.of_complaint(setting),
        "to_be_posted": sheets.to_be_posted(setting),
        "came_by_mail": may_see_code and any(event.via == "email" for event in events),
        "chats": chats.of_complaint(complaint, request.user) if may_see_code and _came_by_chat(setting) else [],
        "linked": others,
        "extensions": sum(event.kind == "deadline_extended" for event in events),
        "legal_clocks": clocks.legal(complaint, request.village),
        "calendar": rows.calendar(request.village),
        "may_see_code": may_see_code,
        "may_archive": setting.may("take_archive"),
    }
    return render(request, "desk/complaint.html", context | (extra or {}), status=status)


def _came_by_chat(setting: Setting) -> bool:
    return bool({setting.complaint.channel, *(event.via for event in setting.events)} & NAMES.keys())


def _answered_at(request: OfficialRequest) -> str:
    """The address where agencies answer."""
    return request.build_absolute_uri(reverse("public:agency"))


def _deliveries(complaint: Complaint, setting: Setting) -> list[dict[str, Any]]:
    rows_ = complaint.deliveries.all()
    return [
        {
            "at": row.at,
            "to": row.to if setting.sees_identity else "",
            "how": label(row.how),
            "reached": row.result == "REACHED",
            "note": row.note,
            "by": row.by_label,
        }
        for row in rows_
    ]
