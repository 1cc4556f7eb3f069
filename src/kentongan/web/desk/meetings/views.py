"""``/meja/rapat/``: meetings. Called from a complaint; then a page each, with its steps and papers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kentongan.channels.email import invitations
from kentongan.complaints import actions, meetings
from kentongan.complaints.lifecycle import STEPS, NotAllowed, NotYours
from kentongan.complaints.models import Complaint, Meeting
from kentongan.village.models import Village
from kentongan.web.desk import page
from kentongan.web.desk.guard import OfficialRequest, find, official
from kentongan.web.desk.meetings import rows
from kentongan.web.desk.meetings.forms import FORMS, Convene, MeetingForm
from kentongan.web.desk.meetings.seat import OPEN, Seat, seat_of, told
from kentongan.web.desk.steps.views import stale
from kentongan.web.papers import base_of, paper

MOST = 100  # of each part of the list
Papers = Callable[..., bytes]


@official
@require_safe
def all_meetings(request: OfficialRequest) -> HttpResponse:
    """Those to come, the nearest first; those held of which nobody wrote the minutes; the others, the newest first."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with_complaints = Prefetch("complaints", Complaint.visible_to(request.user).order_by("pk"))
    seen = meetings.meetings_for(request.user).prefetch_related(with_complaints)
    open_ones = list(seen.filter(state__in=OPEN)[:MOST])
    coming = [row for row in open_ones if row.starts_at is None or row.starts_at >= midnight]
    context = {
        "coming": sorted(coming, key=_first_moment),
        "unwritten": [row for row in open_ones if row not in coming],
        "past": seen.exclude(state__in=OPEN).order_by("-at", "-id")[:MOST],
    }
    return render(request, "desk/meetings.html", context)


def _first_moment(meeting: Meeting) -> datetime:
    return meeting.starts_at or min(meeting.proposed, default=meeting.at)


# --- call one ----------------------------------------------------------------------------------------------------------


@official
def convene(request: OfficialRequest, number: str) -> HttpResponseBase:
    setting = page.setting_of(find(request.user, number), request.user, request.village)
    if setting.roles.isdisjoint(STEPS["convene"].roles):
        holders = [
            setting.circle.members[user.pk] for user in setting.circle.holders("convene") if user.pk in setting.circle.members
        ]
        return _not_yours(request, [f"{row.user} — {row.post}" for row in holders], Convene.label, setting.complaint)
    form = Convene(request.POST if request.method == "POST" else None, setting)
    if setting.state not in STEPS["convene"].sources:
        return stale(request, setting, form)
    status = 200
    if form.is_bound:
        status = 422
        meeting = _called(request, form) if form.is_valid() else None
        if meeting is not None:
            messages.success(request, str(form.done))
            return redirect("desk:meeting", meeting.pk)
    context = {"form": form, "complaint": setting.complaint, "capacities": rows.CAPACITIES}
    return render(request, "desk/meeting_new.html", context, status=status)


def _called(request: OfficialRequest, form: Convene) -> Meeting | None:
    """The meeting; ``None`` when it was refused, with the sentence on the form. Raises ``Http404`` (the wall)."""
    try:
        return form.call(request.user)
    except actions.CannotMeet as refusal:
        form.add_error(None, str(refusal))
    except Complaint.DoesNotExist:
        raise Http404("no such complaint here") from None
    except (NotYours, NotAllowed):
        form.add_error(None, _faster())
    return None


def _faster() -> str:
    return gettext("Somebody was faster: one of the complaints no longer allows it. Look at it, then decide.")


# --- one meeting -------------------------------------------------------------------------------------------------------


@official
@require_safe
def meeting(request: OfficialRequest, pk: int) -> HttpResponse:
    seat = seat_of(pk, request.user, request.village)
    offered = [form for form in FORMS.values() if seat.may_lead and form.offered(seat)]
    context = {
        "meeting": seat.meeting,
        "seat": seat,
        "invited": told(seat),
        "decisions": seat.meeting.decisions.select_related("complaint"),
        "steps": [form(None, seat) for form in offered if form.deed != "notulen"],
        "minutes_offered": any(form.deed == "notulen" for form in offered),
        "capacities": rows.CAPACITIES,
        "today": timezone.localdate(),
    }
    return render(request, "desk/meeting.html", context)


