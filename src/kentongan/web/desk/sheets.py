"""``/meja/<number>/kertas/…``: the village's letters about one complaint, on paper."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from kentongan.complaints import access, papers
from kentongan.web.desk.guard import OfficialRequest, find, official
from kentongan.web.desk.steps import Setting
from kentongan.web.desk.timeline import LETTERS
from kentongan.web.papers import paper

NAMES = {"surat-jawaban": papers.ANSWER, "permintaan-kelengkapan": papers.COMPLETION}
ADDRESSES = {kind: name for name, kind in NAMES.items()}


@official
def letter(request: OfficialRequest, number: str, kind: str) -> HttpResponseBase:
    """A letter to the complainant, for who may know him; ``?kertas=f4`` on folio paper."""
    row = find(request.user, number)
    if kind not in NAMES or papers.letter_of(row, NAMES[kind]) is None:
        raise Http404("no such letter to write now")
    if not access.may_see_identity(request.user, row):
        return render(request, "desk/not_yours.html", {"complaint": row}, status=403)
    from kentongan.reports import complaint_letters

    write: Callable[..., bytes] = complaint_letters.answer if NAMES[kind] == papers.ANSWER else complaint_letters.completion
    size = "F4" if request.GET.get("kertas") == "f4" else "A4"
    return paper(write(row, request.village, request.user, paper=size), f"{kind}-{row.number}.pdf")


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
