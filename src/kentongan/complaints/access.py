"""The wall: one filter that says who sees what, and who takes over for those it shuts out.

Nobody sees another village's rows. Whoever is named in a complaint, or stepped aside, never sees it: no list, no count, no
search hit, no notice. The desk (officer, secretary, head) sees its village's book; the answering team sees what is
distributed to it, and anybody what he has an open task in; the council sees what the head is shut out of; the administrator
sees none. A superuser is not above it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from kentongan.complaints.lifecycle import STEPS
from kentongan.village.models import Leave, Membership, Standing, User
from kentongan.village.roles import Role

if TYPE_CHECKING:
    from kentongan.complaints.models import Complaint, ShutOut

WHOLE_BOOK = frozenset({Role.OFFICER, Role.SECRETARY, Role.HEAD})
# Who takes over from a role none of whose holders may see the complaint: officer → secretary → head → council. Whoever
# stands in must see it himself: for the head that is the council, or the rest of the desk where the council sees nothing.
STAND_INS: dict[Role, tuple[Role, ...]] = {
    Role.OFFICER: (Role.SECRETARY, Role.HEAD, Role.COUNCIL),
    Role.RESPONDER: (Role.OFFICER, Role.SECRETARY, Role.HEAD, Role.COUNCIL),
    Role.LIAISON: (Role.OFFICER, Role.SECRETARY, Role.HEAD, Role.COUNCIL),
    Role.SECRETARY: (Role.HEAD, Role.COUNCIL, Role.OFFICER),
    Role.HEAD: (Role.COUNCIL, Role.SECRETARY, Role.OFFICER),
}
LAST_RESORT = (Role.COUNCIL, Role.LIAISON, Role.RESPONDER, Role.ADMIN)  # in this order, when the whole desk is shut out


def _table(name: str) -> Any:
    return apps.get_model("complaints", name).objects


def standing(user: Any) -> Standing | None:
    """The standing of a signed-in person who holds a post today, or ``None``."""
    if not isinstance(user, User) or not user.is_active or user.standing.village_id is None:
        return None
    return user.standing


def wall(user: Any) -> Q:
    """The condition that every reading of complaints on a person's behalf goes through."""
    where = standing(user)
    if where is None:
        return Q(pk__in=[])
    not_shut_out = _not_shut_out(where.user.pk)
    if any(member.role in WHOLE_BOOK for member in where.memberships):
        return Q(village=where.village_id) & not_shut_out
    given = Q(pk__in=_given(where.user.pk)) | _taken_over({member.role for member in where.memberships}, where.village_id)
    for away in where.acts_for - {where.user.pk}:
        given |= _lent_by(away, where)
    return Q(village=where.village_id) & given & not_shut_out


def _given(person: int) -> Any:
    """Complaints distributed to this person, or in which a task waits for him: one list, so that both are found by their indexes."""
    parts = _table("Assignment").filter(responder=person, ended_at__isnull=True)
    tasks = _table("Task").filter(who=person, done_at__isnull=True)
    return parts.order_by().values("complaint").union(tasks.order_by().values("complaint"))


def _taken_over(roles: Iterable[str], village_id: str | None) -> Q:
    """What holders of these roles see because others are shut out of it: the whole desk, or for the council the head."""
    held, before, found = set(roles), WHOLE_BOOK, Q(pk__in=[])
    for role in LAST_RESORT:
        if role in held:
            found |= Q(pk__in=_left_without(before, village_id))
            break
        before |= {role}
    if Role.COUNCIL in held:
        heads = _current(village_id, {Role.HEAD}).values("user")
        found |= Q(pk__in=_table("ShutOut").filter(user__in=heads).values("complaint"))  # it acts in the head's place
    return found


def _lent_by(away: int, where: Standing) -> Q:
    """What somebody who is away lets his stand-in see: what he may see himself, so that nobody who is shut out sends another in."""
    his = _not_shut_out(away)
    lent = {member.role for member in where.lent if member.user_id == away}
    if lent & WHOLE_BOOK:
        return his
    return his & (Q(pk__in=_given(away)) | _taken_over(lent, where.village_id))


def _not_shut_out(user: int) -> Q:
    return Q(~Exists(_table("ShutOut").filter(complaint=OuterRef("pk"), user=user)))


def _current(village_id: str | None, roles: Iterable[Role]) -> QuerySet[Membership]:
    return Membership.current().filter(village=village_id, role__in=list(roles))


def _left_without(roles: Iterable[Role], village_id: str | None) -> Any:
    """Complaints every holder of ``roles`` is shut out of: somebody else must be able to act."""
    out = _table("ShutOut").filter(complaint=OuterRef(OuterRef("complaint")), user=OuterRef("user"))
    remaining = _current(village_id, roles).filter(~Exists(out))
    return _table("ShutOut").filter(~Exists(remaining), village=village_id).values("complaint")


