"""The words and shapes every template uses: icons, fields, chips, clocks, dates, numbers, charts (builtins of all templates)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache, partial
from typing import Any

from django import forms, template
from django.template.context import Context
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from kentongan.complaints import clocks
from kentongan.complaints.deadlines import Calendar
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Complaint, Urgency
from kentongan.lib import phones
from kentongan.reports import charts
from kentongan.village.models import Village

register = template.Library()

ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # hours ahead of UTC
# State to (tone, icon): a chip always says the word and shows a shape, never colour alone.
CHIPS = {
    State.RECEIVED: ("jati", "drum-struck"),
    State.AWAITING_COMPLAINANT: ("kunyit", "pause"),
    State.VERIFIED: ("nila", "check"),
    State.ASSIGNED: ("nila", "people"),
    State.IN_PROGRESS: ("nila", "half"),
    State.REFERRED: ("nila", "arrow-out"),
    State.RESPONDED: ("daun", "drum-answered"),
    State.CLOSED: ("daun", "check-circle"),
    State.DECLINED: ("bata", "ban"),
    State.WITHDRAWN: ("grey", "undo"),
    State.MERGED: ("grey", "merge"),
}


# --- icons and chips -------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One drawing of ``icons.svg``. With ``label`` it speaks; without, the words beside it do."""
    return _drawing(name, format_html('role="img" aria-label="{}"', label)) if label else _silent_drawing(name)


def _drawing(name: str, said: str) -> SafeString:
    return format_html(
        '<svg class="icon" {} width="24" height="24"><use href="{}#{}"></use></svg>', said, static("icons.svg"), name
    )


@cache
def _silent_drawing(name: str) -> SafeString:
    return _drawing(name, SafeString('aria-hidden="true"'))


@register.simple_tag
def state_chip(state: str) -> SafeString:
    """The state in its colour, with its shape and its word."""
    tone, shape = CHIPS[State(state)]
    return format_html('<span class="chip {}">{}{}</span>', tone, icon(shape), State(state).label)


# --- dates, numbers, telephones --------------------------------------------------------------------------------------


def _local(moment: date | datetime) -> date | datetime:
    return timezone.localtime(moment) if isinstance(moment, datetime) and timezone.is_aware(moment) else moment


@register.filter
def day(moment: date | datetime | None) -> str:
    """``Rabu, 25 November 2026``; empty for nothing."""
    return formats.date_format(_local(moment), "l, j F Y") if moment else ""


@register.filter
def short_day(moment: date | datetime | None) -> str:
    """``Rab 25 Nov``, with the year when it is not this one."""
    if not moment:
        return ""
    here = _local(moment)
    return _short(date(here.year, here.month, here.day), timezone.localdate().year, get_language() or "")


@lru_cache(maxsize=1000)
def _short(here: date, this_year: int, _language: str) -> str:
    return formats.date_format(here, "D j M" if here.year == this_year else "D j M Y")


@register.filter
def clock_time(moment: datetime | None) -> str:
    """``08.30 WIB`` (``08:30 WIB`` in English)."""
    if not moment:
        return ""
    here = timezone.localtime(moment)
    offset = here.utcoffset()
    zone = ZONES.get(round(offset.total_seconds() / 3600) if offset is not None else 7, here.tzname() or "")
    return f"{here:%H.%M} {zone}" if (get_language() or "id").startswith("id") else f"{here:%H:%M} {zone}"


@register.filter
def daytime(moment: datetime | None) -> str:
    """``Rabu, 25 November 2026, 08.30 WIB``."""
    return f"{day(moment)}, {clock_time(moment)}" if moment else ""


@register.simple_tag
def span(starts: datetime, ends: datetime) -> str:
    """``Rabu, 25 November 2026, 09.00–11.00 WIB``."""
    return f"{day(starts)}, {clock_time(starts).partition(' ')[0]}–{clock_time(ends)}"


@register.filter
def number(value: int | float | None) -> str:
    """``1.250`` as the language writes it; a dash for nothing."""
    return "–" if value is None else formats.number_format(value, force_grouping=True)


