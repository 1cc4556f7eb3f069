"""What every step form has in common: where it stands, and the action it calls. Forms check shape; the domain checks sense."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import actions
from kentongan.complaints.access import Circle
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import STEPS, NotAllowed, NotYours, State
from kentongan.complaints.models import Assignment, Complaint, Event, Response, ShutOut, Task
from kentongan.lib.text import LIMIT
from kentongan.village.models import User, Village
from kentongan.village.roles import Role
from kentongan.web.desk import texts
from kentongan.web.public.fields import Files, Words
from kentongan.web.public.forms import pick

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


EARLIEST, LATEST = 2000, 2100  # years of a visit or a meeting
GONE = _("What you chose can no longer be chosen. Choose again.")


@dataclass
class Setting:
    """Where steps are taken: the complaint, who looks at it, and the answer on its way. The circle and the roles are read once."""

    complaint: Complaint
    user: User
    village: Village
    circle: Circle
    response: Response | None = None  # the one not yet delivered
    files: tuple[NewFile, ...] = ()
    events: list[Event] = field(default_factory=list)
    current: list[Assignment] = field(default_factory=list)  # to whom it is distributed now
    answered: list[Assignment] = field(default_factory=list)  # parts of the answer, in their order
    tasks: list[Task] = field(default_factory=list)
    sent: dict[str, tuple[NewFile, ...]] = field(default_factory=dict)  # files by their field, where a step has several

    @cached_property
    def roles(self) -> frozenset[Role]:
        return self.circle.roles_of(self.user)

    @property
    def state(self) -> State:
        return State(self.complaint.state)

    @cached_property
    def sees_identity(self) -> bool:
        return self.circle.may_see_identity(self.user)

    @property
    def mentioned(self) -> list[ShutOut]:
        """Those whom the words speak of and about whom the officer has not yet judged."""
        return [row for row in self.circle.shut_out if row.why == ShutOut.Why.MENTIONED]

    def may(self, verb: str) -> bool:
        """Whether role and state allow the step."""
        return not self.roles.isdisjoint(STEPS[verb].roles) and self.state in STEPS[verb].sources

    def has_role(self, role: Role) -> bool:
        return role in self.roles

    @property
    def given_to_me(self) -> bool:
        return any(row.responder_id in self.user.standing.acts_for for row in self.current)

    @property
    def is_unheld(self) -> bool:
        """Whether it was given out and nobody has it now who holds a post today."""
        here = self.circle.members
        return self.state in {State.ASSIGNED, State.IN_PROGRESS} and not any(row.responder_id in here for row in self.current)

    def can_finish(self, task: Task) -> bool:
        """Whether this person ticks the task off: it is open, and his to do or to look after."""
        return task.done_at is None and self.may("finish_task") and actions.may_finish(task, self.user, self.roles)

    @property
    def task_list(self) -> list[tuple[Task, bool]]:
        """The tasks, each with whether this person may tick it off."""
        return [(task, self.can_finish(task)) for task in self.tasks]

    def has_had(self, *kinds: str) -> bool:
        """Whether one of these ever happened to it: what never did need not be looked for."""
        return any(event.kind in kinds for event in self.events)

    def last_of(self, *kinds: str) -> str:
        """Which of these happened last, or ""."""
        return next((event.kind for event in sorted(self.events, key=lambda event: -event.pk) if event.kind in kinds), "")


class StepForm(forms.Form):
    """One step as a form. ``verb`` names it in the address and in the step table."""

    verb: ClassVar[str]
    label: ClassVar[Promise | str]  # what the person does: the button that opens it
    submit: ClassVar[Promise | str] = _("Save")
    done: ClassVar[Promise | str] = _("Saved.")
    intro: ClassVar[Promise | str] = ""
    shape: ClassVar[str] = "edit"
    danger: ClassVar[bool] = False
    template: ClassVar[str] = "desk/step_form.html"

    def __init__(self, data: QueryDict | None, setting: Setting) -> None:
        super().__init__(data, auto_id=f"{self.verb}_%s", initial=self.start_values(setting))
        self.setting = setting
        self.prepare(setting)

    @classmethod
    def offered(cls, setting: Setting) -> bool:
        """Whether the step is put before this person now, beyond role and state."""
        return True

    @classmethod
    def start_values(cls, setting: Setting) -> dict[str, Any]:
        return {}

    def prepare(self, setting: Setting) -> None:
        """Fill the choices of the form."""

    def take(self, complaint: Complaint, by: User) -> Complaint:
        """Call the action with what was typed. Raises what it raises."""
        raise NotImplementedError

    def typed(self) -> str:
        """What was written, to be given back when the step can no longer be taken."""
        shown = [name for name, f in self.fields.items() if isinstance(f, forms.CharField) and not f.widget.is_hidden]
        parts = [str(self.data.get(name, "")) for name in shown]
        return "\n".join(part for part in parts if part.strip())

    def refusal(self, error: NotYours | NotAllowed) -> Promise | str:
        """What to say beside the form when the action refuses for a reason of its own; "" for the usual ones."""
        return ""

    @property
    def preview(self) -> dict[str, str] | None:
        """What somebody outside will read, where the step sends it."""
        return None

    @property
    def to_print(self) -> tuple[str, Promise | str, str] | None:
        """A paper that goes with the step: its address, what it is, and the address of the same to edit."""
        return None

    @property
    def summary(self) -> Promise | str:
        return self.label

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The fields that stand one below the other."""
        return self.visible_fields()

    @property
    def takes_texts(self) -> bool:
        """Whether the village's standard texts are offered for what is written here."""
        return self.verb in texts.STEPS

    @classmethod
    def file_fields(cls) -> list[str]:
        return [name for name, each in cls.base_fields.items() if isinstance(each, Files)]


