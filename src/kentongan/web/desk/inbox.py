"""``/meja/pesan/``: messages in which nothing clear was found, for the officer to judge."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kentongan.channels import intake
from kentongan.channels.models import IncomingMessage
from kentongan.channels.registry import label
from kentongan.complaints.models import Attachment
from kentongan.web.desk import entered, queues, timeline
from kentongan.web.desk.guard import OfficialRequest, desk_only

PAGE = 50


@desk_only
def inbox(request: OfficialRequest) -> HttpResponseBase:
    waiting = list(queues.messages(request.village)[: PAGE + 1])
    files: dict[str, list[Any]] = {}
    for row in Attachment.objects.filter(
        village=request.village, complaint=None, form_token__in=[m.external_id for m in waiting if m.external_id]
    ):
        files.setdefault(row.form_token, []).append(timeline.file_link(row))
    rows = [
        {"message": m, "channel": label(m.channel), "sender": m.sender.get("name", ""), "files": files.get(m.external_id, [])}
        for m in waiting[:PAGE]
    ]
    return render(request, "desk/inbox.html", {"rows": rows, "more": len(waiting) > PAGE})


@desk_only
@require_POST
def judge(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Enter a waiting message in the book, or set it aside."""
    message = get_object_or_404(IncomingMessage, pk=pk, village=request.village)
    if request.POST.get("do") == "release":
        if message.state == IncomingMessage.State.DISCARDED:
            messages.warning(request, _("Somebody has already set this message aside."))
            return redirect("desk:inbox")
        complaint = intake.release(message, by=request.user)
        return entered.onward(request, [complaint])
    if message.state == IncomingMessage.State.ACCEPTED:
        messages.warning(request, _("Somebody has already entered this message in the book."))
        return redirect("desk:inbox")
    intake.discard(message, by=request.user)
    messages.success(request, _("Set aside. The message is kept."))
    return redirect("desk:inbox")
