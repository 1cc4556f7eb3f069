"""Who may open the officials' desk, and how a complaint is found there: through the wall or not at all."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import NoReverseMatch, reverse

from kentongan.complaints import access
from kentongan.complaints.models import Complaint
from kentongan.village.models import User, Village
from kentongan.village.roles import Role
from kentongan.web.desk import choices

P = ParamSpec("P")


class OfficialRequest(HttpRequest):
    """A request of somebody who holds a post today."""

    user: User
    village: Village


View = Callable[Concatenate[OfficialRequest, P], HttpResponseBase]
PlainView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def official(view: View[P]) -> PlainView[P]:
    """Only for a signed-in person with a post: others are sent to the login page, or told that they hold no post."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or not user.is_authenticated:
            return redirect_to_login(request.get_full_path(), resolve_url("web:login"))
        if access.standing(user) is None:
            return render(request, "desk/no_post.html", status=403)
        new_password = _password_page() if user.must_change_password else ""
        if new_password:
            return redirect(new_password)
        return view(cast(OfficialRequest, request), *args, **kwargs)

    return cast(PlainView[P], guarded)


def desk_only(view: View[P]) -> PlainView[P]:
    """Only for the complaint officer, or who stands in when the village has none."""

    @wraps(view)
    def guarded(request: OfficialRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not takes_entries(request.user):
            return render(request, "desk/not_yours.html", {"holders": entry_takers(request.village)}, status=403)
        return view(request, *args, **kwargs)

    return official(cast(View[P], guarded))


def _password_page() -> str:
    try:
        return reverse("web:password")
    except NoReverseMatch:
        return ""


def takes_entries(user: User) -> bool:
    """Whether this person enters complaints: the officer, or the first stand-in when nobody holds that post today."""
    where = access.standing(user)
    if where is None:
        return False
    if where.is_(Role.OFFICER):
        return True
    stand_ins = access.STAND_INS[Role.OFFICER]
    if not where.is_(*stand_ins):
        return False
    held = {role for _pk, role, _post, _name in choices.members(str(where.village_id))}
    first = next((role for role in (Role.OFFICER, *stand_ins) if role in held), None)
    return first is not None and where.is_(first)


def entry_takers(village: Village) -> list[str]:
    """Names and posts of those who enter complaints, for a refusal that says whom to ask."""
    people = choices.members(village.pk)
    for role in (Role.OFFICER, *access.STAND_INS[Role.OFFICER]):
        found = [f"{name} — {post}" for _pk, held, post, name in people if held == role]
        if found:
            return found
    return []


def find(user: User, number: str) -> Complaint:
    """The complaint with this register number if the wall lets the person see it. Raises ``Http404``."""
    related = ("category__parent", "hamlet", "complainant__hamlet")
    try:
        return Complaint.visible_to(user).select_related(*related).get(number=number)
    except Complaint.DoesNotExist:
        raise Http404("no such complaint here") from None


def circle_for(complaint: Complaint, user: User, *roles: Role) -> access.Circle | None:
    """The circle of the complaint when the person fills one of ``roles`` in it, else ``None``."""
    circle = access.Circle(complaint)
    return None if circle.roles_of(user).isdisjoint(roles) else circle
