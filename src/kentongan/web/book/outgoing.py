"""``/buku/surat-keluar/``: the register of outgoing letters of a year, to read, to take away, and to cancel a number in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import access, actions, outgoing
from kentongan.complaints.lifecycle import NotAllowed, NotYours
from kentongan.complaints.models import Complaint, LetterNumber
from kentongan.complaints.outgoing import Line
from kentongan.lib.text import LIMIT, whole
from kentongan.reports import spreadsheet
from kentongan.village.roles import Role
from kentongan.web.book.reports import for_the_desk
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.public.fields import Words

SUBJECTS: dict[str, Promise | str] = {  # what a letter is, in words that tell nothing of anybody
    "answer": _("Answer to a complaint"),
    "completion": _("Request for completion of a complaint"),
    "referral": _("Complaint passed on to an agency"),
    "invitation": _("Invitation to a meeting"),
    "minutes": _("Minutes of a meeting"),
    "report": _("Report to the village head"),
}


@for_the_desk
def register(request: OfficialRequest) -> HttpResponseBase:
    """The numbers of a year, the newest first; ``?year=``."""
    year = _year(request)
    context = {
        "year": year,
        "years": sorted({*outgoing.years_for(request.user), year, timezone.localdate().year}, reverse=True),
        "lines": [_shown(line) for line in outgoing.lines(request.user, year)],
        "may_cancel": _cancels(request),
    }
    return render(request, "book/outgoing.html", context)


def _year(request: OfficialRequest) -> int:
    year = whole(request.GET.get("year", "")) or 0
    return year if 1900 <= year <= 9998 else timezone.localdate().year


def _cancels(request: OfficialRequest) -> bool:
    where = access.standing(request.user)
    return where is not None and where.is_(Role.OFFICER, Role.SECRETARY)


def _shown(line: Line) -> dict[str, Any]:
    """A line as the page needs it: what the letter is, and where it leads."""
    row = line.row
    if row is None:
        return {"row": None, "mark": f"{line.code} · {line.serial}"}
    return {"row": row, "subject": SUBJECTS.get(row.kind, row.kind), **_belongs(row)}


def _belongs(row: LetterNumber) -> dict[str, str]:
    if row.complaint:
        return {"of": row.complaint.number, "href": reverse("desk:complaint", args=[row.complaint.number])}
    if row.meeting:
        return {"of": row.meeting.title, "href": reverse("desk:meeting", args=[row.meeting.pk])}
    return {"of": row.period, "href": reverse("book:reports")}


@for_the_desk
def as_csv(request: OfficialRequest) -> HttpResponseBase:
    """The same lines to take away."""
    year = _year(request)
    head = [
        gettext("Letter number"), gettext("Date"), gettext("Subject"), gettext("About"), gettext("Given by"), gettext("cancelled"), gettext("Why"),
    ]  # fmt: skip
    rows = [_cells(line) for line in outgoing.lines(request.user, year)]
    response = HttpResponse("".join(spreadsheet.lines([head, *rows])), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="surat-keluar-{year}.csv"'
    return response


def _cells(line: Line) -> list[str]:
    row = line.row
    if row is None:
        return [f"{line.code} · {line.serial}", "", gettext("(number used)"), "", "", "", ""]
    gone = f"{timezone.localtime(row.cancelled_at):%Y-%m-%d}" if row.cancelled_at else ""
    day = f"{timezone.localtime(row.at):%Y-%m-%d}"
    return [row.number, day, str(SUBJECTS.get(row.kind, row.kind)), _belongs(row)["of"], row.by_label, gone, row.cancelled_why]


class CancelForm(forms.Form):
    """Why a number is cancelled."""

    use_required_attribute = False

    reason = Words(
        label=_("Why"),
        longest=LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the register and in the history of the complaint. No names of complainants."),
        error_messages={"required": _("Write why the number is cancelled.")},
    )


@for_the_desk
def cancel(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Cancel one number, with a reason. Raises ``Http404`` (the wall)."""
    row = outgoing.numbers_for(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404("no such number here")
    form = CancelForm(request.POST if request.method == "POST" else None)
    if not outgoing.may_cancel(request.user, row):
        return _refused(request, row)
    if form.is_valid():
        return _cancel(request, row, form.cleaned_data["reason"])
    context = {"form": form, "row": row, "subject": SUBJECTS.get(row.kind, row.kind), **_belongs(row)}
    return render(request, "book/cancel_number.html", context, status=422 if form.is_bound else 200)


def _cancel(request: OfficialRequest, row: LetterNumber, reason: str) -> HttpResponseBase:
    try:
        actions.cancel_number(row, reason=reason, by=request.user)
    except Complaint.DoesNotExist:
        raise Http404("no such number here") from None
    except (NotAllowed, NotYours):
        row.refresh_from_db()
        return _refused(request, row)
    words = gettext("%(number)s is cancelled. The letter needs a new number before it is printed again.")
    messages.success(request, words % {"number": row.number})
    return _back(row)


def _refused(request: OfficialRequest, row: LetterNumber) -> HttpResponseBase:
    """Why it cannot be cancelled: it is already, its report was sent, or it is not for this person."""
    if row.cancelled_at:
        messages.info(request, gettext("%(number)s is cancelled already.") % {"number": row.number})
        return _back(row)
    if row.period and _cancels(request):
        words = gettext("The report with number %(number)s was sent. What was sent is never changed.")
        messages.error(request, words % {"number": row.number})
        return _back(row)
    context = {"step": gettext("Cancel the number of a letter"), "complaint": row.complaint}
    return render(request, "desk/not_yours.html", context, status=403)


def _back(row: LetterNumber) -> HttpResponse:
    response = redirect("book:outgoing")
    response["Location"] += f"?year={row.year}"
    return response
