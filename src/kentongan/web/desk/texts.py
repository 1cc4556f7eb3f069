"""Standard texts where they fit: chosen in the form of a step, filled in with what the complaint says, then changed at will."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import formats, timezone, translation

from kentongan.channels.email import words
from kentongan.complaints import clocks, deadlines, referrals
from kentongan.complaints.models import Complaint, StandardText
from kentongan.village.models import Village

STEPS = ("ask", "decline", "message", "draft_response", "refer", "close")  # whose form has a field ``text`` for them
PLACEHOLDERS = ("nama", "nomor", "perihal", "desa", "batas")
UNNAMED = "Bapak/Ibu"  # where the name must not stand, or is not known


@dataclass(frozen=True)
class Text:
    """One text, as it stands after its words in braces were filled in."""

    pk: int
    name: str
    body: str


def fitting(verb: str, complaint: Complaint, village: Village) -> list[Text]:
    """The texts of this step for this complaint: those of its category first, then those for all."""
    if verb not in STEPS:
        return []
    rows = StandardText.objects.filter(Q(category=None) | Q(category=complaint.category_id), village=village, step=verb)
    found = sorted(rows, key=lambda row: (row.category_id is None, row.name))
    values = values_of(verb, complaint, village) if found else {}
    return [Text(row.pk, row.name, words.filled(row.body, values)) for row in found]


def values_of(verb: str, complaint: Complaint, village: Village) -> dict[str, str]:
    """What stands in place of the words in braces. A hidden name stands nowhere, and no name goes to an agency unasked."""
    known = complaint.complainant
    may_be_named = known is not None and not complaint.identity_hidden and verb != "refer"
    return {
        "nama": known.name if known and may_be_named and known.name else UNNAMED,
        "nomor": complaint.printed_number(village),
        "perihal": referrals.withheld(complaint.subject, complaint) if verb == "refer" else complaint.subject,
        "desa": village.name,
        "batas": _until(verb, complaint, village),
    }


def _until(verb: str, complaint: Complaint, village: Village) -> str:
    """The day that is promised; for a question, the day until which it should be answered."""
    until = complaint.due_at
    if verb == "ask":
        until = deadlines.due(timezone.now(), village.clock("complete"), clocks.calendar_of(village))
    if until is None:
        return ""
    with translation.override("id"):
        return formats.date_format(village.local(until), "l, j F Y")
