"""``/meja/<number>/langkah/<verb>/``: one step. Opened, it is the form alone; sent, the action and back to the complaint."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from kentongan.complaints.lifecycle import STEPS, NotAllowed, NotYours
from kentongan.complaints.models import Complaint
from kentongan.web import uploads
from kentongan.web.desk import page, texts
from kentongan.web.desk.guard import OfficialRequest, find, official
from kentongan.web.desk.steps import FORMS, Setting, StepForm

STALE = 409


@official
def step(request: OfficialRequest, number: str, verb: str) -> HttpResponseBase:
    complaint = find(request.user, number)
    if verb not in FORMS:
        raise Http404("no such step")
    setting = page.setting_of(complaint, request.user, request.village)
    if setting.roles.isdisjoint(STEPS[verb].roles):
        return not_yours(request, setting, verb)
    if "use_text" in request.POST:
        return _with_text(request, setting, FORMS[verb])
    if request.method == "POST":
        return _take(request, setting, FORMS[verb])
    if setting.state not in STEPS[verb].sources:
        return stale(request, setting, FORMS[verb](None, setting))
    return _alone(request, setting, FORMS[verb](None, setting))


def _take(request: OfficialRequest, setting: Setting, form_class: type[StepForm]) -> HttpResponseBase:
    sent = {name: uploads.read(request, name) for name in form_class.file_fields()}
    setting.sent = {name: came.files for name, came in sent.items()}
    setting.files = setting.sent.get("files", ())
    form = form_class(request.POST, setting)
    if setting.state not in STEPS[form.verb].sources:
        return stale(request, setting, form)
    if not form.is_valid():
        for name, came in sent.items():
            for sentence in came.refused:
                form.add_error(name, sentence)
        return _alone(request, setting, form, status=422)
    try:
        after = form.take(setting.complaint, request.user)
    except (NotYours, NotAllowed) as error:
        said = form.refusal(error)
        if said:
            form.add_error(None, str(said))
            return _alone(request, setting, form, status=422)
        if isinstance(error, NotYours):
            return not_yours(request, setting, form.verb)
        return stale(request, page.setting_of(find(request.user, setting.complaint.number), request.user, request.village), form)
    for came in sent.values():
        for sentence in came.refused:
            messages.warning(request, sentence)
    return _onward(request, form, setting.complaint, after)


def _with_text(request: OfficialRequest, setting: Setting, form_class: type[StepForm]) -> HttpResponseBase:
    """The form as it was typed, with the chosen standard text below what is written already. Nothing is saved."""
    if setting.state not in STEPS[form_class.verb].sources:
        return stale(request, setting, form_class(request.POST, setting))
    form = form_class(None, setting)
    for name, each in form.fields.items():
        if name not in form.file_fields():
            form.initial[name] = each.widget.value_from_datadict(request.POST, request.FILES, name)
    chosen = request.POST.get("standard_text", "")
    for text in texts.fitting(form.verb, setting.complaint, request.village):
        if str(text.pk) == chosen:
            written = str(form.initial.get("text") or "").rstrip()
            form.initial["text"] = f"{written}\n\n{text.body}" if written else text.body
    return _alone(request, setting, form)


def _onward(request: OfficialRequest, form: StepForm, before: Complaint, after: Complaint) -> HttpResponseBase:
    """Back to the complaint; to the list when the person sees it no more."""
    messages.success(request, str(form.done))
    if not Complaint.visible_to(request.user).filter(pk=after.pk).exists():
        after = before
    if not Complaint.visible_to(request.user).filter(pk=after.pk).exists():
        messages.info(
            request, gettext("You no longer take part in %(number)s, so it no longer opens.") % {"number": after.number}
        )
        return redirect("desk:list")
    return redirect("desk:complaint", after.number)


def _alone(request: OfficialRequest, setting: Setting, form: StepForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "setting": setting,
        "complaint": setting.complaint,
        "action": request.path,
        "submit": form.submit,
        "danger": form.danger,
        "texts": texts.fitting(form.verb, setting.complaint, request.village),
    }
    return render(request, "desk/step.html", context, status=status)


def not_yours(request: OfficialRequest, setting: Setting, verb: str) -> HttpResponse:
    """The role does not include the step: say who takes it here."""
    holders = [setting.circle.members[user.pk] for user in setting.circle.holders(verb) if user.pk in setting.circle.members]
    context = {
        "step": FORMS[verb].label if verb in FORMS else "",
        "complaint": setting.complaint,
        "holders": [f"{member.user} — {member.post}" for member in holders],
    }
    return render(request, "desk/not_yours.html", context, status=403)


def stale(request: OfficialRequest, setting: Setting, form: StepForm) -> HttpResponse:
    """Somebody was faster, or the page is old: the complaint as it is now, with what was typed given back."""
    extra: dict[str, Any] = {"stale": form, "stale_text": form.typed() if form.is_bound else ""}
    if extra["stale_text"] and setting.may("note"):
        extra["stale_note"] = FORMS["note"](None, setting)
        extra["stale_note"].initial["text"] = extra["stale_text"]
    return page.render_complaint(request, setting, extra, status=STALE)
