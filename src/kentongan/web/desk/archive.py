"""``/meja/<number>/arsip.zip``: everything of one complaint to take away, for the office or as the complainant's copy of his data."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from kentongan.complaints import actions
from kentongan.complaints.models import Attachment, Complaint
from kentongan.reports import archive, pdf
from kentongan.reports.case_file import Line
from kentongan.village.roles import Role
from kentongan.web.desk import page, timeline
from kentongan.web.desk.guard import OfficialRequest, circle_for, find, official
from kentongan.web.public import timeline as public_timeline

TAKERS = (Role.OFFICER, Role.SECRETARY)


@require_POST
@official
def take(request: OfficialRequest, number: str) -> HttpResponseBase:
    """The ZIP; that it was taken is written down before it goes. For who fills the officer's or the secretary's place."""
    row = find(request.user, number)
    circle = circle_for(row, request.user, *TAKERS)
    if circle is None:
        return render(request, "desk/not_yours.html", {"complaint": row}, status=403)
    audience = request.POST.get("audience", actions.FOR_OFFICE)
    if audience not in (actions.FOR_OFFICE, actions.FOR_COMPLAINANT) or (audience != actions.FOR_OFFICE and row.is_anonymous):
        raise Http404("no such archive")
    office, names = audience == actions.FOR_OFFICE, circle.may_see_identity(request.user)
    known = {other.number for _how, other in page.linked(row, request.user)}
    lines = _lines(row, known, names) if office else _told(row)
    rows: list[Attachment] = list(row.attachments.all() if office else public_timeline.files_of(row))
    told = {"office": office, "names": names}
    try:
        content = archive.zipped(row, request.village, request.user, **told, lines=lines, rows=rows, known=known)
    except (pdf.CannotPrint, OSError):  # no memory, or a file that is gone (``kentongan verify`` says which)
        messages.error(request, gettext("The archive could not be made. Try again in a while."))
        return redirect("desk:complaint", row.number)
    try:
        actions.take_archive(row, audience=audience, by=request.user)
    except BaseException:
        content.close()
        raise
    response = FileResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="pengaduan-{row.number}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


def _lines(row: Complaint, known: set[str], names: bool) -> list[Line]:
    """The officials' timeline in Indonesian, oldest first."""
    with translation.override("id"):
        told = timeline.entries(row.events.all(), [], known=known, sees_identity=names)
        return [
            Line(entry.kind, entry.at, str(entry.sentence), entry.by, entry.text, entry.side == "internal")
            for entry in reversed(told)
        ]


def _told(row: Complaint) -> list[Line]:
    """What the complainant reads, in Indonesian, oldest first; the code of another matter stays on his own page."""
    with translation.override("id"):
        return [
            Line(entry.kind, entry.at, str(entry.sentence), entry.by, "" if entry.kind == "split" else entry.text)
            for entry in reversed(public_timeline.entries(row))
        ]
