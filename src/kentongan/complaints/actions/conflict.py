"""Conflicts of interest: whom a complaint concerns, and who steps aside. What is written here, the wall reads."""

from collections.abc import Iterable

from kentongan.complaints import mentions
from kentongan.complaints.access import Circle
from kentongan.complaints.actions._act import Act, acting
from kentongan.complaints.lifecycle import NotAllowed
from kentongan.complaints.models import Complaint, ShutOut
from kentongan.village.models import User


def keep_out(act: Act, text: str) -> None:
    """Shut out whom new words of the complainant speak of, until the officer has read them and says whom it concerns.

    Not the one who writes them down, and nobody when nobody would be left to read them.
    """
    mention(act.complaint, mentions.spoken_of(text, mentions.people(act.village.pk)) - {act.by.pk if act.by else 0})


def mention_text(complaint: Complaint, text: str) -> None:
    """Shut out whom further words of the complainant speak of, until the officer says whom it concerns."""
    if text:
        mention(complaint, mentions.spoken_of(text, mentions.people(complaint.village_id)))


def keep_out_as(complaint: Complaint, other: Complaint) -> None:
    """Shut out of a complaint whoever is shut out of another it hangs together with, until the officer has read it."""
    mention(complaint, set(ShutOut.objects.filter(complaint=other).values_list("user_id", flat=True)))


def mention(complaint: Complaint, users: set[int]) -> None:
    """Shut these out until the officer says whom it concerns."""
    new = users - set(ShutOut.objects.filter(complaint=complaint).values_list("user_id", flat=True))
    if not new:
        return
    rows = [
        ShutOut(village_id=complaint.village_id, complaint=complaint, user_id=user, why=ShutOut.Why.MENTIONED)
        for user in sorted(new)
    ]
    ShutOut.objects.bulk_create(rows)
    if not Circle(complaint).holders("verify"):
        ShutOut.objects.filter(complaint=complaint, user__in=new).delete()


def settle(complaint: Complaint, concerned: Iterable[User]) -> int:
    """Make the officer's reading stand: named ones stay or come, mentioned ones go. Returns how many are shut out.

    Raises ``NotAllowed`` when nobody would be left to take the complaint up.
    """
    for user in concerned:
        _shut_out(complaint, user, ShutOut.Why.NAMED)
    ShutOut.objects.filter(complaint=complaint, why=ShutOut.Why.MENTIONED).delete()
    return ShutOut.objects.filter(complaint=complaint).count()


def _shut_out(complaint: Complaint, user: User, why: str) -> None:
    ShutOut.objects.update_or_create(complaint=complaint, user=user, defaults={"village_id": complaint.village_id, "why": why})
    if not Circle(complaint).holders("verify"):
        raise NotAllowed("name", complaint.state)
    complaint.assignments.filter(responder=user, ended_at__isnull=True).update(ended_at=complaint.updated_at)


def name(complaint: Complaint, *, officials: Iterable[User], by: User) -> Complaint:
    """Say which officials it concerns: they are shut out at once and their work on it ends; whom the words only mentioned sees it again.

    Raises ``NotAllowed`` when nobody would be left to take it up.
    """
    with acting(complaint, "name", by=by) as act:
        people = list(officials)
        settle(act.complaint, people)
        act.record("named", count=len(people))
    return act.complaint


def recuse(complaint: Complaint, *, by: User) -> Complaint:
    """Step aside: from now on the person sees nothing of it. Raises ``NotAllowed`` when nobody would be left."""
    with acting(complaint, "recuse", by=by) as act:
        _shut_out(act.complaint, by, ShutOut.Why.RECUSED)
        act.record("recused")
    return act.complaint
