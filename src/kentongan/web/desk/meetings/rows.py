"""Rows of a form, each a person or a decision; empty ones are passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions
from kentongan.complaints.models import Complaint
from kentongan.village.models import User
from kentongan.web.desk.steps.base import a_day, choose, fill, line
from kentongan.web.public.fields import EMail

SHOWN = 2  # rows that are open at once; the others unfold
# As what people outside of the office come: official words, as they stand on the papers.
CAPACITIES = ("Ketua RT", "Ketua RW", "BPD", "Bhabinkamtibmas", "Babinsa", "Tokoh masyarakat", "Saksi", "Perwakilan kecamatan")
Row = dict[str, Any]


def _as(label: Any) -> Any:
    return line(label, 120, widget=forms.TextInput(attrs={"list": "capacities"}))


def add_guests(form: forms.Form, count: int, *, with_email: bool = True) -> None:
    """Room for ``count`` people who are no officials."""
    for n in range(1, count + 1):
        form.fields[f"guest{n}_name"] = line(_("Name"), 120)
        form.fields[f"guest{n}_capacity"] = _as(_("As"))
        if with_email:
            form.fields[f"guest{n}_email"] = EMail(label=_("E-mail"), required=False)


def _numbers(form: forms.Form, first: str) -> Iterator[int]:
    n = 1
    while first.format(n) in form.fields:
        yield n
        n += 1


def guest_rows(form: forms.Form) -> list[Row]:
    """The rows as the page draws them."""
    return [
        {
            "n": n,
            "name": form[f"guest{n}_name"],
            "capacity": form[f"guest{n}_capacity"],
            "email": form[f"guest{n}_email"] if f"guest{n}_email" in form.fields else None,
        }
        for n in _numbers(form, "guest{}_name")
    ]


def check_guests(form: forms.Form, values: dict[str, Any]) -> None:
    """A letter needs somebody to go to."""
    for n in _numbers(form, "guest{}_name"):
        who = values.get(f"guest{n}_name") or values.get(f"guest{n}_capacity")
        if values.get(f"guest{n}_email") and not who:
            form.add_error(f"guest{n}_name", _("Write who this is."))


def guests(form: forms.Form) -> list[actions.Guest]:
    """The people that were written down; who has no name is called by what he comes as."""
    values, found = form.cleaned_data, []
    for n in _numbers(form, "guest{}_name"):
        name, capacity = values[f"guest{n}_name"], values[f"guest{n}_capacity"]
        if name or capacity:
            email = values.get(f"guest{n}_email", "")
            found.append(actions.Guest(name or capacity, capacity if name else "", email))
    return found


def add_decisions(form: forms.Form, count: int, people: list[tuple[int, str]], complaints: list[Complaint]) -> None:
    """Room for ``count`` decisions; in which complaint is asked only where there are several."""
    for n in range(1, count + 1):
        form.fields[f"decision{n}_what"] = line(_("What is done"), 300)
        form.fields[f"decision{n}_who"] = choose(_("Who does it"), required=False)
        fill(form, f"decision{n}_who", people, nothing=_("Nobody of the office"))
        form.fields[f"decision{n}_outside"] = line(_("Or somebody outside"), 120)
        form.fields[f"decision{n}_due"] = a_day(_("By"))
        if len(complaints) > 1:
            form.fields[f"decision{n}_complaint"] = choose(_("In which complaint"), required=False)
            fill(form, f"decision{n}_complaint", [(row.pk, f"{row.number} {row.subject}") for row in complaints])


def decision_rows(form: forms.Form) -> list[Row]:
    names = ("what", "who", "outside", "due", "complaint")
    return [
        {"n": n, **{name: form[f"decision{n}_{name}"] for name in names if f"decision{n}_{name}" in form.fields}}
        for n in _numbers(form, "decision{}_what")
    ]


def check_decisions(form: forms.Form, values: dict[str, Any]) -> None:
    """What is to be done must be said; the domain looks at the rest."""
    for n in _numbers(form, "decision{}_what"):
        begun = any(values.get(f"decision{n}_{name}") for name in ("who", "outside", "due"))
        if begun and not values.get(f"decision{n}_what") and f"decision{n}_what" not in form.errors:
            form.add_error(f"decision{n}_what", _("Write what is to be done."))


def decisions(form: forms.Form, complaints: list[Complaint]) -> list[actions.Decision]:
    values, found = form.cleaned_data, []
    treated = {row.pk: row for row in complaints}
    people = User.objects.in_bulk([values[name] for name in form.fields if name.endswith("_who") and values.get(name)])
    for n in _numbers(form, "decision{}_what"):
        what, due = values[f"decision{n}_what"], values[f"decision{n}_due"]
        if what:
            who, outside = people.get(values[f"decision{n}_who"]), values[f"decision{n}_outside"]
            complaint = treated.get(values.get(f"decision{n}_complaint") or 0)
            found.append(actions.Decision(what, _day(due), who=who, outside=outside, complaint=complaint))
    return found


def _day(typed: Any) -> date | None:
    return typed if isinstance(typed, date) else None


def unfolds(form: forms.Form, kind: str, shown: int = SHOWN) -> bool:
    """Whether something stands in the folded rows that must not be overlooked."""
    if not form.is_bound:
        return False
    folded = [name for name in form.fields if name.startswith(kind) and int(name.partition("_")[0].removeprefix(kind)) > shown]
    return any(name in form.errors or (not name.endswith("_complaint") and form[name].value()) for name in folded)
