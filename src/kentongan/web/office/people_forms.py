"""The forms of people and posts."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kentongan.village import seed
from kentongan.village.models import Hamlet, Unit, User, Village
from kentongan.village.roles import Role
from kentongan.web.office.fields import day_field, one_number, shown

USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,49}$", gettext_lazy("Three or more small letters, digits, dots or dashes. Example: kasi.pelayanan")
)
ROLE_HELP = {
    Role.OFFICER: gettext_lazy("Receives, records, checks, distributes, delivers the answer."),
    Role.RESPONDER: gettext_lazy("Works on what is distributed to him and drafts the answer."),
    Role.LIAISON: gettext_lazy("Carries matters to the agencies above and follows up."),
    Role.SECRETARY: gettext_lazy("Sees the whole book, checks answers, stands in for the officer."),
    Role.HEAD: gettext_lazy("Sees the whole book, approves answers, gets the reports."),
    Role.COUNCIL: gettext_lazy("Sees what names the village head, and nothing else."),
    Role.ADMIN: gettext_lazy("Keeps accounts and settings; sees no complaint."),
}


def username_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=50,
        validators=[USERNAME],
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("For logging in. Example: kasi.pelayanan"),
    )


def check_username_is_free(username: str) -> str:
    if User.objects.filter(username__iexact=username).exists():
        raise ValidationError(_("Somebody has this user name already. Choose another one."))
    return username


class PostForm(forms.Form):
    """A post: its name, its roles, where, from when."""

    post = forms.CharField(label=gettext_lazy("Post"), max_length=80, help_text=gettext_lazy("For example: Kasi Kesejahteraan"))
    roles = forms.MultipleChoiceField(label=gettext_lazy("Roles"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=gettext_lazy("Unit"), required=False, empty_label="–")
    hamlet = forms.ModelChoiceField(Hamlet.objects.none(), label=gettext_lazy("Hamlet (dusun)"), required=False, empty_label="–")
    since = day_field(gettext_lazy("From"))
    acting = forms.BooleanField(
        label=gettext_lazy("Acting (Plt.)"),
        required=False,
        help_text=gettext_lazy("Papers then say Plt. before the post, until it ends."),
    )

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"since": timezone.localdate()}, **kwargs})
        self.fields["roles"].choice_help = ROLE_HELP  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(village=village)  # type: ignore[attr-defined]
        self.fields["hamlet"].queryset = Hamlet.objects.filter(village=village)  # type: ignore[attr-defined]

    def as_post(self) -> seed.Post:
        told = self.cleaned_data
        return seed.Post(told["post"], tuple(Role(role) for role in told["roles"]), told["unit"], told["hamlet"], told["acting"])


class NewPersonForm(PostForm):
    """An account together with its first post."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    username = username_field(gettext_lazy("User name"))
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=30, required=False)
    field_order = ("name", "username", "phone", "post", "roles", "unit", "hamlet", "since", "acting")

    def clean_username(self) -> str:
        return check_username_is_free(self.cleaned_data["username"])

    def clean_phone(self) -> str:
        return one_number(self.cleaned_data["phone"])


class PersonForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["name", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = shown(self.initial, "phone")

    def clean_phone(self) -> str:
        return one_number(self.cleaned_data["phone"])


class EndForm(forms.Form):
    """The last day of a post."""

    until = day_field(gettext_lazy("Last day"))

    def __init__(self, *args: Any, since: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.since = since

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if self.since and until < self.since:
            raise ValidationError(_("The last day cannot lie before the first."))
        return until
