"""What the complainant reads of his complaint: where it stands, and what happened. Never notes, drafts or names of officials."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import plans
from kentongan.complaints.actions import VISIT_AFTER, VISIT_BEFORE
from kentongan.complaints.events import KINDS
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, Complaint, Event, Outcome
from kentongan.lib.tokens import spaced
from kentongan.village.models import Agency
from kentongan.web.templatetags.kentongan import day, daytime, span

# Kinds whose text is an instruction among offices, not for him.
AMONG_OFFICES = {"assigned", "referred", "chased", "meeting_changed"}
PUBLIC = frozenset(kind for kind, about in KINDS.items() if about.public is not None)
LOOK = {  # kind → (tone, icon)
    "received": ("jati", "drum-struck"), "asked": ("kunyit", "pause"), "completed": ("grey", "person"), "verified": ("nila", "check"),
    "declined": ("bata", "ban"), "assigned": ("nila", "people"), "started": ("nila", "drum-work"), "followed_up": ("nila", "half"),
    "attached": ("grey", "clip"), "messaged": ("daun", "message"), "added": ("grey", "person"), "referred": ("nila", "arrow-out"),
    "referral_answered": ("nila", "mail"), "chased": ("kunyit", "clock"), "responded": ("daun", "drum-answered"), "appealed": ("kunyit", "undo"),
    "reopened": ("kunyit", "undo"), "closed": ("daun", "check-circle"), "withdrawn": ("grey", "undo"), "merged": ("grey", "merge"),
    "split": ("grey", "link"), "deadline_extended": ("kunyit", "clock"), "rated": ("grey", "person"), "visited": ("nila", "pin"),
    "convened": ("nila", "calendar"), "meeting_changed": ("kunyit", "calendar"), "minuted": ("nila", "people"),
}  # fmt: skip
SCORES: dict[int, Promise | str] = {1: _("Not satisfied"), 2: _("Not quite satisfied"), 3: _("Satisfied"), 4: _("Very satisfied")}


@dataclass(frozen=True)
class FileLink:
    """A file as the complainant may open it."""

    url: str
    name: str
    size: int
    is_picture: bool
    thumbnail_url: str
    caption: str = ""  # what it shows, where that is known


@dataclass(frozen=True)
class Entry:
    """One line of the timeline, as ``parts/timeline.html`` draws it."""

    kind: str
    at: datetime
    sentence: Promise | str
    by: str
    text: str
    side: str
    tone: str
    icon: str
    files: list[FileLink] = field(default_factory=list)


def shared_file(row: Attachment, n: int) -> FileLink:
    """A file as an agency sees it: numbered, since people call files by their own name."""
    url = reverse("public:agency_file", args=[row.pk])
    return FileLink(url, gettext("Attachment %(n)d") % {"n": n}, row.size, row.is_picture, url)


def files_of(complaint: Complaint) -> QuerySet[Attachment]:
    """The files he may open: not internal, and of an event that is his to read."""
    return complaint.attachments.filter(internal=False, event__kind__in=PUBLIC)


def entries(complaint: Complaint) -> list[Entry]:
    """Newest first."""
    files: dict[int | None, list[FileLink]] = {}
    for row in files_of(complaint):
        url = reverse("public:track_file", args=[row.pk])
        files.setdefault(row.event_id, []).append(
            FileLink(url, row.name, row.size, row.is_picture, f"{url}?kecil", caption(row.name))
        )
    events = complaint.events.filter(kind__in=PUBLIC).order_by("-id")
    return [_entry(complaint, event, files.get(event.pk, [])) for event in events]


def _entry(complaint: Complaint, event: Event, files: list[FileLink]) -> Entry:
    about = KINDS[event.kind]
    tone, icon = LOOK.get(event.kind, ("grey", "check"))
    side = about.tone if about.tone in ("in", "out") else ""
    by = post_of(event.by_label)
    return Entry(event.kind, event.at, _sentence(event), by, _text(complaint, event), side, tone, icon, files)


def _sentence(event: Event) -> Promise | str:
    if event.data.get("cancelled"):
        return gettext("The meeting was called off")
    if event.data.get("fixed"):
        return gettext("The day of the meeting is fixed")
    return KINDS[event.kind].public or ""


def caption(name: str) -> str:
    """What the photo of a visit shows, by how the visit called it; "" for every other file."""
    word = name.partition("-")[0]
    return {VISIT_BEFORE: gettext("Before"), VISIT_AFTER: gettext("After")}.get(word, "")


def visit_line(data: dict[str, Any]) -> str:
    """When and where a visit was."""
    when = daytime(datetime.fromisoformat(data["when"])) if data.get("when") else ""
    return " · ".join(part for part in (when, str(data.get("place") or "")) if part)


def meeting_line(data: dict[str, Any]) -> str:
    """When and where a meeting is; who is asked to come is not said."""
    if data.get("starts") and data.get("ends"):
        when = span(datetime.fromisoformat(data["starts"]), datetime.fromisoformat(data["ends"]))
    else:
        when = gettext("The day is still being chosen.") if data.get("proposals") else ""
    return " · ".join(part for part in (when, str(data.get("place") or "")) if part)


def agreement(data: dict[str, Any]) -> str:
    """Whether both sides agreed; "" where there was nothing to agree on."""
    said = {True: gettext("An agreement was reached."), False: gettext("No agreement was reached yet.")}
    agreed = data.get("agreed")
    return said[agreed] if isinstance(agreed, bool) else ""


def post_of(label: str) -> str:
    """The post in "name — post": offices answer, not persons."""
    return label.partition(" — ")[2]


def _text(complaint: Complaint, event: Event) -> str:
    """What is shown below the sentence: the words themselves, then dates and addresses that go with them."""
    about, data = KINDS[event.kind], event.data
    words = "" if event.kind in AMONG_OFFICES or not about.text else str(data.get(about.text) or "")
    more = _MORE.get(event.kind)
    return "\n\n".join(part for part in (words, more(complaint, data) if more else "") if part)


def _until(complaint: Complaint, data: dict[str, Any]) -> str:
    return gettext("At the latest on %(day)s.") % {"day": day(datetime.fromisoformat(data["until"]))} if data.get("until") else ""


def _answer(complaint: Complaint, data: dict[str, Any]) -> str:
    parts = [gettext("Outcome: %(outcome)s") % {"outcome": Outcome(data["outcome"]).label}] if data.get("outcome") else []
    if data.get("planned_for"):
        parts.append(gettext("Planned for: %(when)s") % {"when": data["planned_for"]})
    return "\n".join(parts)


def _agency(complaint: Complaint, data: dict[str, Any]) -> str:
    """The right address, as complete as the village knows it."""
    name = str(data.get("agency") or "")
    known = Agency.objects.filter(village=complaint.village_id, name=name).first() if name else None
    return "\n".join(part for part in (known.name, known.address, known.phone) if part) if known else name


def _referred(complaint: Complaint, data: dict[str, Any]) -> str:
    """Where it went, and the number to name there."""
    return "\n".join(part for part in (_agency(complaint, data), their_number(str(data.get("outside_number") or ""))) if part)


def their_number(number: str) -> str:
    return gettext("Its number there: %(number)s") % {"number": number} if number else ""


def _agency_name(complaint: Complaint, data: dict[str, Any]) -> str:
    return " · ".join(str(data[key]) for key in ("agency", "outside_number") if data.get(key))


def _part(complaint: Complaint, data: dict[str, Any]) -> str:
    part = complaint.parts.filter(number=data.get("into", "")).first()
    return (
        gettext("Number %(number)s, tracking code %(code)s") % {"number": part.number, "code": spaced(part.code)} if part else ""
    )


def _score(complaint: Complaint, data: dict[str, Any]) -> str:
    return str(SCORES.get(data.get("score", 0), ""))


def _visit(complaint: Complaint, data: dict[str, Any]) -> str:
    return visit_line(data)


def _meeting(complaint: Complaint, data: dict[str, Any]) -> str:
    return "" if data.get("cancelled") else meeting_line(data)


def _minuted(complaint: Complaint, data: dict[str, Any]) -> str:
    return agreement(data)


_MORE = {
    "asked": _until,
    "deadline_extended": _until,
    "responded": _answer,
    "closed": _answer,
    "declined": _agency,
    "referred": _referred,
    "chased": _agency_name,
    "referral_answered": _agency_name,
    "split": _part,
    "rated": _score,
    "visited": _visit,
    "convened": _meeting,
    "meeting_changed": _meeting,
    "minuted": _minuted,
}


def where_it_stands(complaint: Complaint) -> tuple[str, str]:
    """One sentence on where it is, and one on what comes next or by when ("" when nothing does)."""
    due = day(complaint.due_at)
    words = _SENTENCES[State(complaint.state)]
    sent = complaint.referrals.select_related("agency").last() if complaint.state == State.REFERRED else None
    agency = sent.agency.name if sent else gettext("the agency that decides")
    first = str(words) % {"who": _holders(complaint), "agency": agency}
    number = their_number(sent.outside_number if sent else "")
    more = (number and f"{number}.", _planned(complaint), _next(complaint, due))
    return first, " ".join(part for part in more if part)


def _planned(complaint: Complaint) -> str:
    if complaint.planned_on is None or complaint.outcome != Outcome.PLANNED or complaint.state not in plans.STAND:
        return ""
    when = formats.date_format(complaint.planned_on, "F Y")
    return gettext("Planned for %(when)s. Then we ask whether it is there.") % {"when": when}


def _next(complaint: Complaint, due: str) -> str:
    state = State(complaint.state)
    if complaint.is_overdue:
        return gettext("The answer was due on %(day)s and is late. We are sorry. Below you see where else you can turn.") % {
            "day": due
        }
    if state == State.REFERRED and complaint.is_paused:
        return gettext("Our clock waits until they answer.")
    if not due or state in (State.DECLINED, State.WITHDRAWN, State.MERGED, State.CLOSED):
        return ""
    if state == State.RESPONDED:
        over = complaint.due_at is not None and complaint.due_at < timezone.now()
        return "" if over else gettext("If the answer does not fit, say so by %(day)s.") % {"day": due}
    if state == State.AWAITING_COMPLAINANT:
        return gettext("Please answer by %(day)s. Until then the clock stands still.") % {"day": due}
    if state == State.RECEIVED:
        return gettext("It is checked by %(day)s at the latest.") % {"day": due}
    return gettext("You get an answer by %(day)s at the latest.") % {"day": due}


_SENTENCES: dict[State, Promise | str] = {
    State.RECEIVED: _("Your complaint is in the book and waits to be checked."),
    State.AWAITING_COMPLAINANT: _("We need something from you before we can go on."),
    State.VERIFIED: _("Your complaint is complete. It is about to be passed on to those who answer."),
    State.ASSIGNED: _("Your complaint was passed on to %(who)s."),
    State.IN_PROGRESS: _("Your complaint is being followed up by %(who)s."),
    State.REFERRED: _("Your complaint was passed on to %(agency)s. We keep asking until they answer."),
    State.RESPONDED: _("Your complaint was answered."),
    State.CLOSED: _("Your complaint is settled and closed."),
    State.DECLINED: _("We cannot process your complaint. The reason stands below."),
    State.WITHDRAWN: _("You withdrew your complaint."),
    State.MERGED: _("Others complained about the same matter. Yours was joined with theirs; you still get your own answer."),
}


def _holders(complaint: Complaint) -> str:
    """The posts of those who have it now."""
    if complaint.state not in (State.ASSIGNED, State.IN_PROGRESS):
        return ""
    labels = complaint.assignments.filter(ended_at__isnull=True).values_list("responder_label", flat=True)
    posts = list(dict.fromkeys(post_of(label) for label in labels if post_of(label)))
    return ", ".join(posts) or gettext("the village office")
