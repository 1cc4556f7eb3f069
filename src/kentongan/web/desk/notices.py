"""``/meja/pemberitahuan/``: what happened that concerns me. Behind the wall: of what I may no longer see I am told nothing."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from kentongan.channels import report_notices
from kentongan.channels.email import words
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import sent_reports
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from kentongan.web.desk.guard import OfficialRequest, official
from kentongan.web.public.timeline import LOOK

PAGE = 40


def mine(user: User) -> QuerySet[OutgoingMessage]:
    """The notices to a person about complaints he may still see, and reports he may be told of."""
    seen = Q(complaint__in=Complaint.visible_to(user)) | Q(report__in=sent_reports.notices_for(user))
    return OutgoingMessage.objects.filter(seen, to=user, channel="desk")


@official
def notices(request: OfficialRequest) -> HttpResponseBase:
    rows = mine(request.user).select_related("event", "complaint", "report__report").order_by("-id")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    lines = [line for line in map(_line, found[:PAGE]) if line]
    older = f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else ""
    return render(
        request, "desk/notices.html", {"lines": lines, "older": older, "some_unread": any(row.read_at is None for row in found)}
    )


def _line(row: OutgoingMessage) -> dict[str, Any] | None:
    if row.report:
        number = row.report.report.number if row.report.report else ""
        said = {"number": number, "about": row.report.name, "at": row.report.at, "by": ""}
        return {"notice": row, "sentence": report_notices.sentence(row.report), "shape": "file", **said}
    if row.event is None or row.complaint is None:
        return None
    said = {"number": row.complaint.number, "about": row.complaint.subject, "at": row.event.at, "by": row.event.by_label}
    return {"notice": row, "sentence": words.sentence(row.event), "shape": LOOK.get(row.event.kind, ("grey", "bell"))[1], **said}


@official
@require_POST
def open_notice(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Mark it as read and go to its complaint, or to its report."""
    row = get_object_or_404(mine(request.user).select_related("complaint", "report"), pk=pk)
    OutgoingMessage.objects.filter(pk=row.pk, read_at__isnull=True).update(read_at=timezone.now())
    if row.report:
        return redirect(report_notices.path(row.report))
    complaint = get_object_or_404(Complaint.visible_to(request.user), messages_out=row)
    return redirect("desk:complaint", complaint.number)


@official
@require_POST
def read_all(request: OfficialRequest) -> HttpResponseBase:
    mine(request.user).filter(read_at__isnull=True).update(read_at=timezone.now())
    return redirect("desk:notices")