def long_text(label: Promise | str, *, required: bool = True, rows: int = 4, **kwargs: Any) -> Words:
    """A field for sentences."""
    messages = {"required": _("Write it in a sentence or two.")}
    return Words(
        label=label,
        longest=LIMIT,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=messages,
        **kwargs,
    )


def line(label: Promise | str, longest: int, *, required: bool = False, **kwargs: Any) -> Words:
    """A field for one line."""
    return Words(label=label, longest=longest, required=required, error_messages={"required": _("Write this.")}, **kwargs)


def photos(label: _StrPromise | str = "") -> Any:
    """Where files are chosen; ``uploads.read`` reads them. ``Any``: a form has something else called ``files`` once it is made."""
    return Files(label=label or _("Photos or papers"))


def a_day(label: _StrPromise | str, **kwargs: Any) -> forms.DateField:
    """A day, by the browser's own picker or as people write it; may be left empty."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, required=False, widget=widget, input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **kwargs
    )


class _Moment(forms.DateTimeField):
    """A moment of our days: in the year 26 or 9999 somebody slipped, and calendars end."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        if moment and not EARLIEST <= moment.year <= LATEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


def a_moment(label: _StrPromise | str, **kwargs: Any) -> forms.DateTimeField:
    """A day and an hour on the village's clock, by the browser's own picker or as people write it."""
    return _Moment(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d-%m-%Y %H:%M", "%d-%m-%Y %H.%M", "%d/%m/%Y %H.%M"],
        error_messages={
            "required": _("Write the day and the hour."),
            "invalid": _("Write the day and the hour like 25-11-2026 09.30."),
        },
        **kwargs,
    )


def choose(label: _StrPromise | str, **kwargs: Any) -> forms.TypedChoiceField:
    """A number out of a list."""
    messages = {"required": _("Choose one."), "invalid_choice": GONE}
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, error_messages=messages, **kwargs)


def choose_some(label: _StrPromise | str, **kwargs: Any) -> forms.TypedMultipleChoiceField:
    """Any number out of a list, as boxes."""
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one."), "invalid_choice": GONE},
        **kwargs,
    )


def fill(form: forms.Form, name: str, choices: list[tuple[Any, Any]], *, nothing: Promise | str = "") -> None:
    """Give a field its choices; ``nothing``: the words of the empty one."""
    pick(form.fields[name], [("", nothing), *choices] if nothing else choices)
