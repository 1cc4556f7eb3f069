"""What the list shows: filters and order from the address, and the seek from page to page without a count."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kentongan.channels.registry import CHANNELS
from kentongan.complaints import access, search
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Assignment, Complainant, Complaint
from kentongan.lib import phones
from kentongan.village.models import Kind, User, Village
from kentongan.web.desk import choices, queues
from kentongan.web.public.forms import pick

PAGE = 25
ORDERS = {"newest": _("Newest first"), "oldest": _("Oldest first"), "due": _("Most urgent first")}
MOST_PEOPLE = 200  # complainants a search by name looks at


class Filters(forms.Form):
    """The filters of the list. Every value may be missing; an unknown one is ignored."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    by = forms.ChoiceField(required=False, choices=[("", ""), ("person", "")], widget=forms.HiddenInput)
    queue = forms.ChoiceField(
        required=False, choices=[("", "")] + [(key, key) for key in queues.LABELS], widget=forms.HiddenInput
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), ("OPEN", _("Not yet finished")), *State.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices])
    category = forms.TypedChoiceField(label=_("Category"), required=False, coerce=int, empty_value=None)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    hamlet = forms.TypedChoiceField(label=_("Hamlet"), required=False, coerce=int, empty_value=None)
    responder = forms.TypedChoiceField(label=_("Distributed to"), required=False, coerce=int, empty_value=None)
    month = forms.CharField(
        label=_("Month received"), required=False, max_length=7, widget=forms.TextInput(attrs={"type": "month"})
    )
    mine = forms.BooleanField(label=_("Only what is distributed to me"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=list(ORDERS.items()))

    def __init__(self, data: Any, *, village: Village) -> None:
        super().__init__(data)
        self._choices("category", _("All categories"), choices.categories(village))
        self._choices("hamlet", _("All hamlets"), choices.hamlets(village))
        self._choices("responder", _("Everybody"), choices.officials(village))
        self._choices("channel", _("All channels"), [(key, door.label) for key, door in CHANNELS.items()])

    def _choices(self, name: str, nothing: Any, rows: choices.Choices) -> None:
        pick(self.fields[name], [("", nothing), *rows])

    def values(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def chosen(complaints: QuerySet[Complaint], values: dict[str, Any], user: User) -> QuerySet[Complaint]:
    """The complaints that fit the filters."""
    exact = {"kind": "kind", "category": "category", "channel": "channel", "hamlet": "hamlet"}
    complaints = complaints.filter(**{column: values[name] for name, column in exact.items() if name in values})
    if values.get("state") == "OPEN":
        complaints = complaints.filter(queues.OPEN_ONES)
    elif "state" in values:
        complaints = complaints.filter(state=values["state"])
    for responder in {values.get("responder"), user.pk if "mine" in values else None} - {None}:
        complaints = complaints.filter(
            Exists(Assignment.objects.filter(complaint=OuterRef("pk"), responder=responder, ended_at__isnull=True))
        )
    if "queue" in values:
        rule = queues.condition(values["queue"], user)
        complaints = complaints.filter(rule) if rule is not None else complaints.none()
    span = month_span(values.get("month", ""))
    return complaints.filter(received_at__gte=span[0], received_at__lt=span[1]) if span else complaints


def month_span(typed: str) -> tuple[datetime, datetime] | None:
    """The first moments of the month ``2026-11`` and of the next, in the village; ``None`` for anything else."""
    match = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", typed)
    if match is None:
        return None
    first = date(int(match[1]), int(match[2]), 1)
    after = (first + timedelta(days=32)).replace(day=1)
    return timezone.make_aware(datetime.combine(first, time())), timezone.make_aware(datetime.combine(after, time()))


# --- search ------------------------------------------------------------------------------------------------------------


def by_words(complaints: QuerySet[Complaint], typed: str) -> QuerySet[Complaint]:
    return search.matching(complaints, typed)


def by_person(complaints: QuerySet[Complaint], typed: str, user: User, village: Village) -> QuerySet[Complaint]:
    """By the complainant's name or telephone, among those whose identity this person may know."""
    people = Complainant.objects.filter(village=village).filter(_person(typed)).values_list("pk", flat=True)[:MOST_PEOPLE]
    return complaints.filter(access.with_identity(user), complainant__in=people)


def _person(typed: str) -> Q:
    try:
        return Q(phone=phones.normalise(typed))
    except phones.NotAPhone:
        pattern = Q()
        for word in typed.split()[:6]:
            pattern &= Q(name__icontains=word)
        return pattern


def looks_like_phone(typed: str) -> bool:
    digits = [c for c in typed if c.isdigit()]
    return len(digits) >= 8 and all(c.isdigit() or c in " +-().," for c in typed)


# --- seek --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """25 complaints, and the addresses of the pages before and after."""

    complaints: list[Complaint]
    newer: str
    older: str


def page(complaints: QuerySet[Complaint], order: str, query: QueryDict) -> Page:
    """The page that begins after ``after`` or ends before ``before`` (keys of rows), in the given order."""
    column, down = {"newest": ("received_at", True), "oldest": ("received_at", False), "due": ("due_at", False)}[order]
    if order == "due":
        complaints = complaints.filter(queues.OPEN_ONES, due_at__isnull=False)
    back = _key(query.get("before", ""))
    key = back or _key(query.get("after", ""))
    backwards = back is not None
    sign = "-" if down != backwards else ""
    rows = complaints.order_by(f"{sign}{column}", f"{sign}id")
    if key:
        moment, pk = key
        side = "lt" if down != backwards else "gt"
        rows = rows.filter(**{f"{column}__{side}e": moment}).exclude(
            **{column: moment, f"id__{'gte' if side == 'lt' else 'lte'}": pk}
        )
    found = list(rows[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backwards:
        found.reverse()
    before = more if backwards else key is not None
    after = bool(key) if backwards else more
    return Page(
        found,
        _address(query, before=_mark(found[0], column)) if found and before else "",
        _address(query, after=_mark(found[-1], column)) if found and after else "",
    )


def _mark(complaint: Complaint, column: str) -> str:
    moment: datetime = getattr(complaint, column)
    return f"{int(moment.timestamp())}.{moment.microsecond:06d}-{complaint.pk}"


def _key(typed: str) -> tuple[datetime, int] | None:
    seconds, _dash, pk = typed.partition("-")
    whole, _dot, micro = seconds.partition(".")
    if not (whole.isdigit() and micro.isdigit() and pk.isdigit()) or len(whole) > 11 or len(micro) > 6 or len(pk) > 18:
        return None
    return datetime.fromtimestamp(int(whole), tz=UTC).replace(microsecond=int(micro)), int(pk)


def _address(query: QueryDict, **place: str) -> str:
    parameters = query.copy()
    for name in ("before", "after"):
        parameters.pop(name, None)
    parameters.update(place)
    return f"?{parameters.urlencode()}"
