"""``/meja/<number>/kertas/…``: the village's letters and forms about one complaint, on paper."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from kentongan.complaints import access, papers
from kentongan.complaints.models import Complaint
from kentongan.lib.text import LIMIT
from kentongan.village.roles import Role
from kentongan.web.desk.guard import OfficialRequest, circle_for, find, official
from kentongan.web.desk.steps import Setting
from kentongan.web.desk.timeline import LETTERS
from kentongan.web.papers import base_of, paper
from kentongan.web.public.fields import Words

NAMES = {"surat-jawaban": papers.ANSWER, "permintaan-kelengkapan": papers.COMPLETION}
ADDRESSES = {kind: name for name, kind in NAMES.items()}
WITHDRAWAL = "surat-pencabutan"
SIZES = (("A4", "A4"), ("F4", "F4"))


@official
def sheet(request: OfficialRequest, number: str, kind: str, file: str = "pdf") -> HttpResponseBase:
    """A letter to the complainant, for who may know him, or the form to withdraw; ``?kertas=f4`` on folio paper; to print or to edit."""
    row = find(request.user, number)
    size = "F4" if request.GET.get("kertas") == "f4" else "A4"
    if kind == WITHDRAWAL:
        return _withdrawal(request, row, size, file)
    if kind not in NAMES or papers.letter_of(row, NAMES[kind]) is None:
        raise Http404("no such letter to write now")
    if not access.may_see_identity(request.user, row):
        return render(request, "desk/not_yours.html", {"complaint": row}, status=403)
    from kentongan.reports import complaint_letters

    write: Callable[..., bytes] = complaint_letters.answer if NAMES[kind] == papers.ANSWER else complaint_letters.completion
    content = write(row, request.village, request.user, paper=size, base=base_of(request, file), file=file)
    return paper(content, f"{kind}-{row.number}.{file}")


def _withdrawal(request: OfficialRequest, row: Complaint, size: str, file: str) -> HttpResponseBase:
    from kentongan.reports import withdrawal

    if not withdrawal.may_be_written(row):
        raise Http404("nothing to take back")
    content = withdrawal.pdf(row, request.village, request.user, paper=size, file=file)
    return paper(content, f"{WITHDRAWAL}-{row.number}.{file}")


class NoticeForm(forms.Form):
    """The words that are posted, as the officer approves them."""

    text = Words(
        label=_("What is posted"),
        longest=LIMIT,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write what is to be read on the board.")},
        help_text=_("Everybody reads it. Take out names, houses, days and whatever else could tell who complained."),
    )
    paper = forms.ChoiceField(label=_("Paper"), choices=SIZES)


@official
def notice(request: OfficialRequest, number: str) -> HttpResponseBase:
    """The sheet for the notice board: its words are read through first. For who fills the officer's place."""
    row = find(request.user, number)
    if circle_for(row, request.user, Role.OFFICER) is None:
        return render(request, "desk/not_yours.html", {"complaint": row}, status=403)
    from kentongan.reports import notice_sheet

    letter = notice_sheet.answer_for_board(row)
    if letter is None:
        raise Http404("nothing to be posted")
    start = {"text": notice_sheet.proposed(letter, request.village)}
    form = NoticeForm(request.POST if request.method == "POST" else None, initial=start)
    if form.is_valid():
        told = form.cleaned_data
        content = notice_sheet.pdf(row, request.village, request.user, text=told["text"], paper=told["paper"])
        return paper(content, f"papan-pengumuman-{row.number}.pdf")
    return render(request, "desk/notice_sheet.html", {"form": form, "complaint": row}, status=422 if form.is_bound else 200)


def to_be_posted(setting: Setting) -> bool:
    """Whether the sheet for the notice board is offered to this person."""
    row = setting.complaint
    if row.complainant_id is not None or row.confidential or not setting.has_role(Role.OFFICER):
        return False
    return papers.answer_of(row, setting.events, setting.response) is not None


def of_complaint(setting: Setting) -> list[dict[str, Any]]:
    """The letters this person may print now, each with its number or the button that gives it one."""
    if not setting.sees_identity:
        return []
    written = papers.letters_of(setting.complaint, setting.events, setting.response)
    return [
        {
            "letter": letter,
            "label": LETTERS[letter.kind],
            "address": ADDRESSES[letter.kind],
            "may_number": not letter.number and setting.may("number_letter"),
        }
        for letter in written
    ]
