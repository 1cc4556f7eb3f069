"""Every component of the pages once, for those who build them."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Urgency
from kentongan.village.models import Village
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office.guard import administrator


class SampleForm(forms.Form):
    """One field of each shape."""

    text = forms.CharField(label=gettext_lazy("What happened?"), widget=forms.Textarea)
    name = forms.CharField(label=gettext_lazy("Name"))
    kind = forms.ChoiceField(label=gettext_lazy("Urgency"), choices=Urgency.choices, widget=forms.RadioSelect)
    rating = forms.ChoiceField(
        label=gettext_lazy("Satisfaction"), choices=[(n, n) for n in range(1, 5)], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label=gettext_lazy("Hide my identity"), required=False)
    photo = forms.FileField(label=gettext_lazy("Photo"), required=False)


def _samples(village: Village) -> list[Complaint]:
    """Complaints that exist on this page alone."""
    now = timezone.now()
    told = (
        ("Jalan berlubang di depan mushola", State.RECEIVED, 3, Urgency.HIGH),
        ("Lampu pertigaan mati", State.IN_PROGRESS, 0, Urgency.NORMAL),
        ("Sampah di pinggir kali", State.IN_PROGRESS, -4, Urgency.NORMAL),
        ("Syarat surat pindah", State.AWAITING_COMPLAINANT, 5, Urgency.LOW),
    )
    rows = []
    for serial, (subject, state, days, urgency) in enumerate(told, start=1):
        row = Complaint(
            village=village, year=now.year, serial=serial, number=f"{now.year}-{serial:04d}", subject=subject, state=state
        )
        row.urgency, row.received_at, row.due_at = urgency, now - timedelta(days=6), now + timedelta(days=days, minutes=5)
        row.sample_who, row.sample_holder = "Sumarni", "Kasi Kesejahteraan"  # type: ignore[attr-defined]
        rows.append(row)
    return rows


def _entries() -> list[SimpleNamespace]:
    now = timezone.now()
    said = (
        (_("Answer delivered"), "out", "daun", _("The hole is filled.")),
        (_("Internal note"), "internal", "grey", _("Ask the neighbours first.")),
        (_("Received and entered in the complaint book"), "", "jati", ""),
    )
    return [
        SimpleNamespace(at=now - timedelta(days=n), sentence=sentence, side=side, tone=tone, text=text, by="Sari Wulandari")
        for n, (sentence, side, tone, text) in enumerate(said)
    ]


@administrator
@require_safe
def style(request: OfficialRequest) -> HttpResponse:
    bars = [(_("Roads"), 18), (_("Social aid"), 11), (_("Environment"), 7)]
    months = [(date(2026, month, 1), 4 + month % 3, 3 + month % 4) for month in range(1, 7)]
    context: dict[str, Any] = {
        "states": list(State),
        "samples": _samples(request.village),
        "form": SampleForm({"text": "", "name": "Sumarni"}),
        "steps": [_("What happened?"), _("Who you are"), _("Check and send")],
        "entries": _entries(),
        "bars": bars,
        "months": months,
        "head": [_("Category"), _("Number")],
        "head_months": [_("Month"), _("Received"), _("Ended")],
        "head_table": [_("Category"), _("Received"), _("Ended")],
        "table": [["Jalan", 18, 15], ["Bantuan sosial", 11, 11]],
        "total": [_("Together"), 29, 26],
        "people": [
            {"name": "Sumarni", "post": "", "phone": "+6281200000101", "hidden": False},
            {"name": "", "post": "", "phone": "", "hidden": True},
        ],
        "moment": timezone.now(),
    }
    return render(request, "desk/gaya.html", context)
