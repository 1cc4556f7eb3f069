"""``/buku/laporan/terkirim/…/umum/``: a sent report's version for everybody: looked at, published, taken back."""

from __future__ import annotations

from functools import wraps
from typing import cast

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from kentongan.complaints import published_reports, sent_reports
from kentongan.complaints.models import PublishedReport, SentReport
from kentongan.reports.report import public
from kentongan.web.desk.guard import OfficialRequest, P, PlainView, View, entry_takers, official


def for_publishers(view: View[P]) -> PlainView[P]:
    """Only for the officer and the secretary."""

    @wraps(view)
    def guarded(request: OfficialRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not published_reports.may_publish(request.user):
            return render(request, "desk/not_yours.html", {"holders": entry_takers(request.village)}, status=403)
        return view(request, *args, **kwargs)

    return official(cast(View[P], guarded))


def _mine(request: OfficialRequest, pk: int) -> SentReport:
    return get_object_or_404(sent_reports.reports_for(request.user).select_related("village"), pk=pk)


@for_publishers
def look(request: OfficialRequest, pk: int, status: int = 200, trouble: str = "") -> HttpResponseBase:
    """What would stand before everybody, and what stands there."""
    report = _mine(request, pk)
    said = None
    try:
        said = public.data(report, advice=True, today=timezone.localdate())
    except public.CannotPublish:
        trouble = gettext("This report was sent before reports could be published. What it counts was not kept with it.")
    every = PublishedReport.objects.filter(report=report).defer("data")
    context = {
        "report": report,
        "said": said,
        "tables": [(table, "") for table in said["tables"]] if said else [],
        "trouble": trouble,
        "every": every,
        "public": next((one for one in every if one.taken_back_at is None), None),
    }
    return render(request, "book/publish.html", context, status=status)


@require_POST
@for_publishers
def publish(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Put it on the public site."""
    report = _mine(request, pk)
    try:
        public.publish(report, request.user, advice="advice" in request.POST, today=timezone.localdate())
    except public.CannotPublish:
        return look(request, pk, status=409)
    except published_reports.Overlaps as error:
        words = gettext(
            "%(name)s was published already. Of the same months only one report can be published: two together would give away small numbers."
        )
        return look(request, pk, status=409, trouble=words % {"name": error.other.report.name})
    messages.success(request, gettext("Published. Everybody finds it on the public site under Reports."))
    return redirect("book:publication", pk)


@require_POST
@for_publishers
def take_back(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Take it from the public site."""
    if published_reports.take_back(_mine(request, pk), request.user):
        messages.success(request, gettext("Taken back. It stands on the public site no more."))
    return redirect("book:publication", pk)
