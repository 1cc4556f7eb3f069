"""Where a resident stands: the village of the page, and the signed cookies that let him read what is his. No account, no session row."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kentongan.complaints.models import Complaint
from kentongan.village.models import Village

TWO_HOURS = 2 * 60 * 60
# What each cookie opens, and the only addresses it is sent to.
RECEIPT = ("kentongan_tanda_terima", "/adukan/")
TRACK = ("kentongan_lacak", "/lacak/")
AGENCY = ("kentongan_instansi", "/jawab/")
Pass = tuple[str, str]


def village_of(request: HttpRequest) -> Village:
    """The village this page belongs to; the middleware let nobody in without one."""
    village: Village = request.village  # type: ignore[attr-defined]
    return village


def let_in(response: HttpResponse, kind: Pass, value: str) -> None:
    """Give the reader a pass for two hours."""
    name, path = kind
    response.set_signed_cookie(
        name, value, salt=name, max_age=TWO_HOURS, path=path, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def let_out(response: HttpResponse, kind: Pass) -> None:
    """Take the pass back."""
    response.delete_cookie(kind[0], path=kind[1], samesite="Lax")


def pass_of(request: HttpRequest, kind: Pass) -> str:
    """What the reader's pass says, or "" when there is none, it ran out, or somebody wrote it himself."""
    return str(request.get_signed_cookie(kind[0], default="", salt=kind[0], max_age=TWO_HOURS) or "")


def complaint_of(request: HttpRequest, kind: Pass) -> Complaint | None:
    """The complaint the reader's pass opens, in this village."""
    opened = pass_of(request, kind)
    if not opened.isdecimal():
        return None
    rows = Complaint.for_system("the complainant shows the pass his code gave him").filter(village=village_of(request))
    return rows.select_related("hamlet", "complainant", "complainant__hamlet").filter(pk=int(opened)).first()