class Circle:
    """Who may act on one complaint: the village's people of today less those the wall shuts out, with their stand-ins."""

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint
        self.shut_out: list[ShutOut] = list(_table("ShutOut").filter(complaint=complaint).select_related("user"))
        shut_out = {row.user_id for row in self.shut_out}
        stand_in = Leave.current().filter(village=complaint.village_id, user=OuterRef("user")).values("stand_in")[:1]
        self.stands_in: dict[int, User] = {}  # who is away → who acts for him here
        members = Membership.current().filter(village=complaint.village_id).select_related("user").order_by("id")
        lent: dict[int, int] = {}
        self.by_role: dict[Role, list[User]] = {role: [] for role in Role}
        self.members: dict[int, Membership] = {}  # each person's first post, the administrator's aside
        head_is_out = False
        for member in members.annotate(stand_in=Subquery(stand_in)):
            if member.stand_in:
                lent[member.user_id] = member.stand_in
            head_is_out |= member.role == Role.HEAD and member.user_id in shut_out
            if member.user_id not in shut_out and member.user not in self.by_role[Role(member.role)]:
                self.by_role[Role(member.role)].append(member.user)
                if member.role != Role.ADMIN:
                    self.members.setdefault(member.user_id, member)
        self._lend(lent, shut_out)
        self.council_sees = head_is_out or not any(self.by_role[role] for role in WHOLE_BOOK)

    def _lend(self, lent: dict[int, int], shut_out: set[int]) -> None:
        """Whoever stands in for somebody who is away fills his roles beside him; not where either of the two is shut out."""
        people = {user.pk: user for users in self.by_role.values() for user in users}
        for away, there in lent.items():
            if away in people and there in people and not {away, there} & shut_out:
                self.stands_in[away] = people[there]
                for role, users in self.by_role.items():
                    if role != Role.ADMIN and people[away] in users and people[there] not in users:
                        users.append(people[there])

    def acting(self, role: Role) -> list[User]:
        """Those who fill ``role`` here: its holders, or the first stand-ins who may see the complaint. Empty only when nobody is left."""
        for candidate in (role, *STAND_INS.get(role, ()), *LAST_RESORT):
            if self.by_role[candidate] and (candidate is role or candidate != Role.COUNCIL or self.council_sees):
                return self.by_role[candidate]
        return []

    def roles_of(self, user: User) -> frozenset[Role]:
        """The roles this person fills here, own and taken over."""
        return frozenset(
            role for role in STAND_INS.keys() | {Role.COUNCIL} if user in self.acting(role) or user in self.by_role[role]
        )

    def holders(self, verb: str) -> list[User]:
        """The people who may take the step."""
        people: dict[int, User] = {}
        for role in STEPS[verb].roles:
            people.update({user.pk: user for user in self.acting(role)})
        return list(people.values())

    def may(self, user: User, verb: str) -> bool:
        return not self.roles_of(user).isdisjoint(STEPS[verb].roles)

    def may_see_identity(self, user: User) -> bool:
        """Who complains is known to the desk; a hidden identity only to the complaint officer, or who stands in for him."""
        roles = self.roles_of(user)
        if self.complaint.identity_hidden:
            return Role.OFFICER in roles
        return bool(roles)


def holders(verb: str, complaint: Complaint) -> list[User]:
    """Who may take a step on a complaint. Never empty while one person of the village is neither named nor recused."""
    return Circle(complaint).holders(verb)


def may_see_identity(user: User, complaint: Complaint) -> bool:
    return Circle(complaint).may_see_identity(user)


def with_identity(user: Any) -> Q:
    """The condition for lists and searches that show or match who complained: hidden ones only for the complaint officer.

    Whoever stands in for her knows them as far as the wall lets her.
    """
    where = standing(user)
    if where is None:
        return Q(pk__in=[])
    if any(member.role == Role.OFFICER for member in where.memberships):
        return Q()
    known = Q(identity_hidden=False)
    for away in {member.user_id for member in where.lent if member.role == Role.OFFICER}:
        known |= _not_shut_out(away)
    return known


def knows_hidden(user: Any, complaint: Complaint) -> bool:
    """The same of one complaint in a list, whose identity is hidden: no question to the database but of who stands in for the officer."""
    where = standing(user)
    if where is None or not where.is_(Role.OFFICER):
        return False
    if any(member.role == Role.OFFICER for member in where.memberships):
        return True
    lenders = {member.user_id for member in where.lent if member.role == Role.OFFICER}
    out = set(_table("ShutOut").filter(complaint=complaint, user__in=lenders).values_list("user", flat=True))
    return bool(lenders - out)
