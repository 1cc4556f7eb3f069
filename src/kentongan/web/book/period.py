"""Which part of the book: a month, quarter, year or any days; the paper; a copy with masked numbers or not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.complaints.models import Complaint
from kentongan.reports.register_book import PAPERS
from kentongan.reports.report.period import Period
from kentongan.village.models import User, Village

CUSTOM = "days"


def span_of(key: str) -> tuple[date, date]:
    """First and last day of ``2026``, ``2026-S1``, ``2026-Q4`` or ``2026-11``. Raises ``ValueError`` for anything else."""
    period = Period.of(key)
    return period.start, period.end


def first_year(user: User, village: Village) -> int:
    """The year this person's book begins."""
    first = (
        Complaint.visible_to(user).filter(village=village).order_by("received_at", "id").values_list("received_at", flat=True)[:1]
    )
    today = timezone.localdate().year
    return min([today, *(timezone.localtime(moment).year for moment in first)])


def choices(since: int, today: date) -> list[tuple[str, Any]]:
    """Months of this year and the last, quarters, half-years and years since the book began, newest first; and days of one's own."""
    months, quarters, halves, years = [], [], [], []
    for year in range(today.year, since - 1, -1):
        years.append((str(year), str(year)))
        last = today.month if year == today.year else 12
        for month in range(last, 0, -1):
            months.append((f"{year}-{month:02d}", formats.date_format(date(year, month, 1), "F Y")))
        for quarter in range((last + 2) // 3, 0, -1):
            quarters.append((f"{year}-Q{quarter}", gettext("Quarter %(quarter)s, %(year)s") % {"quarter": quarter, "year": year}))
        for half in range((last + 5) // 6, 0, -1):
            halves.append((f"{year}-S{half}", gettext("Half-year %(half)s, %(year)s") % {"half": half, "year": year}))
    groups: list[tuple[str, Any]] = [
        (gettext("Month"), months[:24]),
        (gettext("Quarter"), quarters[:12]),
        (gettext("Half-year"), halves[:8]),
        (gettext("Year"), years),
    ]
    return [*groups, (CUSTOM, gettext("The days below"))]


class SpanForm(forms.Form):
    """Which days of the book; read from the address. An empty address means ``usual``."""

    usual = "%Y"

    use_required_attribute = False
    narrows = True  # an empty field means all: ``field`` does not say that it may be left empty

    period = forms.ChoiceField(label=_("Period"))
    start = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    end = forms.DateField(
        label=_("Until and including"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, user: User, village: Village) -> None:
        self.today = timezone.localdate()
        values = data.copy()
        for name, value in self.usual_values().items():
            values.setdefault(name, value)
        self.own_days = values["period"] == CUSTOM
        super().__init__(values)
        groups = choices(first_year(user, village), self.today)
        cast(forms.ChoiceField, self.fields["period"]).choices = groups
        self.words: dict[str, str] = {key: words for _group, options in groups[:-1] for key, words in options}
        for name in ("start", "end"):
            self.fields[name].required = self.own_days
            self.fields[name].error_messages["required"] = gettext("Write the day like 25-11-2026.")
            self.fields[name].error_messages["invalid"] = gettext("Write the day like 25-11-2026.")

    def usual_values(self) -> dict[str, str]:
        """What stands for what the address does not say."""
        return {"period": f"{self.today:{self.usual}}"}

    @property
    def title(self) -> str:
        """The chosen period in the language of the screen."""
        words = self.words.get(self.cleaned_data["period"])
        if words:
            return words
        return " – ".join(formats.date_format(self.cleaned_data[name], "j F Y") for name in ("start", "end"))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("period") != CUSTOM:
            if values.get("period"):
                values["start"], values["end"] = span_of(values["period"])
            return values
        start, end = values.get("start"), values.get("end")
        if not start or not end:
            return values
        if end < start:
            self.add_error("end", gettext("The last day lies before the first."))
        elif end > self.today + timedelta(days=366) or start.year < 1900:
            self.add_error("start", gettext("Choose days of this book."))
        return values


class PeriodForm(SpanForm):
    """The days of the book, and how it is taken away."""

    usual = "%Y-%m"
    paper = forms.ChoiceField(label=_("Paper"), choices=[(paper, paper) for paper in PAPERS])
    masked = forms.BooleanField(
        label=_("A copy to hand out"),
        required=False,
        help_text=_("Telephone numbers are masked and confidential reports show no content."),
    )

    def usual_values(self) -> dict[str, str]:
        return super().usual_values() | {"paper": PAPERS[0]}
