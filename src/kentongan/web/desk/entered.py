"""After something was entered in the book: to its receipt; and when it concerns the one who wrote it, to whoever takes over."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from kentongan.complaints.access import Circle
from kentongan.complaints.models import Complaint
from kentongan.village.roles import Role
from kentongan.web.desk.guard import OfficialRequest, official

KEY = "entered"  # what the page after shows once: numbers of what was entered, and who takes over what is not for these eyes


def onward(request: OfficialRequest, complaints: list[Complaint]) -> HttpResponseBase:
    """The page after entering ``complaints``."""
    seen = set(Complaint.visible_to(request.user).filter(pk__in=[row.pk for row in complaints]).values_list("pk", flat=True))
    if len(complaints) == 1 and complaints[0].pk in seen:
        return redirect("desk:receipt", complaints[0].number)
    request.session[KEY] = [
        {"number": row.number, "takes_over": [] if row.pk in seen else _who_takes_over(row)} for row in complaints
    ]
    return redirect("desk:entered")


def _who_takes_over(complaint: Complaint) -> list[str]:
    circle = Circle(complaint)
    return [
        f"{circle.members[user.pk].user} — {circle.members[user.pk].post}"
        for user in circle.acting(Role.OFFICER)
        if user.pk in circle.members
    ]


@official
def entered(request: OfficialRequest) -> HttpResponseBase:
    """The numbers of what this person has just entered."""
    rows = request.session.get(KEY)
    if not rows:
        return redirect("desk:list")
    return render(request, "desk/entered.html", {"rows": rows})
