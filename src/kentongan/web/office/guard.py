"""Who may open the office: the administrator changes it, the head and the secretary may look."""

from functools import update_wrapper

from django.core.cache import cache
from django.http import HttpResponseBase
from django.shortcuts import render

from kentongan.village.models import Membership
from kentongan.village.roles import Role
from kentongan.web.desk.guard import OfficialRequest, P, PlainView, View, official


def may_change(request: OfficialRequest) -> bool:
    """Whether the reader may change what he sees here."""
    return request.user.standing.is_(Role.ADMIN)


def office(view: View[P]) -> PlainView[P]:
    """Looking for administrator, head and secretary; changing (POST) for the administrator alone."""
    return _only(view, {Role.ADMIN, Role.HEAD, Role.SECRETARY}, {Role.ADMIN})


def administrator(view: View[P]) -> PlainView[P]:
    """For the administrator alone."""
    return _only(view, {Role.ADMIN}, {Role.ADMIN})


def _only(view: View[P], looking: set[Role], changing: set[Role]) -> PlainView[P]:
    def guarded(request: OfficialRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        allowed = looking if request.method in {"GET", "HEAD"} else changing
        if request.user.standing.roles.isdisjoint(allowed):
            return _refused(request)
        return view(request, *args, **kwargs)

    update_wrapper(guarded, view)
    return official(guarded)


def _refused(request: OfficialRequest) -> HttpResponseBase:
    members = Membership.current().filter(village=request.village, role=Role.ADMIN).select_related("user")
    holders = [f"{member.user} — {member.post}" for member in members]
    return render(request, "office/not_yours.html", {"holders": holders}, status=403)


def changed() -> None:
    """What pages keep in memory of the village is read afresh from now on."""
    cache.clear()
