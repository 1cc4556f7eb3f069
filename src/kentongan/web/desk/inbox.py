"""``/meja/pesan/``: messages in which nothing clear was found, for the officer to judge."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kentongan.channels import intake
from kentongan.channels.models import IncomingMessage
from kentongan.channels.registry import label
from kentongan.complaints.lifecycle import NotAllowed
from kentongan.complaints.models import Attachment, Complaint
from kentongan.web.desk import entered, queues, timeline
from kentongan.web.desk import list as list_
from kentongan.web.desk.guard import OfficialRequest, desk_only

PAGE = 50
DAYS_SHOWN = 30
LISTED = {IncomingMessage.State.QUARANTINED, IncomingMessage.State.AUTOMATIC}


@desk_only
def inbox(request: OfficialRequest) -> HttpResponseBase:
    automatic = "otomatis" in request.GET
    found = _automatic(request) if automatic else queues.messages(request.village)
    found = found.select_related("raw", "hint").defer("raw__content")
    waiting = list(found[: PAGE + 1])
    hints = {m.hint_id for m in waiting if m.hint_id}
    seen = set(Complaint.visible_to(request.user).filter(pk__in=hints).values_list("pk", flat=True))
    files: dict[str, list[Any]] = {}
    for row in Attachment.objects.filter(
        village=request.village, complaint=None, form_token__in=[m.external_id for m in waiting if m.external_id]
    ):
        files.setdefault(row.form_token, []).append(timeline.file_link(row))
    rows = [
        {
            "message": m,
            "channel": label(m.channel),
            "sender": m.sender.get("name", ""),
            "address": m.sender.get("email", ""),
            "files": files.get(m.external_id, []),
            "hint": m.hint if m.hint_id in seen else None,
            "raw": getattr(m, "raw", None),
        }
        for m in waiting[:PAGE]
    ]
    chats = queues.chats(request.user, request.village).filter(waits=True)[: queues.MOST].count()
    context = {"rows": rows, "more": len(waiting) > PAGE, "automatic": automatic, "chats": chats}
    return render(request, "desk/inbox.html", context)


def _automatic(request: OfficialRequest) -> QuerySet[IncomingMessage]:
    """What machines wrote in the last days and belongs to no complaint: a person's letter may have been taken for one."""
    since = timezone.now() - timedelta(days=DAYS_SHOWN)
    return IncomingMessage.objects.filter(
        village=request.village, state=IncomingMessage.State.AUTOMATIC, complaint=None, received_at__gt=since
    )


@desk_only
@require_POST
def judge(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Enter a waiting message in the book, or set it aside."""
    message = get_object_or_404(IncomingMessage, pk=pk, village=request.village)
    if message.state not in LISTED:
        messages.warning(request, _("Somebody has already dealt with this message."))
        return redirect("desk:inbox")
    if request.POST.get("do") == "release":
        return _released(request, message)
    if request.POST.get("do") == "join":
        return _joined(request, message)
    intake.discard(message, by=request.user)
    messages.success(request, _("Set aside. The message is kept."))
    return redirect("desk:inbox")


def _released(request: OfficialRequest, message: IncomingMessage) -> HttpResponseBase:
    try:
        complaint = intake.release(message, by=request.user)
    except Complaint.DoesNotExist:
        messages.warning(request, _("Somebody has already dealt with this message."))
        return redirect("desk:inbox")
    return entered.onward(request, [complaint])


def _joined(request: OfficialRequest, message: IncomingMessage) -> HttpResponseBase:
    """Put it to the complaint whose number was given."""
    number = list_.number_of(request.POST.get("number", "").strip())
    complaint = Complaint.visible_to(request.user).filter(number=number).first() if number else None
    if complaint is None:
        messages.warning(request, _("There is no complaint with this number here. Look it up under Desk."))
        return redirect("desk:inbox")
    try:
        intake.join(message, complaint, by=request.user)
    except IncomingMessage.DoesNotExist:
        messages.warning(request, _("Somebody has already dealt with this message."))
        return redirect("desk:inbox")
    except NotAllowed:
        messages.warning(
            request,
            _(
                "This complaint has ended, nothing can be added. Enter the message in the book, or open the complaint again first."
            ),
        )
        return redirect("desk:inbox")
    messages.success(request, _("Joined. It stands in the complaint's timeline."))
    return redirect("desk:complaint", complaint.number)
