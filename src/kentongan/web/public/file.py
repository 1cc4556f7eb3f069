"""Filing a complaint: one page, three steps, no account. What was typed and chosen survives every refusal."""

from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from kentongan.channels import intake
from kentongan.complaints import actions
from kentongan.complaints.actions import NewFile
from kentongan.complaints.models import Attachment
from kentongan.lib import text as texts
from kentongan.lib.tokens import new_token
from kentongan.village.models import Village
from kentongan.web import limits, uploads
from kentongan.web.public import here
from kentongan.web.public.forms import ComplaintForm
from kentongan.web.public.here import village_of

WAITING = "waiting"  # on the receipt's pass: the officer reads it first
_signer = Signer(salt="complaint-form")


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest) -> HttpResponse:
    """The form; POST enters it in the book and leads to the receipt."""
    village = village_of(request)
    if request.method != "POST":
        return _page(request, ComplaintForm(village), new_token())
    token = _token(request.POST)
    if "remove" in request.POST:
        return _without(request, village, token)
    form = ComplaintForm(village, request.POST)
    if not limits.may_send(request):
        return _page(request, form, token, status=429, too_many=True)
    staged = _staged(village, token).count() if request.FILES or "kept" in request.POST else 0
    sent = uploads.read(request, "photos", kept=staged)
    for sentence in sent.refused:
        form.add_error("photos", sentence)
    if not form.is_valid():
        _stage(request, village, token, sent.files)
        return _page(request, form, token, status=422)
    return _accept(request, village, form, token, sent.files)


def _accept(request: HttpRequest, village: Village, form: ComplaintForm, token: str, files: tuple[NewFile, ...]) -> HttpResponse:
    if not files and "kept" not in request.POST and _sent_from_here(request, form):
        return _to_receipt()
    accepted = intake.accept(form.incoming(token, files), village=village, robot=bool(form.cleaned_data["note_2"]))
    if not accepted.again:
        limits.sent(request)
    elif _differs(accepted, form):
        token = new_token()
        _stage(request, village, token, files)
        return _page(request, form, token, status=409, sent_before=accepted)
    response = _to_receipt()
    here.let_in(response, here.RECEIPT, str(accepted.complaint.pk) if accepted.complaint else WAITING)
    return response


def _to_receipt() -> HttpResponse:
    response = redirect("public:receipt")
    response.status_code = 303
    return response


def _sent_from_here(request: HttpRequest, form: ComplaintForm) -> bool:
    """Whether this browser's receipt is for the same words of the same person: Back was pressed, then Send again."""
    before = here.complaint_of(request, here.RECEIPT)
    if before is None:
        return False
    name = before.complainant.name if before.complainant else ""
    return (before.text, name) == (form.cleaned_data["text"], "" if form.is_nameless else form.cleaned_data["name"])


def _differs(accepted: intake.Accepted, form: ComplaintForm) -> bool:
    """Whether a form that was sent before now says something else: the writer went back and changed it."""
    before = accepted.complaint.text if accepted.complaint else accepted.message.text
    return texts.clean(form.cleaned_data["text"]) != before


def _token(typed: QueryDict) -> str:
    """The mark of the form that was sent; a new one when it bears none of ours."""
    try:
        return _signer.unsign(typed.get("token", ""))
    except BadSignature:
        return new_token()


def _page(
    request: HttpRequest,
    form: ComplaintForm,
    token: str,
    *,
    status: int = 200,
    too_many: bool = False,
    sent_before: intake.Accepted | None = None,
) -> HttpResponse:
    village = village_of(request)
    context = {
        "form": form,
        "token": _signer.sign(token),
        "kept": _staged(village, token) if request.method == "POST" else (),
        "too_many": too_many,
        "sent_before": sent_before,
        "steps": [gettext("What happened?"), gettext("Who are you?"), gettext("Check and send")],
    }
    return render(request, "public/file.html", context, status=status)


def _staged(village: Village, token: str) -> QuerySet[Attachment]:
    """The files that came with an earlier try of this form and wait for the complaint."""
    return Attachment.objects.filter(village=village, form_token=token, complaint=None)


def _stage(request: HttpRequest, village: Village, token: str, files: tuple[NewFile, ...]) -> None:
    """Keep the files of a form that could not be accepted yet; keeping costs, so it counts."""
    if files:
        actions.keep(files, None, None, village_id=village.pk, token=token)
        limits.sent(request)


def _without(request: HttpRequest, village: Village, token: str) -> HttpResponse:
    """The same form without one of the kept files; nothing is judged yet."""
    row = _staged(village, token).filter(pk=texts.whole(request.POST["remove"]) or 0).first()
    if row:
        row.file.delete(save=False)
        row.delete()
    if limits.may_send(request):
        _stage(request, village, token, uploads.read(request, "photos", kept=_staged(village, token).count()).files)
    typed = {name: request.POST.getlist(name) if name == "named" else value for name, value in request.POST.items()}
    return _page(request, ComplaintForm(village, initial=typed), token)
