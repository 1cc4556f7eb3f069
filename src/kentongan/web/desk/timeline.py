"""What officials read of a complaint's history: everything, with notes and messages told apart by more than colour."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from kentongan.channels.email import words
from kentongan.channels.email.troubles import TROUBLES
from kentongan.channels.registry import label
from kentongan.complaints.actions import FOR_COMPLAINANT
from kentongan.complaints.events import KINDS
from kentongan.complaints.models import Attachment, DeclineReason, Event, Outcome, Urgency
from kentongan.village.models import Kind
from kentongan.village.roles import Role
from kentongan.web.public.timeline import LOOK, SCORES, Entry, FileLink, agreement, caption, meeting_line, visit_line
from kentongan.web.templatetags.kentongan import day, daytime

MORE_LOOK = {
    "noted": ("grey", "lock"), "response_drafted": ("grey", "edit"), "response_approved": ("daun", "check"), "response_returned": ("bata", "undo"),
    "reclassified": ("nila", "edit"), "reassigned": ("nila", "people"), "delivered": ("daun", "send"), "named": ("grey", "hidden"),
    "accepted": ("nila", "check"), "handed_over": ("nila", "share"), "given_back": ("kunyit", "undo"), "part_answered": ("grey", "note"),
    "invited": ("nila", "people"), "task_added": ("nila", "check-circle"), "task_finished": ("daun", "check"),
    "recused": ("grey", "door"), "undelivered": ("bata", "alert"), "plan_due": ("kunyit", "calendar"),
    "agency_late": ("bata", "alert"), "letter_numbered": ("grey", "printer"), "number_cancelled": ("bata", "ban"),
    "archived": ("grey", "download"), "reminded": ("kunyit", "clock"), "escalated": ("bata", "alert"),
}  # fmt: skip
LETTERS: dict[str, Promise | str] = {"answer": _("Answer letter"), "completion": _("Request for completion")}
NUMBERED: dict[str, Promise | str] = {
    **LETTERS,
    "referral": _("Cover letter to an agency"),
    "invitation": _("Invitation"),
    "minutes": _("Minutes"),
    "report": _("Report to the village head"),
}
NUMBERABLE = {kind: NUMBERED[kind] for kind in (*LETTERS, "referral")}  # on the page of a complaint
SIDES = {"note": "internal", "in": "in", "out": "out"}


def file_link(row: Attachment) -> FileLink:
    url = reverse("desk:file", args=[row.pk])
    return FileLink(url, row.name, row.size, row.is_picture, url, caption(row.name))


def entries(events: Iterable[Event], files: Iterable[Attachment], *, known: set[str], sees_identity: bool) -> list[Entry]:
    """Newest first. ``known``: numbers of other complaints this person may see; ``sees_identity``: whether names are for him."""
    by_event: dict[int | None, list[FileLink]] = {}
    for row in files:
        by_event.setdefault(row.event_id, []).append(file_link(row))
    told = sorted(events, key=lambda event: -event.pk)
    cancelled = {str(event.data.get("number")): event.pk for event in told[::-1] if event.kind == "number_cancelled"}
    return [
        _entry(event, by_event.get(event.pk, []), known, sees_identity, gone=cancelled.get(str(event.data.get("number")), 0))
        for event in told
    ]


def _entry(event: Event, files: list[FileLink], known: set[str], sees_identity: bool, *, gone: int) -> Entry:
    """``gone``: the event that cancelled the number this one speaks of."""
    about = KINDS[event.kind]
    tone, icon = LOOK.get(event.kind) or MORE_LOOK.get(event.kind, ("grey", "check"))
    text = str(event.data.get(about.text) or "") if about.text else ""
    more = _MORE.get(event.kind)
    lines = [text, more(event.data, known, sees_identity) if more else ""]
    if event.pk < gone:
        lines.append(gettext("%(number)s: cancelled") % {"number": event.data["number"]})
    by = event.by_label or (
        "" if event.kind == "closed" else gettext("The complainant") if about.tone == "in" or event.kind == "received" else ""
    )
    if event.kind in {"received", "completed", "added", "appealed", "withdrawn", "rated"} and event.via:
        by = " · ".join(part for part in (by, str(label(event.via))) if part)
    return Entry(
        event.kind,
        event.at,
        words.sentence(event),
        by,
        "\n".join(line for line in lines if line),
        SIDES.get(about.tone, ""),
        tone,
        icon,
        files,
    )


Data = dict[str, Any]


def _classes(data: Data, known: set[str], sees_identity: bool) -> str:
    said = [str(data.get("category", "")), str(Kind(data["kind"]).label), str(Urgency(data["urgency"]).label)]
    if data.get("inspection"):
        said.append(gettext("needs an inspection"))
    line = " · ".join(word for word in said if word)
    shut = int(data.get("concerned", 0))
    if shut:
        line += "\n" + ngettext("%(n)d official stays shut out", "%(n)d officials stay shut out", shut) % {"n": shut}
    return line


def _people(data: Data, known: set[str], sees_identity: bool) -> str:
    return "→ " + "; ".join(data["to"]) if data.get("to") else ""


def _part(data: Data, known: set[str], sees_identity: bool) -> str:
    return gettext("Part: %(part)s") % {"part": data["part"]} if data.get("part") else ""


def _task(data: Data, known: set[str], sees_identity: bool) -> str:
    by = gettext("By %(day)s") % {"day": day(date.fromisoformat(data["by_day"]))} if data.get("by_day") else ""
    return " · ".join(part for part in (_people(data, known, sees_identity), by) if part)


def _visited(data: Data, known: set[str], sees_identity: bool) -> str:
    return visit_line(data)


def _meeting(data: Data, known: set[str], sees_identity: bool) -> str:
    """When and where; the days to choose from while none is fixed."""
    proposed = [daytime(datetime.fromisoformat(moment)) for moment in data.get("proposals", [])]
    if data.get("starts") or not proposed:
        return meeting_line(data)
    return "\n".join([gettext("Proposed:"), *proposed, str(data.get("place") or "")])


def _invited(data: Data, known: set[str], sees_identity: bool) -> str:
    n = len(data.get("invitees", []))
    return ngettext("%(n)d more person", "%(n)d more persons", n) % {"n": n}


def _minuted(data: Data, known: set[str], sees_identity: bool) -> str:
    n = int(data.get("decisions") or 0)
    given = ngettext("%(n)d decision became a task here", "%(n)d decisions became tasks here", n) % {"n": n} if n else ""
    return "\n".join(part for part in (agreement(data), given) if part)


def _declined(data: Data, known: set[str], sees_identity: bool) -> str:
    parts = [str(DeclineReason(data["reason"]).label)] if data.get("reason") else []
    if data.get("agency"):
        parts.append(gettext("Right address: %(agency)s") % {"agency": data["agency"]})
    return "\n".join(parts)


def _referred(data: Data, known: set[str], sees_identity: bool) -> str:
    consent = gettext("name and telephone went along") if data.get("with_identity") else gettext("without name")
    lines = [f"→ {data.get('agency', '')} ({consent})", _letter(data)]
    return "\n".join(line for line in lines if line)


def _letter(data: Data) -> str:
    """The letter that went, the number there, and when an answer is expected."""
    number = gettext("Letter %(number)s") % {"number": data["number"]} if data.get("number") else ""
    due = gettext("answer expected by %(day)s") % {"day": day(date.fromisoformat(data["due_on"]))} if data.get("due_on") else ""
    theirs = gettext("their number %(number)s") % {"number": data["outside_number"]} if data.get("outside_number") else ""
    return " · ".join(part for part in (number, theirs, due) if part)


def _chased(data: Data, known: set[str], sees_identity: bool) -> str:
    times = ngettext("asked again %(n)d time", "asked again %(n)d times", int(data.get("times", 1))) % {"n": data.get("times", 1)}
    lines = [f"→ {data.get('agency', '')} ({times})", _letter(data)]
    return "\n".join(line for line in lines if line)


def _late_agency(data: Data, known: set[str], sees_identity: bool) -> str:
    due = gettext("answer expected by %(day)s") % {"day": day(date.fromisoformat(data["due_on"]))} if data.get("due_on") else ""
    return " · ".join(part for part in (str(data.get("agency", "")), due) if part)


def _escalated(data: Data, known: set[str], sees_identity: bool) -> str:
    return f"→ {Role(data['to']).label}" if data.get("to") else ""


def _plan(data: Data, known: set[str], sees_identity: bool) -> str:
    return formats.date_format(date.fromisoformat(data["planned_on"]), "F Y") if data.get("planned_on") else ""


def _referral_answer(data: Data, known: set[str], sees_identity: bool) -> str:
    parts = [str(data[key]) for key in ("agency", "outside_number") if data.get(key)]
    if data.get("through"):
        parts.append(gettext("by mail") if data["through"] == "email" else gettext("written by the agency itself, by its link"))
    return " · ".join(parts)


def _answer(data: Data, known: set[str], sees_identity: bool) -> str:
    parts = [str(Outcome(data["outcome"]).label)] if data.get("outcome") else []
    if data.get("planned_for"):
        parts.append(gettext("Planned for: %(when)s") % {"when": data["planned_for"]})
    if data.get("silent"):
        parts.append(gettext("The reply window passed without an objection."))
    return "\n".join(parts)


def _delivery(data: Data, known: set[str], sees_identity: bool) -> str:
    to = str(data.get("to", "")) if sees_identity else gettext("The complainant")
    result = gettext("reached") if data.get("reached") else gettext("not reached")
    return f"{to} · {label(str(data.get('how', '')))} · {result}"


def _undelivered(data: Data, known: set[str], sees_identity: bool) -> str:
    what = words.DEFAULTS[data["what"]].label if data.get("what") in words.DEFAULTS else ""
    trouble = TROUBLES.get(str(data.get("reason", "")))
    return " · ".join(str(part) for part in (what, trouble.title if trouble else "") if part)


def _until(data: Data, known: set[str], sees_identity: bool) -> str:
    return gettext("At the latest on %(day)s.") % {"day": day(datetime.fromisoformat(data["until"]))} if data.get("until") else ""


def _other(data: Data, known: set[str], sees_identity: bool) -> str:
    number = str(data.get("into", ""))
    return f"→ {number}" if number in known else ""


def _approved(data: Data, known: set[str], sees_identity: bool) -> str:
    role = str(Role(data["role"]).label) if data.get("role") else ""
    return f"{role} · {gettext('ready to deliver')}" if data.get("ready") else role


def _pressed(data: Data, known: set[str], sees_identity: bool) -> str:
    return gettext("There are signs that somebody pressed the complainant") if data.get("pressed") else ""


def _score(data: Data, known: set[str], sees_identity: bool) -> str:
    return str(SCORES.get(data.get("score", 0), ""))


def _numbered(data: Data, known: set[str], sees_identity: bool) -> str:
    """Which letter, and its number."""
    return " · ".join(part for part in (str(NUMBERED.get(str(data.get("letter")), "")), str(data.get("number", ""))) if part)


def _audience(data: Data, known: set[str], sees_identity: bool) -> str:
    return gettext("For the complainant") if data.get("audience") == FOR_COMPLAINANT else gettext("For the office")


_MORE: dict[str, Callable[[Data, set[str], bool], str]] = {
    "verified": _classes,
    "reclassified": _classes,
    "assigned": _people,
    "reassigned": _people,
    "accepted": _part,
    "handed_over": _people,
    "given_back": _part,
    "part_answered": _part,
    "task_added": _task,
    "convened": _meeting,
    "meeting_changed": _meeting,
    "invited": _invited,
    "minuted": _minuted,
    "visited": _visited,
    "declined": _declined,
    "referred": _referred,
    "referral_answered": _referral_answer,
    "chased": _chased,
    "agency_late": _late_agency,
    "escalated": _escalated,
    "plan_due": _plan,
    "response_drafted": _answer,
    "responded": _answer,
    "closed": _answer,
    "delivered": _delivery,
    "undelivered": _undelivered,
    "asked": _until,
    "deadline_extended": _until,
    "merged": _other,
    "split": _other,
    "response_approved": _approved,
    "withdrawn": _pressed,
    "rated": _score,
    "letter_numbered": _numbered,
    "number_cancelled": _numbered,
    "archived": _audience,
}
