"""People and posts: accounts, terms that begin and end, one-time passwords. Nothing of the past is edited away."""

import secrets
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kentongan.village import seed
from kentongan.village.models import Leave, Membership, User, Village
from kentongan.village.roles import Role
from kentongan.web.desk.guard import OfficialRequest
from kentongan.web.office import leave
from kentongan.web.office.guard import administrator, changed, may_change, office
from kentongan.web.office.people_forms import EndForm, NewPersonForm, PersonForm, PostForm

_CONSONANTS, _VOWELS = "bdgjklmnprst", "aeiou"


def one_time_password() -> str:
    """Three made-up words and four digits (about 49 bits): easy to read out, to be changed at the first login."""
    words = ("".join(secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(2)) for _ in range(3))
    return "-".join([*words, f"{secrets.randbelow(10_000):04d}"])


def _posts(memberships: list[Membership]) -> list[dict[str, Any]]:
    """Memberships that are one post (same words, place and term, several roles) as one entry, newest first."""

    def same(row: Membership) -> tuple[Any, ...]:
        return (row.title, row.unit_id or 0, row.hamlet_id or 0, row.since, row.until or timezone.localdate().max)

    entries = []
    today = timezone.localdate()
    for _key, group in groupby(sorted(memberships, key=same), key=same):
        rows = list(group)
        first = rows[0]
        entries.append(
            {
                "pk": first.pk,
                "post": first.title,
                "roles": [row.get_role_display() for row in rows],
                "unit": first.unit,
                "hamlet": first.hamlet,
                "since": first.since,
                "until": first.until,
                "current": first.since <= today and (first.until is None or first.until >= today),
            }
        )
    return sorted(entries, key=lambda entry: (entry["current"], entry["since"]), reverse=True)


@office
@require_safe
def people(request: OfficialRequest) -> HttpResponse:
    """Everyone who holds or held a post here."""
    rows = (
        Membership.objects.filter(village=request.village)
        .select_related("user", "unit", "hamlet")
        .order_by("user__name", "user_id")
    )
    now: list[tuple[User, Any]] = []
    before: list[tuple[User, Any]] = []
    for user, group in groupby(rows, key=lambda row: row.user):
        posts = _posts(list(group))
        current = [entry for entry in posts if entry["current"]]
        (now if current and user.is_active else before).append((user, current or posts))
    return render(request, "office/people.html", {"now": now, "before": before, "editable": may_change(request)})


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("password")
def new(request: OfficialRequest) -> HttpResponse:
    """An account with its first post; its one-time password is shown this once."""
    form = NewPersonForm(request.POST or None, village=request.village)
    if not form.is_valid():
        return render(request, "office/person_new.html", {"form": form, "editable": may_change(request)})
    told = form.cleaned_data
    password = one_time_password()
    person = seed.add_official(
        request.village,
        username=told["username"],
        name=told["name"],
        phone=told["phone"],
        password=password,
        post=form.as_post(),
        since=told["since"],
        must_change=True,
    )
    changed()
    return render(request, "office/new_password.html", {"person": person, "password": password, "fresh": True})


def find(request: OfficialRequest, pk: int) -> User:
    """A person who holds or held a post in this village. Raises ``Http404``."""
    person = User.objects.filter(pk=pk, memberships__village=request.village).distinct().first()
    if person is None:
        raise Http404("nobody of this village")
    return person


def _serves_elsewhere(person: User, village: Village) -> bool:
    """Whether the account also opens another village's desk: then no single village may take it over."""
    return Membership.current().filter(user=person).exclude(village=village).exists()


@office
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: OfficialRequest, pk: int) -> HttpResponse:
    who = find(request, pk)
    form = PersonForm(request.POST or None, instance=who)
    if form.is_valid():
        form.save()
        changed()
        messages.success(request, _("Name and telephone are saved. Older papers keep the old name."))
        return redirect("office:person", pk=pk)
    return page(request, User.objects.get(pk=pk), form=form)


