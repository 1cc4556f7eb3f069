"""Reading meetings: who may know of one, and who is asked to come as things stand today."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from kentongan.complaints import access, papers
from kentongan.complaints.models import Complaint, Invitee, Meeting, ShutOut
from kentongan.complaints.papers import Signer
from kentongan.village.models import LetterRule, Membership, User
from kentongan.village.roles import Role

SIGNS = (Role.HEAD, Role.SECRETARY, Role.OFFICER, Role.LIAISON, Role.COUNCIL)  # who signs a paper of a meeting, the first who may


def meetings_for(user: Any) -> QuerySet[Meeting]:
    """The meetings this person may know of: those of whose complaints he may see every one."""
    where = access.standing(user)
    if where is None:
        return Meeting.objects.none()
    hidden = Complaint.objects.filter(~access.wall(user), meetings=OuterRef("pk"))
    treats = Complaint.objects.filter(meetings=OuterRef("pk"))
    return Meeting.objects.filter(Exists(treats), ~Exists(hidden), village=where.village_id)


def hidden_from(user: Any) -> QuerySet[Meeting]:
    """The meetings that treat a complaint the wall keeps from this person: what is written of them bears its number."""
    return Meeting.objects.filter(Exists(Complaint.objects.filter(~access.wall(user), meetings=OuterRef("pk"))))


def meetings_of(complaint: Complaint, user: Any) -> list[Meeting]:
    """The meetings that treat a complaint, as far as this person may know of them; the newest first."""
    return list(meetings_for(user).filter(complaints=complaint).order_by("-id"))


def invited(meeting: Meeting) -> list[Invitee]:
    """Those asked to come, without officials who have been shut out of one of its complaints since."""
    out = _shut_out(meeting)
    return [row for row in meeting.invitees.select_related("user") if row.user_id not in out]


def written_to(meeting: Meeting) -> list[Invitee]:
    """Those who get letters about it: the invited, without officials who have left the office since."""
    in_office = set(Membership.current().filter(village=meeting.village_id).values_list("user_id", flat=True))
    return [row for row in invited(meeting) if row.user_id is None or row.user_id in in_office]


def kept_from(meeting: Meeting) -> set[str]:
    """The addresses of those whom one of its complaints shuts out: people share mailboxes."""
    rows = ShutOut.objects.filter(complaint__in=meeting.complaints.order_by()).exclude(user__email="")
    return {address.lower() for address in rows.values_list("user__email", flat=True)}


def everywhere(circles: list[access.Circle]) -> dict[int, Membership]:
    """The officials who may act in every one of these circles: user id → first post."""
    if not circles:
        return {}
    return {pk: post for pk, post in circles[0].members.items() if all(pk in circle.members for circle in circles)}


def signer(meeting: Meeting, rule: LetterRule | None = None) -> Signer | None:
    """Who signs its papers: the head, or whom the rule chooses, or the next whom none of its complaints shuts out."""
    out = _shut_out(meeting)
    if rule and rule.signs == LetterRule.Signs.UNDER:
        found = papers.under(rule, out)
        if found:
            return found
    people = Membership.current().filter(village=meeting.village_id).select_related("user").order_by("id")
    by_role: dict[str, Membership] = {}
    for member in people.exclude(user__in=out):
        by_role.setdefault(member.role, member)
    signs = next((by_role[role] for role in papers.signing_order(SIGNS, rule) if role in by_role), None)
    return Signer(signs.user_id, Role(signs.role), signs.title, str(signs.user)) if signs else None


def kept_close(meeting: Meeting) -> bool:
    """Whether somebody is shut out of one of its complaints, or one is not for everybody's eyes: no copy goes to others then."""
    closed = Q(identity_hidden=True) | Q(confidential=True)
    return bool(_shut_out(meeting)) or meeting.complaints.filter(closed).exists()


def sees_all(user: User, meeting: Meeting) -> bool:
    """Whether the wall lets this person know of the meeting."""
    return meetings_for(user).filter(pk=meeting.pk).exists()


def _shut_out(meeting: Meeting) -> set[int]:
    return set(ShutOut.objects.filter(complaint__in=meeting.complaints.order_by()).values_list("user_id", flat=True))
