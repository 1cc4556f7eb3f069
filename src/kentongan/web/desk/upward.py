"""What goes upward on paper: the cover letter to an agency, and the pack for SP4N-LAPOR!."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from kentongan.complaints import referrals
from kentongan.complaints.lifecycle import STEPS
from kentongan.complaints.models import Complaint, Referral
from kentongan.lib import tokens
from kentongan.lib.text import whole
from kentongan.village.roles import Role
from kentongan.web.desk.guard import OfficialRequest, circle_for, find, official
from kentongan.web.papers import base_of, paper

CARRIERS = (Role.OFFICER, Role.LIAISON)  # who speaks with agencies


@official
def cover_letter(request: OfficialRequest, number: str, file: str = "pdf") -> HttpResponseBase:
    """The *surat rujukan*; ``?rujukan=`` one of several, ``?kertas=f4`` on folio paper; to print or to edit."""
    row = find(request.user, number)
    sent = row.referrals.select_related("agency")
    chosen = whole(request.GET.get("rujukan", ""))
    referral = (sent.filter(pk=chosen) if chosen else sent).last()
    if referral is None:
        raise Http404("never referred")
    from kentongan.reports import cover_letter as letter

    size = "F4" if request.GET.get("kertas") == "f4" else "A4"
    carries = circle_for(row, request.user, *CARRIERS) is not None  # others print it without the agency's key
    address = request.build_absolute_uri(reverse("public:agency")) if carries else ""
    content = letter.pdf(
        referral, request.village, request.user, paper=size, address=address, base=base_of(request, file), file=file
    )
    return paper(content, f"surat-rujukan-{row.number}.{file}")


@official
def lapor_pack(request: OfficialRequest, number: str) -> HttpResponseBase:
    """What to enter at SP4N-LAPOR!, ready to copy, with the files; without who complains. For who fills the officer's place."""
    row = find(request.user, number)
    if circle_for(row, request.user, Role.OFFICER) is None:
        return render(request, "desk/not_yours.html", {"complaint": row}, status=403)
    from kentongan.reports import lapor_pack as pack

    response = HttpResponse(pack.zipped(row, request.village), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="paket-lapor-{row.number}.zip"'
    return response


def sent_to(complaint: Complaint, roles: frozenset[Role], base: str) -> list[dict[str, object]]:
    """The referrals of a complaint as its page shows them; the code of an open link only for those who speak with agencies."""
    carries = not roles.isdisjoint(CARRIERS)
    rows = list(complaint.referrals.select_related("agency"))
    for row in rows:
        row.complaint = complaint
    numbers = not roles.isdisjoint(STEPS["number_letter"].roles)
    return [
        {
            "row": row,
            "late": _is_late(row),
            "code": _code(row) if carries else "",
            "address": base,
            "may_number": numbers and row is _unnumbered(rows),
        }
        for row in rows
    ]


def _unnumbered(rows: list[Referral]) -> Referral | None:
    """The one that gets the next number: the last whose own was cancelled."""
    return next((row for row in reversed(rows) if not row.letter_number), None)


def _is_late(referral: Referral) -> bool:
    return referral.answered_at is None and referral.due_on is not None and referral.due_on < timezone.localdate()


def _code(referral: Referral) -> str:
    return tokens.spaced(referrals.code_of(referral)) if referrals.is_open(referral) else ""
