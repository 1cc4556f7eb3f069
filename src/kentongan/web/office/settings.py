"""The overview of the office, the village's data, its clocks and hours."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kentongan.channels.models import ChatAccount, Mailbox
from kentongan.complaints import clocks as running
from kentongan.complaints import letters, referrals, rollup
from kentongan.complaints.models import StandardText
from kentongan.jobs.models import Job
from kentongan.lib import letter_numbers
from kentongan.village.models import (
    CLOCKS,
    LAST_REPORT_DAY,
    Agency,
    Category,
    Hamlet,
    Holiday,
    LetterRule,
    Membership,
    Unit,
    Village,
)
from kentongan.village.roles import Role
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office import numbers
from kentongan.web.office.fields import HoursField, clock_field, one_number, shown
from kentongan.web.office.guard import changed, may_change, office

APPROVERS = {
    "": gettext_lazy("Nobody: the answer goes out as written"),
    "SECRETARY": gettext_lazy("The village secretary"),
    "HEAD": gettext_lazy("The village head"),
    "SECRETARY,HEAD": gettext_lazy("The village secretary, then the village head"),
}
CLOCK_LABELS: dict[str, tuple[Any, Any]] = {
    "verify": (gettext_lazy("Checking a new complaint"), gettext_lazy("Complete? Ours? About what?")),
    "information": (gettext_lazy("Answering a request for information"), ""),
    "aspiration": (gettext_lazy("Answering an aspiration"), ""),
    "complaint": (gettext_lazy("Answering a complaint"), ""),
    "inspection": (
        gettext_lazy("Answering a complaint that needs an inspection"),
        gettext_lazy("Abuse of office, levies, funds."),
    ),
    "reply": (gettext_lazy("Time to object to an answer"), gettext_lazy("After it, the complaint may be closed.")),
    "complete": (gettext_lazy("Time to complete a complaint"), gettext_lazy("Until then the clock stands still.")),
    "law_answer": (
        gettext_lazy("Answer by law, from receipt"),
        gettext_lazy("Calendar days, beside the clocks above (Law 25/2009 art. 44)."),
    ),
    "law_complete": (
        gettext_lazy("Completed by law, since it was asked"),
        gettext_lazy("Calendar days (Law 25/2009 art. 44). After them the law takes it as withdrawn; you decide."),
    ),
    "law_settle": (
        gettext_lazy("Settled by law, since it is complete"),
        gettext_lazy("Calendar days (Law 25/2009 art. 50)."),
    ),
    "late_liaison": (gettext_lazy("Late: the liaison officer is told after"), ""),
    "late_secretary": (gettext_lazy("Late: the secretary is told after"), ""),
    "late_head": (gettext_lazy("Late: the village head is told after"), ""),
}


@office
@require_safe
def index(request: OfficialRequest) -> HttpResponse:
    place = request.village
    people = Membership.current().filter(village=place).values("user").distinct().count()
    rooms = [
        ("village", "office", _("Village data"), _("Name, address, telephone numbers")),
        ("clocks", "clock", _("Clocks and hours"), _("Working days, office hours, approval, register number")),
        ("people", "people", _("People and posts"), ngettext("%(n)s person", "%(n)s people", people) % {"n": people}),
        ("hamlets", "pin", _("Hamlets"), str(Hamlet.objects.filter(village=place).count())),
        ("units", "desk", _("Units"), str(Unit.objects.filter(village=place).count())),
        (
            "categories",
            "book",
            _("Categories"),
            str(Category.objects.filter(village=place, active=True, parent__isnull=False).count()),
        ),
        ("holidays", "calendar", _("Days off"), str(Holiday.objects.filter(village=place).count())),
        ("agencies", "arrow-out", _("Agencies"), str(Agency.objects.filter(village=place).count())),
        ("texts", "note", _("Standard texts"), str(StandardText.objects.filter(village=place).count())),
        ("elements", "face-4", _("Survey questions"), _("The yearly satisfaction survey: what is asked, in which order")),
        ("poster", "printer", _("Poster"), _("How to complain, for the wall: A4, F4, A5")),
        ("papers", "file", _("Printed papers"), _("Arms, wording, and how each looks")),
        ("mail", "mail", _("E-mail"), _about_mail(place)),
        ("instagram", "instagram", "Instagram", _about_chat(place, "instagram")),
        ("whatsapp", "message", "WhatsApp", _about_chat(place, "whatsapp")),
    ]
    dead = Job.dead().count() if may_change(request) else None
    return render(request, "office/index.html", {"rooms": rooms, "dead": dead, "editable": may_change(request)})


def _about_mail(village: Village) -> str:
    mailbox = Mailbox.objects.filter(village=village).first()
    if mailbox is None:
        return _("Not set up yet")
    return mailbox.address if mailbox.active else _("Not in use")


def _about_chat(village: Village, channel: str) -> str:
    account = ChatAccount.objects.filter(village=village, channel=channel).first()
    if account is None:
        return _("Not set up yet")
    return _("In use") if account.active else _("Not in use")


ZONES: list[tuple[Any, Any]] = list(Village._meta.get_field("zone").choices or ())


class VillageForm(forms.ModelForm[Village]):
    class Meta:
        model = Village
        fields = [
            "name", "district_name", "regency_name", "province_name", "address", "postal_code",
            "phone", "whatsapp", "email", "website", "instagram", "host",
        ]  # fmt: skip
        help_texts = {"host": gettext_lazy("Only where one installation serves several villages.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = shown(self.initial, "phone", "whatsapp")

    def clean_phone(self) -> str:
        return one_number(self.cleaned_data["phone"])

    def clean_whatsapp(self) -> str:
        return one_number(self.cleaned_data["whatsapp"])

    def clean_postal_code(self) -> str:
        typed: str = self.cleaned_data["postal_code"]
        if typed and not (typed.isdigit() and len(typed) == 5):
            raise ValidationError(_("A postal code has five digits. Example: 53274."))
        return typed


@office
@require_http_methods(["GET", "HEAD", "POST"])
def village(request: OfficialRequest) -> HttpResponse:
    form = VillageForm(request.POST or None, instance=Village.objects.get(pk=request.village.pk))
    if form.is_valid():
        form.save()
        changed()
        messages.success(request, _("The village's data is saved. Residents see it at once."))
        return redirect("office:village")
    return render(request, "office/village.html", {"form": form, "editable": may_change(request)})


class ClocksForm(forms.Form):
    """Working days, hours, approval, the printed numbers, the calendar's rules, the hours without e-mail."""

    approvers = forms.ChoiceField(
        label=gettext_lazy("Who approves an answer"), choices=list(APPROVERS.items()), required=False, widget=forms.RadioSelect
    )
    number_pattern = forms.CharField(
        label=gettext_lazy("Printed register number"),
        max_length=60,
        help_text=gettext_lazy(
            "May hold {serial} {serial3} {month} {roman} {year} {village}. Example: {serial3}/PGD/{year} prints 012/PGD/2026."
        ),
    )
    letter_pattern = forms.CharField(
        label=gettext_lazy("Printed letter number"),
        max_length=60,
        help_text=gettext_lazy(
            "May hold {kind} {serial} {serial3} {month} {roman} {year} {village}; {kind} is the code of the kind of letter. "
            "Example: {kind}/{serial3}/{roman}/{year} prints 005/012/XI/2026."
        ),
    )
    report_day = forms.IntegerField(
        label=gettext_lazy("Day of the month on which the report of the month before is due"),
        min_value=1,
        max_value=LAST_REPORT_DAY,
        help_text=gettext_lazy("Between 1 and 28. On that day the complaint officer is told that it is ready to read and sign."),
    )
    report_by_itself = forms.BooleanField(
        label=gettext_lazy("Send it by itself when nobody has sent it by then"),
        required=False,
        help_text=gettext_lazy("With the proposed recommendations, in the name of the complaint officer or else the secretary."),
    )
    quiet_from = clock_field(gettext_lazy("No e-mail to officials from"))
    quiet_until = clock_field(
        gettext_lazy("No e-mail to officials until"), help_text=gettext_lazy("The same time twice: there are no quiet hours.")
    )
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=ZONES)
    joint_leave_counts_as_off = forms.BooleanField(label=gettext_lazy("Joint leave days are days off"), required=False)
    referral_waits = forms.BooleanField(
        label=gettext_lazy("Our clock waits while an agency has it"),
        required=False,
        help_text=gettext_lazy("Without the tick it runs on, and the complainant gets our own answer by the promised day."),
    )

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        kept = {
            "approvers": ",".join(village.approvers),
            "number_pattern": village.number_pattern,
            "letter_pattern": village.letter_pattern,
            "report_day": village.report_day,
            "report_by_itself": village.report_by_itself,
            "quiet_from": village.quiet_from,
            "quiet_until": village.quiet_until,
            "zone": village.zone,
            "joint_leave_counts_as_off": village.joint_leave_counts_as_off,
            "referral_waits": referrals.clock_waits(village),
        }
        super().__init__(*args, **{"initial": kept, **kwargs})
        self.village = village
        for key, (label, help_text) in CLOCK_LABELS.items():
            self.fields[f"clock_{key}"] = forms.IntegerField(
                label=label, help_text=help_text, min_value=1, max_value=365, initial=village.clock(key)
            )
        for weekday, name in WEEKDAYS.items():
            self.fields[f"hours_{weekday}"] = HoursField(label=name, initial=village.hours.get(str(weekday), ""))

    @property
    def clock_fields(self) -> list[forms.BoundField]:
        return [self[f"clock_{key}"] for key in CLOCKS]

    @property
    def hour_fields(self) -> list[forms.BoundField]:
        return [self[f"hours_{weekday}"] for weekday in WEEKDAYS]

    def clean_number_pattern(self) -> str:
        pattern: str = self.cleaned_data["number_pattern"]
        numbers.check(lambda **of: letter_numbers.printed(pattern, **of), pattern, self.village)
        return pattern

    def clean_letter_pattern(self) -> str:
        pattern: str = self.cleaned_data["letter_pattern"]
        numbers.check_letter(pattern, letters.KINDS["invitation"], self.village)
        changed_village = Village(pk=self.village.pk, letter_pattern=pattern)
        own = LetterRule.objects.filter(village=self.village).exclude(pattern="")
        if any(letters.twin(changed_village, rule) for rule in own if rule.kind in letters.KINDS):
            raise ValidationError(_("Another kind of letter prints the same numbers. Change the pattern or the code."))
        return pattern

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned[f"hours_{weekday}"] for weekday in WEEKDAYS):
            raise ValidationError(_("The office must be open on at least one day, otherwise no deadline ever comes."))
        return cleaned

    def save(self) -> None:
        told = self.cleaned_data
        kept = {key: told[f"clock_{key}"] for key in CLOCKS}
        self.village.clocks = kept | {referrals.CLOCK_WAITS: int(told["referral_waits"])}
        self.village.hours = {str(weekday): told[f"hours_{weekday}"] for weekday in WEEKDAYS if told[f"hours_{weekday}"]}
        self.village.approvers = [str(Role(role)) for role in told["approvers"].split(",") if role]
        self.village.number_pattern, self.village.letter_pattern = told["number_pattern"], told["letter_pattern"]
        self.village.quiet_from, self.village.quiet_until = told["quiet_from"], told["quiet_until"]
        self.village.report_day, self.village.report_by_itself = told["report_day"], told["report_by_itself"]
        another_clock = self.village.zone != told["zone"]
        self.village.zone = told["zone"]
        self.village.joint_leave_counts_as_off = told["joint_leave_counts_as_off"]
        with transaction.atomic():
            self.village.save()
            if another_clock:
                rollup.rebuild(self.village)


@office
@require_http_methods(["GET", "HEAD", "POST"])
def clocks(request: OfficialRequest) -> HttpResponse:
    place = Village.objects.get(pk=request.village.pk)
    form = ClocksForm(request.POST or None, village=place)
    if form.is_valid():
        form.save()
        changed()
        messages.success(request, _("Clocks and hours are saved.") + " " + moved_sentence(place))
        return redirect("office:clocks")
    own = Category.objects.filter(village=place, active=True, clock_days__isnull=False).select_related("parent")
    return render(request, "office/clocks.html", {"form": form, "editable": may_change(request), "own_clocks": own})


def moved_sentence(village: Village) -> str:
    """Sets every running deadline anew after the calendar changed, and says how many moved."""
    moved = running.recompute(village)
    if not moved:
        return _("No deadline moved.")
    return ngettext("%(n)s deadline moved.", "%(n)s deadlines moved.", moved) % {"n": moved}
