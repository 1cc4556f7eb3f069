"""``/meja/surat/``: every letter that went out or did not, sent again, printed instead; and the letters that came, byte for byte."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kentongan.channels.email import invitations, outbox, words
from kentongan.channels.email.letter import read
from kentongan.channels.email.troubles import TROUBLES
from kentongan.channels.models import TROUBLED, IncomingMessage, OutgoingMessage, RawLetter
from kentongan.complaints.models import Complaint
from kentongan.lib.text import whole
from kentongan.village.models import Agency, User, Village
from kentongan.village.roles import Role
from kentongan.web.desk import queues
from kentongan.web.desk.guard import OfficialRequest, circle_for, desk_only, find, official, takes_entries
from kentongan.web.desk.inbox import LISTED
from kentongan.web.papers import paper

PAGE = 50
MOST_READ = 20  # letters read anew for one page
READ_BYTES = 3_000_000  # a larger one is only offered as it came
states = OutgoingMessage.State
CHIPS = {  # state → (tone, icon)
    states.WAITING: ("kunyit", "clock"),
    states.SENDING: ("kunyit", "clock"),
    states.SENT: ("daun", "check"),
    states.UNSURE: ("bata", "info"),
    states.FAILED: ("bata", "alert"),
    states.BOUNCED: ("bata", "undo"),
    states.HELD: ("kunyit", "pause"),
}


@dataclass(frozen=True)
class Line:
    """A letter as the officer reads of it."""

    letter: OutgoingMessage
    label: Promise | str
    tone: str
    icon: str
    why: Promise | str
    advice: Promise | str
    may_again: bool


def line(letter: OutgoingMessage) -> Line:
    tone, icon = CHIPS[states(letter.state)]
    trouble = TROUBLES.get(letter.reason)
    return Line(
        letter,
        words.DEFAULTS[letter.kind].label if letter.kind in words.DEFAULTS else letter.kind,
        tone,
        icon,
        trouble.title if trouble else "",
        trouble.advice if trouble else "",
        letter.state in TROUBLED,
    )


def known_to(user: User, village: Village) -> QuerySet[OutgoingMessage]:
    """The letters this person may know of: of complaints the wall lets him see, and answers to what never became one."""
    mine = Q(complaint__in=Complaint.visible_to(user)) | Q(complaint__isnull=True)
    return OutgoingMessage.objects.filter(mine, village=village, channel="email", to=None).exclude(queues.names_another(user))


def of_complaint(complaint: Complaint, user: User) -> list[Line]:
    """The letters about one complaint that this person may know of, the newest first."""
    found = complaint.messages_out.filter(channel="email", to=None).exclude(queues.names_another(user))
    return [line(letter) for letter in found[:PAGE]]


def _mine(request: OfficialRequest, pk: int) -> OutgoingMessage:
    """The letter, for who fills the officer's place in its complaint: it bears the complainant's address. Raises ``Http404``."""
    letter = get_object_or_404(known_to(request.user, request.village).select_related("complaint"), pk=pk)
    if not _reads_for(request, letter.complaint):
        raise Http404("not his to read")
    return letter


def _reads_for(request: OfficialRequest, complaint: Complaint | None) -> bool:
    """Whether he fills the officer's place in a complaint the wall lets him see; in none, whether he takes entries at all."""
    return takes_entries(request.user) if complaint is None else circle_for(complaint, request.user, Role.OFFICER) is not None


@desk_only
@require_safe
def letters(request: OfficialRequest) -> HttpResponseBase:
    """The troubled ones, or with ``?semua`` all, newest first."""
    every = "semua" in request.GET
    found = known_to(request.user, request.village).select_related("complaint")
    found = found if every else found.filter(state__in=TROUBLED)
    before = whole(request.GET.get("sebelum", ""))
    rows = list((found.filter(pk__lt=before) if before else found)[: PAGE + 1])
    shown = [line(letter) for letter in rows[:PAGE]]
    older = f"?{'semua&' if every else ''}sebelum={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return render(request, "desk/letters.html", {"lines": shown, "every": every, "older": older})


@official
@require_safe
def letter(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """One letter as it went out."""
    return render(request, "desk/letter.html", {"line": line(_mine(request, pk))})


@official
@require_POST
def again(request: OfficialRequest, pk: int) -> HttpResponseBase:
    row = _mine(request, pk)
    if outbox.again(row):
        messages.success(request, _("The letter is on its way again."))
    else:
        messages.warning(request, _("This letter is on its way, or has arrived."))
    return redirect("desk:letter", row.pk)


@official
@require_safe
def on_paper(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """The letter to print and hand over instead."""
    row = _mine(request, pk)
    from kentongan.reports import letter as sheet

    number = row.complaint.printed_number(request.village) if row.complaint else ""
    content = sheet.pdf(request.village, row.subject, row.text, to=_reader(row), number=number, written_at=row.created_at)
    return paper(content, f"surat-{row.pk}.pdf")


def _reader(row: OutgoingMessage) -> list[str]:
    """Name and address of whom a letter is for, as they stand on paper."""
    if row.kind in words.TO_INVITED:
        guest = invitations.reader(row)
        return [guest.name, guest.capacity] if guest else ["Bapak/Ibu", row.address]
    if row.kind in words.TO_AGENCIES:
        agency = Agency.objects.filter(village=row.village_id, email__iexact=row.address).first()
        return [agency.name, agency.address] if agency else ["Bapak/Ibu", row.address]
    person = row.complaint.complainant if row.complaint else None
    return [person.name or "Bapak/Ibu", person.address_line] if person else ["Bapak/Ibu", row.address]


@official
@require_safe
def originals(request: OfficialRequest, number: str) -> HttpResponseBase:
    """The letters that came from the complainant of one complaint, for who fills the officer's place in it."""
    complaint = find(request.user, number)
    if not _reads_for(request, complaint):
        raise Http404("not his to read")
    came = IncomingMessage.objects.filter(complaint=complaint, channel="email", raw__isnull=False)
    keys = came.annotate(size=Length("raw__content")).order_by("-pk").values_list("pk", "size")[: MOST_READ + 1]
    sizes = dict(keys)
    rows = came.filter(pk__in=list(sizes)[:MOST_READ]).select_related("raw").defer("raw__content").order_by("-pk")
    shown = [(row, read(bytes(row.raw.content)) if sizes[row.pk] < READ_BYTES else None) for row in rows]
    return render(request, "desk/originals.html", {"complaint": complaint, "shown": shown, "more": len(sizes) > MOST_READ})


@official
@require_safe
def original(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """A letter that came, byte for byte, to be kept or opened in a mail program."""
    message = get_object_or_404(IncomingMessage.objects.select_related("complaint"), pk=pk, village=request.village)
    seen = Complaint.visible_to(request.user).filter(pk=message.complaint_id or 0).first()
    waits = message.state in LISTED and message.complaint_id is None
    if (seen is None and not waits) or not _reads_for(request, seen):
        raise Http404("not his to read")
    raw = get_object_or_404(RawLetter, message=message)
    response = HttpResponse(bytes(raw.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="surat-{message.pk}.eml"'
    return response