@register.filter
def telephone(typed: str) -> SafeString:
    """A telephone number as a link to tap; what is not one number stays as it was written."""
    try:
        e164 = phones.normalise(typed)
    except phones.NotAPhone:
        return format_html("{}", typed)
    return format_html('<a class="tel" href="tel:{}">{}</a>', e164, phones.national(e164))


@register.filter
def at(row: Sequence[Any], place: int) -> Any:
    """The item of ``row`` at ``place``; nothing when it is shorter."""
    return row[place] if place < len(row) else ""


@register.filter
def office_hours(village: Village) -> list[tuple[str, str]]:
    """(days, hours) with equal days together: ``Senin–Kamis``, ``07.30–15.30``."""
    return [
        (str(WEEKDAYS[first]) if first == last else f"{WEEKDAYS[first]}–{WEEKDAYS[last]}", span)
        for first, last, span in village.opening_runs()
    ]


# --- the clock -------------------------------------------------------------------------------------------------------


def _days_left(complaint: Complaint, clock_of: Village | Calendar) -> int | None:
    if isinstance(clock_of, Calendar):
        return None if complaint.due_at is None else clock_of.days_left(complaint.due_at, timezone.now())
    return clocks.days_left(complaint, clock_of)


def clock_words(complaint: Complaint, clock_of: Village | Calendar) -> tuple[str, str]:
    """(tone, sentence) of a complaint's clock; empty words: no clock.

    Tones: "" running, "paused" standing still, "wait" due today, "warn" late, "done" answered on time.
    """
    if not complaint.is_open:
        if complaint.on_time is None:
            return "", ""
        return ("done", gettext("Answered on time")) if complaint.on_time else ("", gettext("Answered late"))
    if complaint.state == State.AWAITING_COMPLAINANT:
        return "paused", gettext("Clock stopped: waiting for the complainant")
    if complaint.is_paused:
        return "paused", gettext("Clock stopped: waiting for another office")
    left = _days_left(complaint, clock_of)
    if left is None:
        return "", ""
    if complaint.is_overdue:
        late = -left
        words = (
            ngettext("%(days)d working day late", "%(days)d working days late", late) % {"days": late}
            if late
            else gettext("Late")
        )
        return "warn", words
    if left == 0:
        return "wait", gettext("Due today")
    return "", ngettext("%(days)d working day left", "%(days)d working days left", left) % {"days": left}


@register.simple_tag
def clock(complaint: Complaint, clock_of: Village | Calendar) -> SafeString:
    """How long there is left; ``clock_of`` is the village or its calendar (the calendar saves a look-up in long lists)."""
    tone, words = clock_words(complaint, clock_of)
    if not words:
        return SafeString("")
    shape = {"warn": "alert", "paused": "pause", "done": "check"}.get(tone, "clock")
    runs = complaint.is_open and not complaint.is_paused and complaint.state != State.AWAITING_COMPLAINANT
    due = SafeString("")
    if runs and complaint.due_at:
        iso = timezone.localtime(complaint.due_at).date().isoformat()
        due = format_html(' · <time datetime="{}">{}</time>', iso, short_day(complaint.due_at))
    return format_html('<span class="clock {}">{}<span>{}{}</span></span>', tone, icon(shape), words, due)


# --- lists -----------------------------------------------------------------------------------------------------------


@register.simple_tag
def complaint_row(
    complaint: Complaint, href: str, clock_of: Village | Calendar, who: str = "", holder: str = "", below: str = ""
) -> SafeString:
    """One line of a list, inside ``<ul class="rows" data-keys>``. ``who``: the complainant as these eyes may see it; ``below``:
    what more belongs to the line, outside of its link.

    Made here and not by a template: twenty-five of them were half the time of the list's page.
    """
    head = [_span(complaint.number, "number"), _span(who), _span(short_day(complaint.received_at))]
    if complaint.urgency in {Urgency.EMERGENCY, Urgency.HIGH}:
        head.append(format_html('<span class="flag">{}{}</span>', icon("alert"), complaint.get_urgency_display()))
    if complaint.confidential:
        head.append(format_html('<span class="flag grey">{}{}</span>', icon("lock"), gettext("Secret")))
    where = [_span(complaint.place_line), _span(f"{gettext('With')} {holder}" if holder else "")]
    return format_html(
        '<li><a class="complaint" href="{}"><span class="complaint-sub">{}</span><span class="complaint-what">{}</span>'
        '<span class="complaint-sub">{}</span><span class="complaint-state">{}{}</span></a>{}</li>',
        href,
        SafeString("".join(head)),
        complaint.subject,
        SafeString("".join(where)),
        state_chip(complaint.state),
        clock(complaint, clock_of),
        below,
    )


