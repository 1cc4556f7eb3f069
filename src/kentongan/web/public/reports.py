"""``/laporan/``: the village's reports for everybody, as far as they were published."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from kentongan.complaints import published_reports, sent_reports
from kentongan.complaints.models import PublishedReport
from kentongan.reports import charts
from kentongan.reports.report import drawings
from kentongan.web.papers import paper
from kentongan.web.public.here import village_of


def _published(request: HttpRequest, key: str) -> PublishedReport:
    found = published_reports.of(village_of(request)).filter(report__period=key)
    return get_object_or_404(found.defer("report__data"))


@gzip_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    found = published_reports.of(village_of(request)).defer("data", "report__data")
    return render(request, "public/reports.html", {"reports": found})


@gzip_page
@require_safe
def report(request: HttpRequest, key: str) -> HttpResponse:
    published = _published(request, key)
    look = charts.page()
    drawn = {one["table"]: SafeString(drawings.svg(one, look)) for one in published.data["charts"]}
    tables = [(table, drawn.get(table["key"], "")) for table in published.data["tables"]]
    return render(request, "public/report.html", {"published": published, "said": published.data, "tables": tables})


@require_safe
def report_paper(request: HttpRequest, key: str) -> HttpResponse:
    """The same as it was published, on paper. As if it were not there when the file is not what it was."""
    published = _published(request, key)
    try:
        return paper(published_reports.content(published), f"laporan-pengaduan-{key}.pdf")
    except sent_reports.Changed:
        raise Http404("the file is not what it was") from None
