"""The forms of meetings: call one, choose its day, move it, call it off, invite further people, write the minutes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions
from kentongan.complaints.access import Circle
from kentongan.complaints.actions import meetings as deeds
from kentongan.complaints.lifecycle import STEPS, State
from kentongan.complaints.models import Complaint, Meeting
from kentongan.village.models import User
from kentongan.web.desk.list import number_of
from kentongan.web.desk.meetings import rows
from kentongan.web.desk.meetings.seat import Seat
from kentongan.web.desk.steps.base import Setting, StepForm, a_moment, choose, choose_some, fill, line, long_text
from kentongan.web.templatetags.kentongan import daytime

PROPOSALS = 4
GUESTS, MORE_GUESTS, CAME = 8, 3, 6
DECISIONS = 8
MOST_COMPLAINTS = 10
KINDS = [(Meeting.Kind.REVIEW, _("Review meeting")), (Meeting.Kind.MEDIATION, _("Mediation"))]
KIND_HELP = {
    Meeting.Kind.REVIEW: _("The office talks the matter over, with others where needed."),
    Meeting.Kind.MEDIATION: _("Both sides come and look for an agreement."),
}
LASTS: list[tuple[int, Promise | str]] = [
    (30, _("half an hour")), (60, _("1 hour")), (90, _("1½ hours")), (120, _("2 hours")), (180, _("3 hours")), (240, _("4 hours")),
    (480, _("the whole day")),
]  # fmt: skip
AGREED = [("yes", _("Yes, an agreement was reached")), ("no", _("No, not yet")), ("none", _("There was nothing to agree on"))]


def _officials() -> Any:
    boxes = choose_some(_("Officials to invite"), required=False)
    boxes.error_messages["invalid_choice"] = _(
        "Somebody you ticked cannot take part here. Choose somebody else, or treat the complaints in separate meetings."
    )
    return boxes


def _lasts() -> Any:
    return choose(_("How long"), choices=LASTS, initial=120)


def _place() -> Any:
    return line(_("Place"), 140, required=True)


def _agenda() -> Any:
    return long_text(_("Agenda"), required=False, rows=2, help_text=_("Stands on the invitation. No names of complainants."))


class _WithGuests(forms.Form):
    """Rows of people who are no officials, as the page draws them."""

    @property
    def guest_rows(self) -> list[rows.Row]:
        return rows.guest_rows(self)

    @property
    def guests_open(self) -> bool:
        return rows.unfolds(self, "guest")


class Convene(_WithGuests, StepForm):
    verb = "convene"
    label = _("Call a meeting")
    submit = _("Call the meeting")
    done = _("The meeting is called. Those with an e-mail address get the invitation; tell the others.")
    shape = "calendar"
    kind = forms.ChoiceField(label=_("What kind of meeting"), choices=KINDS, widget=forms.RadioSelect)
    start1 = a_moment(_("Day and time"))
    lasts = _lasts()
    place = _place()
    agenda = _agenda()
    officials = _officials()
    complainant = forms.BooleanField(label=_("Invite the complainant"), required=False)
    others = line(
        _("Further complaints it treats"), 300, help_text=_("Their register numbers, with commas between. Each gets its event.")
    )

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        """At the office; those who answer are asked."""
        holders = [row.responder_id for row in setting.current]
        return {"kind": Meeting.Kind.REVIEW, "place": f"Kantor Desa {setting.village.name}", "officials": holders}

    def prepare(self, setting: Setting) -> None:
        self.fields["kind"].choice_help = KIND_HELP  # type: ignore[attr-defined]
        self.fields["start1"].help_text = _clock(setting.village.zone_label)
        fill(self, "officials", [(pk, f"{row.user} — {row.post}") for pk, row in setting.circle.members.items()])
        if setting.complaint.is_anonymous:
            del self.fields["complainant"]
        elif setting.complaint.identity_hidden:
            self.fields["complainant"].help_text = _("The identity is hidden: papers and lists only say “Pengadu”.")
        for n in range(2, PROPOSALS + 1):
            self.fields[f"start{n}"] = a_moment(_("Or day and time"), required=False)
        rows.add_guests(self, GUESTS)

    @property
    def further_starts(self) -> list[forms.BoundField]:
        return [self[f"start{n}"] for n in range(2, PROPOSALS + 1)]

    @property
    def starts_open(self) -> bool:
        return any(bound.errors or bound.value() for bound in self.further_starts)

    def clean_others(self) -> list[Complaint]:
        """The complaints whose numbers were typed: visible to this person, and open to a meeting called by him."""
        typed = [part for part in re.split(r"[\s,;]+", self.cleaned_data["others"]) if part]
        if len(typed) > MOST_COMPLAINTS:
            raise forms.ValidationError(_("At most %(n)d further complaints.") % {"n": MOST_COMPLAINTS})
        return [self._other(one) for one in typed]

    def _other(self, typed: str) -> Complaint:
        number = number_of(typed)
        found = Complaint.visible_to(self.setting.user).filter(number=number).first() if number else None
        if found is None:
            raise forms.ValidationError(_("There is no complaint with the number %(number)s here.") % {"number": typed})
        if found.state not in STEPS["convene"].sources:
            said = {"number": found.number, "state": State(found.state).label}
            raise forms.ValidationError(_("%(number)s is “%(state)s”: no meeting is called about it.") % said)
        if not Circle(found).may(self.setting.user, "convene"):
            raise forms.ValidationError(_("You may not call a meeting about %(number)s.") % {"number": found.number})
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        rows.check_guests(self, values)
        return values

    def call(self, by: User) -> Meeting:
        """Call it. Raises what ``convene`` raises."""
        values = self.cleaned_data
        starts = tuple(values[f"start{n}"] for n in range(1, PROPOSALS + 1) if values[f"start{n}"])
        plan = actions.Plan(starts, timedelta(minutes=values["lasts"]), values["place"], values["agenda"], values["kind"])
        people = User.objects.in_bulk(values["officials"])
        posts = self.setting.circle.members
        officials = [actions.Guest(str(people[pk]), posts[pk].post, user=people[pk]) for pk in values["officials"]]
        return actions.convene(
            [self.setting.complaint, *values["others"]],
            plan=plan,
            guests=[*officials, *rows.guests(self)],
            with_complainants=values.get("complainant", False),
            by=by,
        )


def _clock(zone: str) -> str:
    return gettext("On the village's clock (%(zone)s).") % {"zone": zone}


class MeetingForm(_WithGuests):
    """One later step as a form. ``deed`` names it in the address."""

    deed: ClassVar[str]
    label: ClassVar[Promise | str]
    submit: ClassVar[Promise | str]
    done: ClassVar[Promise | str]
    intro: ClassVar[Promise | str] = ""
    shape: ClassVar[str] = "edit"
    danger: ClassVar[bool] = False
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None, seat: Seat) -> None:
        self.seat = seat
        super().__init__(data, auto_id=f"{self.deed}_%s", initial={"seen": self.mark, **self.start_values(seat)})
        self.prepare(seat)

    @property
    def mark(self) -> str:
        """What the meeting looks like when the form is drawn; when it comes back, somebody may have been faster."""
        return f"{self.seat.meeting.sequence}"

    @classmethod
    def offered(cls, seat: Seat) -> bool:
        raise NotImplementedError

    @classmethod
    def start_values(cls, seat: Seat) -> dict[str, Any]:
        return {}

    def prepare(self, seat: Seat) -> None:
        """Fill the choices of the form."""

    def take(self, by: User) -> None:
        """Call the action. Raises what it raises."""
        raise NotImplementedError

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if not bound.name.startswith(("guest", "decision"))]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.seat.is_open and values.get("seen") not in ("", None, self.mark):
            raise forms.ValidationError(
                _("Somebody changed this meeting meanwhile. Open its page again, look at it, then decide.")
            )
        rows.check_guests(self, values)
        rows.check_decisions(self, values)
        return values


class FixDate(MeetingForm):
    deed = "tanggal"
    label = _("Choose the day")
    submit = _("Fix this day")
    done = _("The day is fixed. Those with an e-mail address get the invitation; tell the others.")
    shape = "calendar"
    start = forms.ChoiceField(
        label=_("Which of the proposed days"), widget=forms.RadioSelect, error_messages={"required": _("Choose one.")}
    )
    lasts = _lasts()

    @classmethod
    def offered(cls, seat: Seat) -> bool:
        return seat.meeting.state == Meeting.State.PROPOSED

    @classmethod
    def start_values(cls, seat: Seat) -> dict[str, Any]:
        return {"lasts": seat.lasts}

    def prepare(self, seat: Seat) -> None:
        fill(self, "start", [(moment, daytime(datetime.fromisoformat(moment))) for moment in seat.proposals])

    def take(self, by: User) -> None:
        starts = datetime.fromisoformat(self.cleaned_data["start"])
        deeds.fix_date(self.seat.meeting, starts_at=starts, ends_at=starts + timedelta(minutes=self.cleaned_data["lasts"]), by=by)


class Change(MeetingForm):
    deed = "ubah"
    label = _("Move or change it")
    submit = _("Change")
    done = _("Changed. Those with an e-mail address are told; tell the others.")
    start = a_moment(_("Day and time"))
    lasts = _lasts()
    place = _place()
    agenda = _agenda()
    reason = long_text(_("Why"), rows=2, help_text=_("Those invited read it."))

    @classmethod
    def offered(cls, seat: Seat) -> bool:
        return seat.is_open

    @classmethod
    def start_values(cls, seat: Seat) -> dict[str, Any]:
        meeting = seat.meeting
        starts = seat.village.local(meeting.starts_at) if meeting.starts_at else None
        return {"start": starts, "lasts": seat.lasts, "place": meeting.place, "agenda": meeting.agenda}

    def prepare(self, seat: Seat) -> None:
        self.fields["start"].help_text = _clock(seat.village.zone_label)
        if seat.lasts not in dict(LASTS):
            fill(self, "lasts", [*LASTS, (seat.lasts, gettext("%(n)d minutes") % {"n": seat.lasts})])

    def take(self, by: User) -> None:
        values = self.cleaned_data
        deeds.change(
            self.seat.meeting,
            starts_at=values["start"],
            ends_at=values["start"] + timedelta(minutes=values["lasts"]),
            place=values["place"],
            agenda=values["agenda"],
            reason=values["reason"],
            by=by,
        )


class Invite(MeetingForm):
    deed = "undang"
    label = _("Invite somebody else")
    submit = _("Invite")
    done = _("Invited. Who has an e-mail address gets the invitation; tell the others.")
    shape = "people"
    officials = _officials()

    @classmethod
    def offered(cls, seat: Seat) -> bool:
        return seat.still_to_come

    def prepare(self, seat: Seat) -> None:
        invited = set() if self.is_bound else {row.user_id for row in seat.invited}
        left = [(pk, label) for pk, label in seat.people if pk not in invited]
        fill(self, "officials", left)
        if not left and not self.is_bound:
            del self.fields["officials"]
        rows.add_guests(self, MORE_GUESTS)

    def take(self, by: User) -> None:
        people = User.objects.in_bulk(self.cleaned_data.get("officials", []))
        posts = dict(self.seat.people)
        officials = [actions.Guest(str(user), posts[pk].partition(" — ")[2], user=user) for pk, user in people.items()]
        deeds.invite_more(self.seat.meeting, guests=[*officials, *rows.guests(self)], by=by)


class Cancel(MeetingForm):
    deed = "batal"
    label = _("Call it off")
    submit = _("Call it off")
    done = _("Called off. Those with an e-mail address are told; tell the others.")
    shape = "ban"
    danger = True
    reason = long_text(_("Why"), rows=2, help_text=_("Those invited read it."))

    @classmethod
    def offered(cls, seat: Seat) -> bool:
        return seat.is_open

    def take(self, by: User) -> None:
        deeds.cancel(self.seat.meeting, reason=self.cleaned_data["reason"], by=by)


class NumberPapers(MeetingForm):
    deed = "nomor"
    label = _("Give the paper a new number")
    submit = _("Give it a number")
    done = _("Numbered. The paper can be printed.")
    shape = "printer"

    @classmethod
    def offered(cls, seat: Seat) -> bool:
        return bool(actions.meeting_gaps(seat.meeting))

    def take(self, by: User) -> None:
        actions.number_meeting(self.seat.meeting, by=by)


class Minutes(MeetingForm):
    deed = "notulen"
    label = _("Write the minutes")
    submit = _("Save the minutes")
    done = _("The minutes are written. Each decision is now a task of its complaint.")
    shape = "note"
    present = choose_some(_("Who came"), required=False)
    course = long_text(_("How it went"), rows=8)
    agreed = forms.ChoiceField(
        label=_("Was an agreement reached?"),
        choices=AGREED,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    chair = line(_("Chaired by"), 200, required=True)
    clerk = line(_("Minutes by"), 200, required=True)

    @classmethod
    def offered(cls, seat: Seat) -> bool:
        return seat.may_be_minuted

    @classmethod
    def start_values(cls, seat: Seat) -> dict[str, Any]:
        agreed = "" if seat.meeting.kind == Meeting.Kind.MEDIATION else "none"
        return {"clerk": dict(seat.people).get(seat.user.pk, str(seat.user)), "agreed": agreed}

    def prepare(self, seat: Seat) -> None:
        fill(self, "present", [(row.pk, _person(row.name, row.capacity)) for row in seat.invited])
        for name in ("chair", "clerk"):
            self.fields[name].widget.attrs["list"] = "people"
            self.fields[name].help_text = _("Name — post. Both sign the minutes.")
        rows.add_guests(self, CAME, with_email=False)
        rows.add_decisions(self, DECISIONS, seat.people, seat.complaints)

    @property
    def decision_rows(self) -> list[rows.Row]:
        return rows.decision_rows(self)

    @property
    def decisions_open(self) -> bool:
        return rows.unfolds(self, "decision")

    def take(self, by: User) -> None:
        values = self.cleaned_data
        record = actions.Record(
            present=frozenset(values["present"]),
            course=values["course"],
            chair=values["chair"],
            clerk=values["clerk"],
            agreed={"yes": True, "no": False}.get(values["agreed"]),
            others=tuple(rows.guests(self)),
            decisions=tuple(rows.decisions(self, self.seat.complaints)),
        )
        actions.record_minutes(self.seat.meeting, record=record, by=by)


def _person(name: str, capacity: str) -> str:
    return capacity if capacity.startswith(name) else f"{name} — {capacity}" if capacity else name


FORMS: dict[str, type[MeetingForm]] = {form.deed: form for form in (FixDate, Minutes, NumberPapers, Invite, Change, Cancel)}
