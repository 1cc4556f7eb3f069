"""``/meja/<number>/``: one complaint, and what belongs to it on paper and as files."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from kentongan.channels.models import IncomingMessage
from kentongan.complaints.models import Attachment, Complaint
from kentongan.lib import tokens
from kentongan.village.roles import Role
from kentongan.web import uploads
from kentongan.web.desk import chats, page
from kentongan.web.desk.guard import OfficialRequest, circle_for, find, official, takes_entries
from kentongan.web.papers import paper

SIZES = ("a6", "a5", "80mm")


@official
def complaint(request: OfficialRequest, number: str) -> HttpResponseBase:
    return page.render_complaint(request, page.setting_of(find(request.user, number), request.user, request.village))


@official
def receipt(request: OfficialRequest, number: str) -> HttpResponseBase:
    """The number and the code, to be read out and printed. The code opens the complainant's own page: only for the officer's eyes."""
    row = find(request.user, number)
    if circle_for(row, request.user, Role.OFFICER) is None:
        return render(request, "desk/not_yours.html", {"complaint": row}, status=403)
    context = {
        "complaint": row,
        "code": tokens.spaced(row.code),
        "printed_number": row.printed_number(request.village),
        "sizes": SIZES,
    }
    return render(request, "desk/receipt.html", context)


@official
def receipt_pdf(request: OfficialRequest, number: str) -> HttpResponseBase:
    """The slip to print; ``?ukuran=a6|a5|80mm``."""
    row = find(request.user, number)
    if circle_for(row, request.user, Role.OFFICER) is None:
        return render(request, "desk/not_yours.html", {"complaint": row}, status=403)
    from kentongan.reports import receipt as slip

    size = request.GET.get("ukuran", "a6")
    content = slip.pdf(row, request.village, size if size in SIZES else "a6", request.build_absolute_uri("/"))
    return paper(content, f"tanda-terima-{row.number}.pdf")


@official
def assignment_sheet(request: OfficialRequest, number: str) -> HttpResponseBase:
    """The *lembar disposisi*, as this person may see it."""
    row = find(request.user, number)
    from kentongan.reports import assignment_sheet as sheet

    return paper(sheet.pdf(row, request.village, request.user), f"lembar-disposisi-{row.number}.pdf")


@official
def file(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """A file of a complaint the person may see, or of a message that waits for the officer."""
    row = get_object_or_404(Attachment, pk=pk, village=request.village)
    if row.complaint_id:
        allowed = Complaint.visible_to(request.user).filter(pk=row.complaint_id).exists()
    else:
        waits = IncomingMessage.objects.filter(
            village=request.village, external_id=row.form_token, state=IncomingMessage.State.QUARANTINED
        )
        allowed = takes_entries(request.user) and bool(row.form_token) and waits.exists()
        allowed = allowed or chats.may_see_file(request.user, request.village, row.form_token)
    if not allowed:
        raise Http404("no such file here")
    return uploads.download(row)
