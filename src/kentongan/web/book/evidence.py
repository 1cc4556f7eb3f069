"""``/buku/bukti-kpk/`` and ``/buku/sosialisasi/``: the evidence for KPK's indicator 3.1 in one file, and the log of publicity it needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kentongan.complaints import surveys
from kentongan.complaints.models import Publicity
from kentongan.lib.text import whole
from kentongan.lib.tokens import new_token
from kentongan.reports.evidence import pack
from kentongan.web import uploads
from kentongan.web.book.period import first_year
from kentongan.web.book.reports import for_the_desk
from kentongan.web.book.surveys import acts, day_field, for_those_who_act
from kentongan.web.desk.guard import OfficialRequest, entry_takers
from kentongan.web.desk.steps.base import EARLIEST, line, photos

MOST_PEOPLE = 100_000
SHOWN = 200  # lines of the log


class PublicityForm(forms.Form):
    """One act: when, where, what, how many, a photo."""

    use_required_attribute = False
    on = day_field(_("Day"))
    place = line(_("Place"), 120, required=True)
    what = line(
        _("What was told, and how"),
        300,
        required=True,
        help_text=_("For example: the procedure explained at the meeting of RW 002, posters handed out."),
    )
    people = forms.IntegerField(label=_("How many were there"), required=False, min_value=1, max_value=MOST_PEOPLE)
    photo = photos(_("Photo"))

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"]
        if not day.year >= EARLIEST or day > timezone.localdate():
            raise forms.ValidationError(_("Write a day that has been."))
        return day


@for_the_desk
@require_http_methods(["GET", "HEAD", "POST"])
def publicity(request: OfficialRequest) -> HttpResponseBase:
    """What was done to make the desk known, newest first; POST adds one."""
    if request.method == "POST" and not acts(request.user):
        return render(request, "desk/not_yours.html", {"holders": entry_takers(request.village)}, status=403)
    form = PublicityForm(request.POST if request.method == "POST" else None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        sent = uploads.read(request, "photo", most=1)
        if sent.refused or (sent.files and sent.files[0].clean.mime != "image/jpeg"):
            for sentence in sent.refused or (gettext("Choose a photo here, not another kind of file."),):
                form.add_error("photo", sentence)
        else:
            _add(request, form, sent)
            messages.success(request, gettext("Written down. It stands in the evidence of its year."))
            return redirect("book:publicity")
    rows = Publicity.objects.filter(village=request.village)[:SHOWN]
    context = {"rows": rows, "form": form, "acts": acts(request.user)}
    return render(request, "book/publicity.html", context, status=422 if form.errors else 200)


def _add(request: OfficialRequest, form: PublicityForm, sent: uploads.Uploads) -> None:
    told = {name: form.cleaned_data[name] for name in ("on", "place", "what", "people")}
    row = Publicity(village=request.village, by_label=request.user.standing.label, **told)
    if sent.files:
        row.photo.save(f"{new_token()}.jpg", ContentFile(sent.files[0].clean.content), save=False)
    row.save()


@require_POST
@for_those_who_act
def remove(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """Take a line out that was written by mistake."""
    row = get_object_or_404(Publicity, pk=pk, village=request.village)
    if row.photo:
        row.photo.delete(save=False)
    row.delete()
    messages.success(request, gettext("The line is taken out."))
    return redirect("book:publicity")


@for_the_desk
@require_safe
def photo(request: OfficialRequest, pk: int) -> HttpResponseBase:
    """The photo of an act."""
    row = get_object_or_404(Publicity, pk=pk, village=request.village)
    if not row.photo or not row.photo.storage.exists(str(row.photo.name)):
        raise Http404("no photo")
    response = FileResponse(row.photo.open("rb"), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@for_the_desk
@require_safe
def page(request: OfficialRequest) -> HttpResponseBase:
    """What goes into the file, year by year, and what is still missing."""
    village = request.village
    years = _years(request)
    year = _year(request, years)
    closed = list(surveys.published(village).filter(year=year).defer("data", "elements"))
    told = Publicity.objects.filter(village=village, on__year=year).count()
    return render(
        request, "book/evidence.html", {"years": years, "year": year, "closed": closed, "told": told, "acts": acts(request.user)}
    )


@for_the_desk
@require_safe
def download(request: OfficialRequest) -> HttpResponseBase:
    """The file itself; ``?tahun=2026``."""
    year = _year(request, _years(request))
    site = request.build_absolute_uri(reverse("public:home")).rstrip("/")
    made = pack.build(pack.Order(request.village, year, request.user, site, timezone.now()))
    return FileResponse(
        made, as_attachment=True, filename=f"bukti-kpk-{request.village.pk}-{year}.zip", content_type="application/zip"
    )


def _years(request: OfficialRequest) -> range:
    today = timezone.localdate()
    return range(today.year, first_year(request.user, request.village) - 1, -1)


def _year(request: OfficialRequest, years: range) -> int:
    """The year asked for, of those the book has; this one for anything else."""
    year = whole(request.GET.get("tahun", ""))
    return year if year is not None and year in years else years[0]
