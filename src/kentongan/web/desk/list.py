"""``/meja/``: what needs me, and the book as one list; for the head, this week on one screen."""

import re

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from kentongan.complaints.models import Complaint
from kentongan.lib import letter_numbers
from kentongan.lib.text import clean
from kentongan.lib.tokens import new_token
from kentongan.village.roles import Role
from kentongan.web.desk import filters, head, queues, rows
from kentongan.web.desk.guard import OfficialRequest, official

ORDER_COOKIE = "urutan"
SEARCHES = "searches"
MOST_SEARCHES = 9  # older ones are forgotten
_NUMBER = re.compile(r"(\d{4})-(\d{1,6})")
_PRINTED = re.compile(r"0*(\d{1,6})/.*\b(\d{4})\b.*")


@official
def desk(request: OfficialRequest) -> HttpResponseBase:
    """The list; the head's own page when he comes without a question. POST: a search, whose words stand in no address."""
    if request.method == "POST":
        return _searched(request)
    if not request.GET and request.user.standing.is_(Role.HEAD) and not request.user.standing.is_(Role.OFFICER):
        return head.week(request)
    typed = clean(request.GET.get("q") or request.session.get(SEARCHES, {}).get(request.GET.get("cari", ""), ""))[:200]
    number = number_of(typed)
    if number and Complaint.visible_to(request.user).filter(number=number).exists():
        return redirect("desk:complaint", number)
    form = filters.Filters(_with_order(request), village=request.village)
    values = form.values()
    order = str(values.get("order", "newest"))
    response = render(request, "desk/list.html", _page(request, form, values, order, typed))
    if "order" in request.GET and order in filters.ORDERS:
        response.set_cookie(ORDER_COOKIE, order, max_age=31_536_000, samesite="Lax", httponly=True, path=reverse("desk:list"))
    return response


def _searched(request: OfficialRequest) -> HttpResponseBase:
    """Keep the words with the session, since they may be a name, and lead to the list by a mark that means nothing to others."""
    query = request.POST.copy()
    typed = clean("".join(query.pop("q", [])))[:200]
    query.pop("csrfmiddlewaretoken", None)
    if typed:
        mark = new_token()[:8]
        kept = request.session.get(SEARCHES, {})
        request.session[SEARCHES] = {**dict(list(kept.items())[-MOST_SEARCHES:]), mark: typed}
        query["cari"] = mark
    return redirect(f"{reverse('desk:list')}?{query.urlencode()}")


def _page(
    request: OfficialRequest, form: filters.Filters, values: dict[str, object], order: str, typed: str
) -> dict[str, object]:
    complaints = filters.chosen(rows.with_holders(Complaint.visible_to(request.user)), values, request.user)
    person = bool(typed) and (values.get("by") == "person" or filters.looks_like_phone(typed))
    found = complaints
    if person:
        found = filters.by_person(complaints, typed, request.user, request.village)
    elif typed:
        found = filters.by_words(complaints, typed)
    page = filters.page(found, order, request.GET)
    if typed and not page.complaints and not person and '"' not in typed:  # a quoted phrase is no name
        person = True
        page = filters.page(filters.by_person(complaints, typed, request.user, request.village), order, request.GET)
    waiting = queues.waiting(request.user, request.village)
    found_rows = rows.lines(page.complaints, request.user)
    return {
        "form": form,
        "rows": rows.with_tasks(found_rows, request.user) if values.get("queue") == "tasks" else found_rows,
        "page": page,
        "queues": waiting,
        "inbox_count": next((queue.shown for queue in waiting if queue.key == "inbox" and queue.n), ""),
        "chosen": values,
        "filtered": [name for name in values if name not in {"order", "q", "by", "queue"}],
        "title": _title(values),
        "typed": typed,
        "by_person": person,
        "calendar": rows.calendar(request.village),
    }


def _title(values: dict[str, object]) -> str:
    label = queues.LABELS.get(str(values.get("queue", "")))
    return str(label[0]) if label else gettext("All complaints")


def _with_order(request: OfficialRequest) -> dict[str, object]:
    """The query with the order this person last chose."""
    data: dict[str, object] = dict(request.GET.items())
    if data.get("order") not in filters.ORDERS:
        saved = request.COOKIES.get(ORDER_COOKIE, "")
        data["order"] = saved if saved in filters.ORDERS else "newest"
    return data


def number_of(typed: str) -> str:
    """The stored form of a register number typed as ``2026-12``, ``2026-0012`` or as the village prints it; else ""."""
    match = _NUMBER.fullmatch(typed)
    if match:
        return letter_numbers.register_number(int(match[1]), int(match[2]))
    match = _PRINTED.fullmatch(typed)
    return letter_numbers.register_number(int(match[2]), int(match[1])) if match else ""