def _span(words: str, kind: str = "") -> SafeString:
    """The words between marks; nothing for none."""
    if not words:
        return SafeString("")
    return format_html('<span class="{}">{}</span>', kind, words) if kind else format_html("<span>{}</span>", words)


# --- forms -----------------------------------------------------------------------------------------------------------


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "control"


def _choices(bound: forms.BoundField) -> list[dict[str, Any]]:
    """The choices of a group of radio buttons or boxes; ``field.choice_help`` maps a value to one more line."""
    more: Mapping[str, str] = getattr(bound.field, "choice_help", {})
    drawings: Mapping[str, str] = getattr(bound.field, "choice_icons", {})
    rows = []
    for part in bound.subwidgets:
        value = str(part.data["value"])
        rows.append(
            {
                "tag": part.tag(),
                "label": part.choice_label,
                "help": more.get(value, ""),
                "icon": drawings.get(value, ""),
                "id": part.id_for_label,
            }
        )
    return rows


@register.inclusion_tag("parts/field.html")
def field(
    bound: forms.BoundField, label: str | None = None, help: str | None = None, layout: str = "", **attributes: Any
) -> dict[str, Any]:
    """A form field: label above, help below, error in words. Other arguments become attributes (``data_max`` → ``data-max``).

    ``layout``: "short" (narrow control), "big" (tall text), "two" (choices in two columns), "faces" (ratings).
    """
    kind = _kind(bound.field.widget)
    help_text = bound.help_text if help is None else help
    name = bound.id_for_label or bound.html_name
    described = " ".join([f"{name}_help"] * bool(help_text) + [f"{name}_error"] * bool(bound.errors))
    attrs = {key.replace("_", "-"): value for key, value in attributes.items()}
    if kind == "control":
        attrs["class"] = f"control {layout}".strip()
    if kind != "choices" and described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {
        "bound": bound,
        "kind": kind,
        "label": bound.label if label is None else label,
        "help": help_text,
        "name": name,
        "described": described,
        "layout": layout,
        "control": "" if kind == "choices" else bound.as_widget(attrs=attrs),
        "choices": _choices(bound) if kind == "choices" else [],
        "optional": not bound.field.required and kind in {"control", "file"} and not getattr(bound.form, "narrows", False),
    }


# --- charts ----------------------------------------------------------------------------------------------------------


def _months(title: str, rows: Sequence[Sequence[Any]], draw: Callable[..., str] = charts.columns) -> str:
    labels = [charts.Label(formats.date_format(row[0], "M"), formats.date_format(row[0], "F Y")) for row in rows]
    names = (gettext("Received"), gettext("Ended"))
    return draw(title, labels, [charts.Series(name, [row[n] for row in rows]) for n, name in enumerate(names, start=1)])


_CHARTS: dict[str, Callable[[str, Sequence[Any]], str]] = {
    "bars": charts.bars,
    "stack": charts.stack,
    "months": _months,
    "trend": partial(_months, draw=charts.line),
}


@register.simple_tag
def chart(kind: str, title: str, rows: Iterable[Any]) -> SafeString:
    """``bars`` and ``stack`` of (label, n, …), ``months`` and ``trend`` of (month, received, ended); drawn by ``reports/charts.py``, as on papers."""
    drawn = list(rows) if kind in ("months", "trend") else [(str(label), n) for label, n, *_more in rows]
    return SafeString(_CHARTS[kind](str(title), drawn))


# --- addresses -------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """``?…`` of this page with some parameters changed; ``None`` or empty removes one."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"
