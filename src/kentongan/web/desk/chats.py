"""``/meja/pesan/percakapan/``: what residents write on Instagram and WhatsApp. The officer says what becomes of it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kentongan.channels.email.troubles import Trouble
from kentongan.channels.meta import conversations, joining, media, sending, windows
from kentongan.channels.meta.kinds import KINDS
from kentongan.channels.meta.troubles import TROUBLES
from kentongan.channels.models import ChatMessage, Conversation
from kentongan.channels.registry import label
from kentongan.complaints.lifecycle import ENDED, OPEN, NotAllowed
from kentongan.complaints.models import Attachment, Complaint
from kentongan.lib import phones
from kentongan.lib.text import one_line, whole
from kentongan.lib.tokens import new_token
from kentongan.village.models import User, Village
from kentongan.village.roles import Role
from kentongan.web.desk import queues, timeline
from kentongan.web.desk.guard import OfficialRequest, circle_for, desk_only, official, takes_entries
from kentongan.web.public.fields import Words
from kentongan.web.public.timeline import FileLink

PAGE = 50
MOST_SHOWN = 200  # messages on one page, the newest
STUCK = (ChatMessage.State.SHUT, ChatMessage.State.FAILED, ChatMessage.State.UNSURE)
LONGEST_REPLY = 8000
MOST_OFFERED = 4  # complaints of the same person


class ReplyForm(forms.Form):
    use_required_attribute = False
    text = Words(
        label=gettext_lazy("Your answer"), longest=LONGEST_REPLY, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the answer first.")},
    )  # fmt: skip
    token = forms.CharField(max_length=60, widget=forms.HiddenInput)
    until = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Line:
    """A message as the desk reads it."""

    message: ChatMessage
    kind: Promise | str
    trouble: Trouble | None
    files: list[FileLink]
    complaint: Complaint | None


def found(user: User, village: Village, pk: Any) -> Conversation | None:
    """The conversation, for who may read it: who takes entries, and of one joined to a complaint who fills the officer's place there."""
    row = Conversation.objects.filter(village=village, pk=whole(str(pk)) or 0).select_related("complaint").first()
    if row is None:
        return None
    if row.complaint is None:
        return row if takes_entries(user) else None
    seen = Complaint.visible_to(user).filter(pk=row.complaint_id or 0).first()
    return row if seen and circle_for(seen, user, Role.OFFICER) else None


def may_see_file(user: User, village: Village, token: str) -> bool:
    """Whether a file belongs to a message, joined to no complaint yet, of a conversation this person may read."""
    key = joining.message_of(token)
    message = ChatMessage.objects.filter(village=village, pk=key, complaint=None, unsent_at=None).first() if key else None
    return message is not None and found(user, village, message.conversation_id) is not None


def _mine(request: OfficialRequest, pk: int) -> Conversation:
    """Raises ``Http404``."""
    row = found(request.user, request.village, pk)
    if row is None:
        raise Http404("not his to read")
    return row


@desk_only
@require_safe
def chats(request: OfficialRequest) -> HttpResponseBase:
    """Those that wait, or with ``?semua`` all; the newest first."""
    every = "semua" in request.GET
    rows = queues.chats(request.user, request.village).filter(messages__kind__gt="").distinct()
    rows = rows if every else rows.filter(waits=True)
    before = whole(request.GET.get("halaman", "")) or 0
    shown = list(rows.order_by("-last_at", "-pk").select_related("complaint")[before * PAGE : before * PAGE + PAGE + 1])
    context = {
        "rows": [
            {"chat": row, "who": who(row), "channel": label(row.channel), "last": _last(row, request.user)}
            for row in shown[:PAGE]
        ],
        "older": f"?{'semua&' if every else ''}halaman={before + 1}" if len(shown) > PAGE else "",
        "every": every,
    }
    return render(request, "desk/chats.html", context)


def who(row: Conversation) -> str:
    """The person as he calls himself."""
    contact = conversations.contact(row)
    return (
        contact.name
        or (phones.national(contact.phone) if contact.phone else "")
        or _("Somebody on %(channel)s") % {"channel": label(row.channel)}
    )


def of_complaint(complaint: Complaint, user: User) -> list[dict[str, Any]]:
    """The conversations that belong to a complaint, and what of ours waits or failed there, for who fills the officer's place."""
    of_it = Q(complaint=complaint) | Q(messages__complaint=complaint)
    rows = queues.chats(user, complaint.village_id).filter(of_it).distinct().order_by("pk")
    stuck = complaint.chat_messages.filter(ours=True, state__in=STUCK).order_by("pk")
    found: dict[int, dict[str, Any]] = {row.pk: {"pk": row.pk, "who": who(row), "stuck": []} for row in rows}
    for message in stuck.filter(conversation__in=found):
        found[message.conversation_id]["stuck"].append((message.get_state_display(), TROUBLES.get(message.reason)))
    return list(found.values())


def _last(row: Conversation, user: User) -> str:
    """The beginning of what was said last, as far as the wall lets this person read it."""
    mine = Q(complaint__isnull=True) | Q(complaint__in=Complaint.visible_to(user))
    message = row.messages.filter(mine).exclude(kind="").order_by("at", "pk").last()
    if message is None:
        return ""
    words = "" if message.unsent_at else one_line(message.text, 120)
    return words or str(KINDS.get(message.kind, ""))


