"""``/meja/pemberitahuan/``: what happened that concerns me. Behind the wall: of what I may no longer see I am told nothing."""

from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kentongan.channels.email import words
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from kentongan.web.desk.guard import OfficialRequest, official
from kentongan.web.public.timeline import LOOK

PAGE = 40


def mine(user: User) -> QuerySet[OutgoingMessage]:
    """The notices to a person about complaints he may still see."""
    return OutgoingMessage.objects.filter(to=user, channel="desk", complaint__in=Complaint.visible_to(user))


@official
def notices(request: OfficialRequest) -> HttpResponseBase:
    rows = mine(request.user).select_related("event", "complaint").order_by("-id")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    lines = [
        {
            "notice": row,
            "sentence": words.sentence(row.event),
            "shape": LOOK.get(row.event.kind, ("grey", "bell"))[1],
            "complaint": row.complaint,
        }
        for row in found[:PAGE]
        if row.event
    ]
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return render(
        request, "desk/notices.html", {"lines": lines, "older": older, "some_unread": any(row.read_at is None for row in found)}
    )


@official
@require_POST
def open_notice(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Mark it as read and go to its complaint."""
    row = get_object_or_404(mine(request.user), pk=pk)
    complaint = get_object_or_404(Complaint.visible_to(request.user), messages_out=row)
    OutgoingMessage.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=timezone.now())
    return redirect("desk:complaint", complaint.number)


@official
@require_POST
def read_all(request: OfficialRequest) -> HttpResponseBase:
    mine(request.user).filter(read_at__isnull=True).update(read_at=timezone.now())
    return redirect("desk:notices")
