"""Where an agency answers without an account: the code of its link opens the page for two hours, a wrong one is always answered alike."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from kentongan.complaints import actions, referrals
from kentongan.complaints.actions import NewFile
from kentongan.complaints.lifecycle import NotAllowed
from kentongan.complaints.models import Referral
from kentongan.lib.text import LIMIT, clean
from kentongan.web import limits, uploads
from kentongan.web.public import here
from kentongan.web.public.fields import Files, Words
from kentongan.web.public.timeline import FileLink, shared_file

Passed = ParamSpec("Passed")
Answered = TypeVar("Answered", bound=HttpResponseBase)


def unlisted(view: Callable[Passed, Answered]) -> Callable[Passed, Answered]:
    """No machine lists these pages, whoever passed the link on."""

    @wraps(view)
    def wrapped(*args: Passed.args, **kwargs: Passed.kwargs) -> Answered:
        response = view(*args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return wrapped


class AnswerForm(forms.Form):
    """The one answer an agency gives by its link."""

    use_required_attribute = False

    text = Words(
        label=_("Your answer"),
        longest=LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What was found, what you do and when. The complainant reads it too."),
        error_messages={"required": _("Write the answer in a sentence or two.")},
    )
    outside_number = Words(
        label=_("Your own number of this matter"), longest=60, required=False, help_text=_("So that we can name it when we ask.")
    )
    photos = Files(label=_("Photos or papers"))


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """The field for the code; a link brings it along behind the #, where no server writes it down."""
    if request.method != "POST":
        return render(request, "public/agency_door.html", {})
    typed = request.POST.get("code", "")
    referral = referrals.by_code(typed, here.village_of(request))
    if referral is None or referral.token_digest is None:
        return _unknown(request, typed=typed)
    response = redirect("public:agency_letter")
    response.status_code = 303
    here.let_in(response, here.AGENCY, bytes(referral.token_digest).hex())
    return response


def _unknown(request: HttpRequest, *, typed: str = "", unsent: str = "") -> HttpResponse:
    """Unknown, run out, answered, withdrawn: one sentence for all of them, and what was written given back."""
    too_often = bool(typed) and not limits.may_guess(request)
    if typed:
        limits.guessed(request)
    status = 429 if too_often else 409 if unsent else 422
    context = {"typed": clean(typed)[:40], "unknown": not too_often, "too_often": too_often, "unsent": unsent}
    response = render(request, "public/agency_door.html", context, status=status)
    if too_often:
        response["Retry-After"] = str(limits.TEN_MINUTES)
    return response


@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """What the village asks, and the answer to it."""
    referral = _referral(request)
    if request.method == "POST":
        return _answer(request, referral)
    if referral is None or not referrals.is_open(referral):
        return redirect("public:agency")
    return _page(request, referral, AnswerForm())


def _referral(request: HttpRequest) -> Referral | None:
    """The referral the reader's pass opens."""
    return referrals.by_digest(here.pass_of(request, here.AGENCY), here.village_of(request))


def _page(request: HttpRequest, referral: Referral, form: AnswerForm, status: int = 200) -> HttpResponse:
    complaint = referral.complaint
    context = {
        "referral": referral,
        "number": complaint.printed_number(here.village_of(request)),
        "subject": referrals.subject_for(referral),
        "text": referrals.text_for(referral),
        "place": referrals.place_for(referral),
        "happened": referrals.when_for(referral),
        "person": complaint.complainant if referrals.names(referral) else None,
        "files": _files(referral),
        "form": form,
    }
    response = render(request, "public/agency_letter.html", context, status=status)
    if referral.token_digest:
        here.let_in(response, here.AGENCY, bytes(referral.token_digest).hex())
    return response


def _files(referral: Referral) -> list[FileLink]:
    return [shared_file(row, n) for n, row in enumerate(referrals.files_for(referral), start=1)]


def _answer(request: HttpRequest, referral: Referral | None) -> HttpResponse:
    typed = clean(request.POST.get("text", ""))
    if referral and referral.answered_at and referral.answer == typed:
        return _thanks(request)  # the button was pressed twice
    if referral is None or not referrals.is_open(referral):
        return _unknown(request, unsent=typed or "–")
    sent = uploads.read(request, "photos")
    form = AnswerForm(request.POST)
    if not limits.may_send(request):
        form.add_error(
            None, gettext("Much came from this connection. Wait a while, then send it again; what you wrote stands below.")
        )
        return _page(request, referral, form, status=429)
    if not form.is_valid() or sent.refused:  # one answer can be sent: it waits until its photos are right
        again = [gettext("Choose the photos again.")] if sent.files else []
        for sentence in [*sent.refused, *again]:
            form.add_error("photos", sentence)
        return _page(request, referral, form, status=422)
    return _take(request, referral, form, sent.files)


def _take(request: HttpRequest, referral: Referral, form: AnswerForm, files: tuple[NewFile, ...]) -> HttpResponse:
    values = form.cleaned_data
    try:
        actions.record_referral_answer(
            referral.complaint,
            text=values["text"],
            outside_number=values["outside_number"],
            files=files,
            referral=referral,
            by=None,
            via="link",
        )
    except NotAllowed:
        return _unknown(request, unsent=values["text"])
    limits.sent(request)
    return _thanks(request)


def _thanks(request: HttpRequest) -> HttpResponse:
    messages.success(request, gettext("Thank you. The village has your answer and passes it on to the complainant."))
    response = redirect("public:agency")
    response.status_code = 303
    return response


@unlisted
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that went along, under a name that says nothing of who sent it."""
    referral = _referral(request)
    row = referrals.files_for(referral).filter(pk=pk).first() if referral and referrals.is_open(referral) else None
    if row is None:
        raise Http404
    row.name = referrals.neutral_name(row, row.pk)
    return uploads.download(row)