@official
@require_safe
def chat(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """One conversation, the newest message last."""
    return _page(request, _mine(request, pk))


def _page(request: OfficialRequest, row: Conversation, form: ReplyForm | None = None, status: int = 200) -> HttpResponseBase:
    waiting = joining.unjoined(row)
    context = {
        "chat": row,
        "who": who(row),
        "contact": conversations.contact(row),
        "channel": label(row.channel),
        "lines": _lines(row, request.user),
        "unjoined": len(waiting),
        "until": _until(row),
        "may_enter": takes_entries(request.user),
        "offered": offered(row, request.user),
        "window": windows.of(row, media.account_of(row)),
        "only_comments": row.window_at is None,
        "form": form or ReplyForm(initial={"token": new_token(), "until": _until(row)}),
    }
    return render(request, "desk/chat.html", context, status=status)


def _until(row: Conversation) -> int:
    return row.messages.order_by("-pk").values_list("pk", flat=True).first() or 0


def _lines(row: Conversation, user: User) -> list[Line]:
    """What was said, without what belongs to complaints the wall keeps from this person."""
    said = list(row.messages.exclude(kind="").order_by("-at", "-pk")[:MOST_SHOWN])[::-1]
    seen = Complaint.visible_to(user).in_bulk({message.complaint_id for message in said if message.complaint_id})
    tokens = {joining.token(message): message.pk for message in said}
    files: dict[str, list[FileLink]] = {}
    for file in Attachment.objects.filter(village=row.village_id, form_token__in=list(tokens)):
        if file.complaint_id is None or file.complaint_id in seen:
            files.setdefault(file.form_token, []).append(timeline.file_link(file))
    return [
        Line(
            message,
            KINDS.get(message.kind, ""),
            TROUBLES.get(message.reason),
            files.get(joining.token(message), []),
            seen.get(message.complaint_id or 0),
        )
        for message in said
        if message.complaint_id is None or message.complaint_id in seen
    ]


def offered(row: Conversation, user: User) -> list[Complaint]:
    """Open complaints of the same person: the one talked about, then those with his telephone number."""
    own = [row.complaint] if row.complaint and row.complaint.state not in ENDED else []
    phone = conversations.contact(row).phone
    others = Complaint.visible_to(user).filter(village=row.village_id, complainant__phone=phone, state__in=OPEN)
    of_number = others.order_by("-pk")[:MOST_OFFERED] if phone else ()
    rows = [one for one in of_number if row.complaint != one and circle_for(one, user, Role.OFFICER)]
    return [*own, *rows]


def to_enter(user: User, village: Village, pk: str) -> dict[str, Any]:
    """What the form for a new complaint is filled in with, from a conversation. Raises ``Http404``."""
    row = found(user, village, pk)
    if row is None:
        raise Http404("not his to read")
    waiting = joining.unjoined(row)
    contact = conversations.contact(row)
    first = timezone.localtime(waiting[0].at) if waiting else None
    return {
        "chat": row.pk,
        "until": waiting[-1].pk if waiting else 0,
        "channel": row.channel,
        "text": joining.text_of(waiting),
        "name": contact.name,
        "phone": contact.phone,
        "received_day": first.date() if first else None,
        "received_time": first.time().replace(second=0, microsecond=0) if first else None,
    }


@official
@require_POST
def reply(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Answer by the channel it came by, at once or when the resident writes again; what was read is then dealt with."""
    row = _mine(request, pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    if row.window_at is None:
        form.add_error("text", _("A comment cannot be answered here. Answer it in the app."))
        return _page(request, row, form, status=422)
    if sending.write(row, form.cleaned_data["text"], token=form.cleaned_data["token"], by=request.user.standing.label):
        joining.dealt_with(row, form.cleaned_data["until"])
        open_ = windows.of(row, media.account_of(row)).open
        messages.success(
            request,
            _("The answer is on its way.") if open_ else _("The answer waits, and leaves when the resident writes again."),
        )
    else:
        messages.warning(request, _("This answer was sent already."))
    return redirect("desk:chat", row.pk)


@official
@require_POST
def join(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """What was said belongs to an open complaint of the same person."""
    row = _mine(request, pk)
    chosen = whole(request.POST.get("complaint", ""))
    complaint = next((one for one in offered(row, request.user) if one.pk == chosen), None)
    if complaint is None:
        messages.warning(request, _("Choose an open complaint of this person."))
        return redirect("desk:chat", row.pk)
    try:
        joined = joining.join(row, complaint, until=whole(request.POST.get("until", "")) or 0, by=request.user)
    except NotAllowed:
        messages.warning(request, _("This complaint has ended, nothing can be added. Make a new one of what was said."))
        return redirect("desk:chat", row.pk)
    if joined:
        messages.success(request, _("Joined. It stands in the complaint's timeline."))
    else:
        messages.warning(request, _("Somebody has already dealt with this message."))
    return redirect("desk:chat", row.pk)


@official
@require_POST
def done(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Nothing is to be done with what was said; it stays, and is no longer counted."""
    row = _mine(request, pk)
    joining.dealt_with(row, whole(request.POST.get("until", "")) or 0)
    return redirect("desk:chats" if takes_entries(request.user) else "desk:list")