@official
def step(request: OfficialRequest, pk: int, deed: str) -> HttpResponseBase:
    """One later step. Opened, it is the form alone; sent, the action and back to the meeting."""
    seat = seat_of(pk, request.user, request.village)
    if deed not in FORMS:
        raise Http404("no such step")
    if not seat.may_lead:
        return _not_yours(request, seat.leaders, FORMS[deed].label, seat.complaints[0])
    form = FORMS[deed](request.POST if request.method == "POST" else None, seat)
    if form.is_bound:
        if form.is_valid() and _taken(request, form):
            messages.success(request, str(form.done))
            return redirect("desk:meeting", pk)
        return _alone(request, seat, form, 422)
    if not form.offered(seat):
        return redirect("desk:meeting", pk)
    return _alone(request, seat, form)


def _taken(request: OfficialRequest, form: MeetingForm) -> bool:
    """Whether the step was taken; a refusal stands on the form. Raises ``Http404`` (the wall)."""
    try:
        form.take(request.user)
    except actions.CannotMeet as refusal:
        form.add_error(None, str(refusal))
        return False
    except Complaint.DoesNotExist:
        raise Http404("no such meeting here") from None
    except (NotYours, NotAllowed):
        form.add_error(None, _faster())
        return False
    return True


def _alone(request: OfficialRequest, seat: Seat, form: MeetingForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "seat": seat, "meeting": seat.meeting, "capacities": rows.CAPACITIES}
    template = "desk/meeting_minutes.html" if form.deed == "notulen" else "desk/meeting_step.html"
    return render(request, template, context, status=status)


def _not_yours(request: OfficialRequest, holders: list[str], label: Any, complaint: Complaint) -> HttpResponse:
    context = {"holders": holders, "step": label, "complaint": complaint}
    return render(request, "desk/not_yours.html", context, status=403)


# --- papers ------------------------------------------------------------------------------------------------------------


def _paper(request: OfficialRequest, pk: int, name: str, title: str, file: str) -> HttpResponseBase:
    """A paper of a meeting; ``?kertas=f4`` on folio paper. Raises ``Http404``, before there is a date too."""
    from kentongan.reports import meeting as papers

    seat = seat_of(pk, request.user, request.village)
    size = "F4" if request.GET.get("kertas") == "f4" else "A4"
    make: Papers = getattr(papers, name)
    try:
        content = make(seat.meeting, request.village, request.user, paper=size, base=base_of(request, file), file=file)
    except ValueError:
        raise Http404("no day yet") from None
    return paper(content, f"{title}-{seat.complaints[0].number}.{file}")


@official
@require_safe
def invitation(request: OfficialRequest, pk: int, file: str = "pdf") -> HttpResponseBase:
    return _paper(request, pk, "invitation", "undangan", file)


@official
@require_safe
def attendance(request: OfficialRequest, pk: int, file: str = "pdf") -> HttpResponseBase:
    return _paper(request, pk, "attendance", "daftar-hadir", file)


@official
@require_safe
def minutes(request: OfficialRequest, pk: int, file: str = "pdf") -> HttpResponseBase:
    """The minutes; before they are written, a form to be filled in by hand."""
    return _paper(request, pk, "minutes", "berita-acara", file)


@official
@require_safe
def calendar(request: OfficialRequest, pk: int) -> HttpResponse:
    """The meeting for one's own calendar."""
    seat = seat_of(pk, request.user, request.village)
    village: Village = request.village
    try:
        content = invitations.published(seat.meeting, village)
    except ValueError:
        raise Http404("no day yet") from None
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rapat-{seat.complaints[0].number}.ics"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
