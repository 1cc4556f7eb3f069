"""``/kantor/poster/``: the poster that tells residents how to complain, to print."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kentongan.web.desk.guard import OfficialRequest, official
from kentongan.web.office.guard import may_change, office
from kentongan.web.papers import paper

SIZES = ("A4", "F4", "A5")


@office
@require_safe
def page(request: OfficialRequest) -> HttpResponse:
    """Where the square leads, and the papers to choose from."""
    context = {"address": _form(request), "sizes": SIZES, "editable": may_change(request)}
    return render(request, "office/poster.html", context)


@official
@require_safe
def printed(request: OfficialRequest) -> HttpResponseBase:
    """The poster; ``?kertas=f4|a5``. It holds nothing but what every resident reads."""
    from kentongan.reports import poster

    size = request.GET.get("kertas", "").upper()
    return paper(poster.pdf(request.village, _form(request), paper=size if size in SIZES else "A4"), "poster-pengaduan.pdf")


def _form(request: OfficialRequest) -> str:
    return request.build_absolute_uri(reverse("public:file"))
