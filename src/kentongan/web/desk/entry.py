"""``/meja/baru/``: the officer writes down what somebody says at the counter, on the telephone, or in a letter."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kentongan.channels import intake
from kentongan.channels.base import Contact, Details, Incoming
from kentongan.channels.meta import joining
from kentongan.channels.registry import label
from kentongan.complaints import access
from kentongan.complaints.actions import NewFile
from kentongan.complaints.models import Complainant, Complaint
from kentongan.lib import phones
from kentongan.lib.text import LIMIT, clean, whole
from kentongan.lib.tokens import new_token
from kentongan.village.models import User, Village
from kentongan.web import uploads
from kentongan.web.desk import chats, entered
from kentongan.web.desk.guard import OfficialRequest, desk_only
from kentongan.web.desk.steps.base import line, photos
from kentongan.web.public import choices as public
from kentongan.web.public.fields import EMail, Known, Phone, Words
from kentongan.web.public.forms import pick, place_choices

DOORS = [("walk_in", _("Face to face")), ("phone", _("Telephone")), ("letter", _("Letter")), ("box", _("Suggestion box"))]
FEWEST, MOST = 3, 8  # letters typed before known people are offered, and how many at most


class EntryForm(forms.Form):
    """What was said first, then where and who; everything but the words may stay empty."""

    use_required_attribute = False

    text = Words(
        label=_("What happened?"), longest=LIMIT, widget=forms.Textarea(attrs={"rows": 7, "autofocus": True}),
        error_messages={"required": _("Write down what was said, in the person's own words.")},
    )  # fmt: skip
    happened = line(_("Since when?"), 100)
    where = forms.ChoiceField(label=_("Where?"), required=False)
    place = line(_("The exact spot"), 200)
    who = line(_("Who or what does it concern?"), 200)
    named = Known(
        label=_("Does it complain about somebody at the village office?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    wish = line(_("What do you hope for?"), 300)

    known = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = line(_("Name"), 100)
    phone = Phone(label=_("Telephone"), required=False)
    home = forms.ChoiceField(label=_("Where do they live?"), required=False)
    address = line(_("Street, house or landmark"), 200)
    email = EMail(label=_("E-mail"), required=False)
    represents = line(_("On behalf of"), 200, help_text=_("For example: 40 households of RT 003."))
    identity_hidden = forms.BooleanField(
        label=_("Keep the identity hidden"), required=False, help_text=_("Only the complaint officer knows it.")
    )
    confidential = forms.BooleanField(
        label=_("Confidential report"), required=False, help_text=_("Never shown outside the office, only counted.")
    )

    files = photos()
    subject = line(_("Subject, one line"), 140, help_text=_("Left empty, the first words are taken."))
    channel = forms.ChoiceField(label=_("How it came"), choices=DOORS, widget=forms.RadioSelect)
    outside_number = line(_("Number elsewhere (LAPOR!, LaporGub)"), 60)
    received_day = forms.DateField(
        label=_("Day it came"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    received_time = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    token = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    chat = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the conversation it comes from
    until = forms.IntegerField(required=False, widget=forms.HiddenInput)  # its last message that was read

    def __init__(
        self, village: Village, user: User, data: QueryDict | None = None, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.user, self.village = user, village
        self.conversation = chats.found(user, village, (data or initial or {}).get("chat"))
        if self.conversation:
            pick(self.fields["channel"], [(self.conversation.channel, label(self.conversation.channel))])
        self.lists = public.of(village)
        places = place_choices(self.lists)
        pick(self.fields["where"], [("", gettext("Choose a place")), *places])
        pick(self.fields["home"], [("", gettext("Choose a place")), *places])
        pick(self.fields["named"], [(str(pk), f"{name} — {post}") for pk, post, name in self.lists.officials])

    def clean_received_day(self) -> Any:
        day = self.cleaned_data["received_day"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet. Leave it empty for today."))
        return day

    def clean_known(self) -> int | None:
        """Only somebody who was offered to this person may be meant."""
        known: int | None = self.cleaned_data["known"]
        return known if known and known_people(self.user, self.village).filter(pk=known).exists() else None

    def received_at(self) -> datetime:
        """When it came: now, or the day and time written down (noon when only the day is known)."""
        day, at = self.cleaned_data["received_day"], self.cleaned_data["received_time"]
        if day is None and at is None:
            return timezone.now()
        day = day or timezone.localdate()
        return min(timezone.now(), timezone.make_aware(datetime.combine(day, at or time(12))))

    def incoming(self, attachments: tuple[NewFile, ...]) -> Incoming:
        """The message, once the form is valid."""
        typed = self.cleaned_data
        where = self.lists.place(typed["where"])
        return Incoming(
            channel=typed["channel"],
            external_id=typed["token"] or new_token(),
            sender=self._sender(),
            text=typed["text"],
            received_at=self.received_at(),
            details=Details(
                subject=typed["subject"],
                happened=typed["happened"],
                who=typed["who"],
                wish=typed["wish"],
                place=typed["place"],
                hamlet_id=where.hamlet_id,
                rw=where.rw,
                rt=where.rt,
                identity_hidden=typed["identity_hidden"],
                confidential=typed["confidential"],
                named=tuple(int(user) for user in typed["named"]),
                represents=typed["represents"],
                outside_number=typed["outside_number"],
            ),
            attachments=attachments,
        )

    def _sender(self) -> Contact:
        typed = self.cleaned_data
        home = self.lists.place(typed["home"])
        known = self._same_person() if typed["known"] else None
        return Contact(
            typed["name"], typed["phone"], typed["address"], home.hamlet_id, home.rw, home.rt, known=known, email=typed["email"]
        )

    def _same_person(self) -> int | None:
        """The known person, as long as nothing about him was changed: a new telephone is a new row, the old book stays as it was."""
        row = Complainant.objects.get(pk=self.cleaned_data["known"])
        before = (row.name, row.phone, row.address, public.value_of(row.hamlet_id, row.rw, row.rt), row.email)
        return (
            row.pk if before == tuple(self.cleaned_data[name] for name in ("name", "phone", "address", "home", "email")) else None
        )


def known_people(user: User, village: Village) -> QuerySet[Complainant]:
    """Complainants of complaints whose complainant this person may know: of others not even the name is offered."""
    theirs = Complaint.visible_to(user).filter(access.with_identity(user), complainant=OuterRef("pk"))
    return Complainant.objects.filter(Exists(theirs), village=village)


def matching_people(user: User, village: Village, typed: str) -> list[Complainant]:
    """At most eight known people by name or telephone, the newest first; none before three letters."""
    typed = clean(typed)[:60]
    if len(typed) < FEWEST:
        return []
    digits = "".join(c for c in typed if c.isdigit())
    found = Q(name__icontains=typed)
    if len(digits) >= FEWEST:
        found |= Q(phone__contains=digits.removeprefix("62").lstrip("0"))
    rows = known_people(user, village).filter(found).select_related("hamlet").order_by("-id")[: MOST * 3]
    people: dict[tuple[str, str], Complainant] = {}
    for row in rows:
        people.setdefault((row.name.casefold(), row.phone), row)
    return list(people.values())[:MOST]


def fields_of(row: Complainant) -> dict[str, Any]:
    """What choosing a known person writes into the form."""
    home = public.value_of(row.hamlet_id, row.rw, row.rt)
    return {
        "known": row.pk,
        "name": row.name,
        "phone": phones.national(row.phone) if row.phone else "",
        "address": row.address,
        "home": home,
        "email": row.email,
    }


@desk_only
@require_POST
def complainants(request: OfficialRequest) -> HttpResponseBase:
    """Known people for the form, as JSON."""
    people = matching_people(request.user, request.village, request.POST.get("q", ""))
    rows = [
        {
            "label": row.name,
            "detail": " · ".join(part for part in (row.phone_shown, row.address_line) if part),
            "fields": fields_of(row),
        }
        for row in people
    ]
    return JsonResponse(rows, safe=False)


@desk_only
def new(request: OfficialRequest) -> HttpResponseBase:
    if request.method != "POST" and "percakapan" in request.GET:
        initial = chats.to_enter(request.user, request.village, request.GET["percakapan"])
        form = EntryForm(request.village, request.user, initial={"token": new_token(), **initial})
        return render(request, "desk/entry.html", {"form": form})
    if request.method != "POST":
        channel = request.GET.get("kanal", "walk_in")
        form = EntryForm(
            request.village,
            request.user,
            initial={"token": new_token(), "channel": channel if channel in dict(DOORS) else "walk_in"},
        )
        return render(request, "desk/entry.html", {"form": form})
    form = EntryForm(request.village, request.user, request.POST)
    if "look_up" in request.POST:
        return _looked_up(request, form)
    sent = uploads.read(request)
    if not form.is_valid() or sent.refused:
        for sentence in sent.refused:
            form.add_error("files", sentence)
        return render(request, "desk/entry.html", {"form": form, "had_files": bool(sent.files)}, status=422)
    with transaction.atomic():
        accepted = intake.accept(form.incoming(sent.files), village=request.village, by=request.user)
        if form.conversation and accepted.complaint and not accepted.again:
            conversation = joining.held(form.conversation)
            joining.belong(conversation, joining.unjoined(conversation, form.cleaned_data["until"] or 0), accepted.complaint)
    if accepted.complaint is None:
        raise ValueError("what an officer enters is never doubted")
    if accepted.again and accepted.complaint.text != form.cleaned_data["text"]:
        messages.warning(
            request,
            gettext(
                "This form stands in the book already. What you changed afterwards is not in it: add it on the complaint’s page."
            ),
        )
    return entered.onward(request, [accepted.complaint])


def _looked_up(request: OfficialRequest, form: EntryForm) -> HttpResponseBase:
    """Without a script: the button beside the name looks known people up; nothing typed is lost."""
    values = request.POST.copy()
    chosen = whole(request.POST["look_up"])
    if chosen is not None:
        row = known_people(request.user, request.village).filter(pk=chosen).first()
        values.update({name: str(value) for name, value in fields_of(row).items()} if row else {})
        for name in ("known", "name", "phone", "address", "home", "email"):
            values[name] = values.getlist(name)[-1] if values.getlist(name) else ""
    initial = {name: values.getlist(name) if name == "named" else values.get(name) for name in values}
    form = EntryForm(request.village, request.user, initial=initial)
    typed = values.get("name", "").strip() or values.get("phone", "").strip()
    people = [] if chosen is not None else matching_people(request.user, request.village, typed)
    return render(request, "desk/entry.html", {"form": form, "people": people, "looked_up": chosen is None})