def page(
    request: OfficialRequest,
    who: User,
    *,
    form: PersonForm | None = None,
    post_form: PostForm | None = None,
    leave_form: leave.LeaveForm | None = None,
) -> HttpResponse:
    """The page of a person, with the form that came back."""
    rows = Membership.objects.filter(village=request.village, user=who).select_related("unit", "hamlet")
    context = {
        "person": who,
        "posts": _posts(list(rows)),
        "form": form or PersonForm(instance=who),
        "post_form": post_form or PostForm(village=request.village),
        "end_form": EndForm(initial={"until": timezone.localdate()}),
        "myself": who == request.user,
        "editable": may_change(request),
    }
    return render(request, "office/person.html", context | leave.card(request.village, who, leave_form))


@office
@require_POST
def appoint(request: OfficialRequest, pk: int) -> HttpResponse:
    """One more post for a person."""
    who = find(request, pk)
    form = PostForm(request.POST, village=request.village)
    if not form.is_valid():
        return page(request, who, post_form=form)
    seed.appoint(request.village, who, post=form.as_post(), since=form.cleaned_data["since"])
    changed()
    messages.success(request, _("%(name)s is now %(post)s.") % {"name": who, "post": form.cleaned_data["post"]})
    return redirect("office:person", pk=pk)


@office
@require_POST
def end(request: OfficialRequest, pk: int) -> HttpResponse:
    """Give a post its last day: with all its roles, and never by taking it out of the past."""
    row = get_object_or_404(Membership.objects.select_related("user"), pk=pk, village=request.village)
    form = EndForm(request.POST, since=row.since)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("until", []))))
        return redirect("office:person", pk=row.user_id)
    until = form.cleaned_data["until"]
    post = Membership.objects.filter(
        village=request.village,
        user=row.user,
        post=row.post,
        unit=row.unit,
        hamlet=row.hamlet,
        since=row.since,
        until=row.until,
        acting=row.acting,
    )
    with transaction.atomic():
        post.update(until=until)
        if not _administrators(request.village, until):
            transaction.set_rollback(True)
            messages.error(request, _("Somebody must keep the settings: appoint another administrator first."))
            return redirect("office:person", pk=row.user_id)
    changed()
    last = formats.date_format(until, "l, j F Y")
    messages.success(request, _("%(name)s is %(post)s until %(day)s.") % {"name": row.user, "post": row.post, "day": last})
    return redirect("office:person", pk=row.user_id)


def _administrators(village: Village, after: Any) -> bool:
    """Whether an administrator with an account in use is left after a day."""
    lasting = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=after), village=village, role=Role.ADMIN, user__is_active=True
    )
    return lasting.exists()


@office
@require_POST
@sensitive_variables("password")
def new_password(request: OfficialRequest, pk: int) -> HttpResponse:
    """A one-time password, shown this once; whoever is logged in with the old one is logged out."""
    who = find(request, pk)
    if _serves_elsewhere(who, request.village):
        messages.error(request, _("This person also serves another village; the operator of the installation sets the password."))
        return redirect("office:person", pk=pk)
    password = one_time_password()
    who.set_password(password)
    who.must_change_password = True
    who.save(update_fields=["password", "must_change_password"])
    return render(request, "office/new_password.html", {"person": who, "password": password, "fresh": False})


@office
@require_POST
def account(request: OfficialRequest, pk: int) -> HttpResponse:
    """Close an account, or open it again."""
    who = find(request, pk)
    if who == request.user or _serves_elsewhere(who, request.village):
        messages.error(request, _("This account cannot be closed here."))
        return redirect("office:person", pk=pk)
    who.is_active = not who.is_active
    who.save(update_fields=["is_active"])
    changed()
    if who.is_active:
        messages.success(request, _("%(name)s may log in again.") % {"name": who})
    else:
        messages.success(request, _("%(name)s can no longer log in. What was done stays in the book.") % {"name": who})
    return redirect("office:person", pk=pk)


@office
@require_POST
def enter_leave(request: OfficialRequest, pk: int) -> HttpResponse:
    """Leave of somebody, by the administrator."""
    who = find(request, pk)
    form = leave.LeaveForm(request.POST, village=request.village, user=who)
    if form.entered() is None:
        return page(request, who, leave_form=form)
    changed()
    messages.success(request, _("The leave of %(name)s is entered.") % {"name": who})
    return redirect("office:person", pk=pk)


@office
@require_POST
def end_leave(request: OfficialRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Leave.objects.select_related("user"), pk=pk, village=request.village)
    leave.ended(request, row)
    changed()
    return redirect("office:person", pk=row.user_id)
