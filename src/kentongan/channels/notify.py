"""Who hears of what: read this table top to bottom to know everything that follows an event.

The worker claims an event by writing its ``Dispatch`` together with the messages it leads to; a crash loses nothing and
tells nobody twice. Nobody the wall shuts out of a complaint is ever told of it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from kentongan.channels.email import invitations, officials, outbox
from kentongan.channels.meta import telling
from kentongan.channels.models import Dispatch, OutgoingMessage
from kentongan.complaints.access import WHOLE_BOOK, Circle
from kentongan.complaints.models import Complaint, Event, Invitee, Response
from kentongan.village.models import User
from kentongan.village.roles import Role

Audience = Callable[[Event, Circle], list[User]]


def officer(event: Event, circle: Circle) -> list[User]:
    return circle.acting(Role.OFFICER)


def team(event: Event, circle: Circle) -> list[User]:
    """Those it is distributed to now."""
    rows = event.complaint.assignments.filter(ended_at__isnull=True).order_by("pk").values_list("responder", flat=True)
    return _present(list(rows), circle)


def doer(event: Event, circle: Circle) -> list[User]:
    """Who was given the task."""
    return _present([event.data.get("who")], circle)


def _present(people: list[int | None], circle: Circle) -> list[User]:
    """Those of the circle among ``people``, each followed by who acts for him while he is away."""
    members = {user.pk: user for users in circle.by_role.values() for user in users}
    found = [(members.get(pk or 0), circle.stands_in.get(pk or 0)) for pk in people]
    return [user for both in found for user in both if user]


def approver(event: Event, circle: Circle) -> list[User]:
    """Those whose approval the answer waits for; when it is ready, the officer who delivers it."""
    response = event.complaint.responses.exclude(stage=Response.Stage.DELIVERED).last()
    if response and response.waiting_for:
        return circle.acting(Role(response.waiting_for))
    return officer(event, circle)


def head(event: Event, circle: Circle) -> list[User]:
    return circle.acting(Role.HEAD)


def holders(event: Event, circle: Circle) -> list[User]:
    """Those it is distributed to; the officer while it is with nobody."""
    return team(event, circle) or officer(event, circle)


def liaison(event: Event, circle: Circle) -> list[User]:
    """Those who watch the follow-up and see this complaint, being of the desk or having it; the officer where none of them does."""
    seeing = [*team(event, circle), *(user for role in WHOLE_BOOK for user in circle.by_role[role])]
    return [user for user in circle.acting(Role.LIAISON) if user in seeing] or officer(event, circle)


def superior(event: Event, circle: Circle) -> list[User]:
    """The rung of the ladder the event names, or who stands in for it; those who have it hear of it too."""
    role = Role(event.data["to"])
    return [*(liaison(event, circle) if role == Role.LIAISON else circle.acting(role)), *team(event, circle)]


def meeting(event: Event, circle: Circle) -> list[User]:
    """The officials invited to the meeting and those it gave tasks."""
    asked = (
        Invitee.objects.filter(meeting=event.data["meeting"], user__isnull=False).order_by("pk").values_list("user", flat=True)
    )
    given = event.complaint.tasks.filter(meeting=event.data["meeting"], who__isnull=False).values_list("who", flat=True)
    return _seeing([*asked, *given], event, circle)


def newly_invited(event: Event, circle: Circle) -> list[User]:
    """The officials who were invited later."""
    new = Invitee.objects.filter(pk__in=event.data["invitees"], user__isnull=False).values_list("user", flat=True)
    return _seeing(list(new), event, circle)


def _seeing(people: list[int], event: Event, circle: Circle) -> list[User]:
    """Those of ``people``, and who acts for them, who may see this complaint."""
    seen = Complaint.visible_to
    present = {user.pk: user for user in _present([*people], circle)}
    return [user for user in present.values() if seen(user).filter(pk=event.complaint_id).exists()]


TABLE: dict[str, tuple[Audience, ...]] = {
    "received": (officer,),
    "completed": (officer,),
    "assigned": (team,),
    "reassigned": (team,),
    "followed_up": (officer,),
    "handed_over": (team,),
    "given_back": (officer,),
    "part_answered": (officer,),
    "task_added": (doer,),
    "visited": (officer,),
    "convened": (meeting, team),
    "meeting_changed": (meeting, team),
    "invited": (newly_invited,),
    "minuted": (meeting, team, officer),
    "added": (officer, team),
    "attached": (officer, team),
    "referred": (officer,),
    "referral_answered": (officer, team),
    "chased": (officer,),
    "agency_late": (officer, liaison),
    "plan_due": (officer, head),
    "response_drafted": (approver,),
    "response_approved": (approver,),
    "response_returned": (officer, team),
    "responded": (team,),
    "appealed": (officer, team, head),
    "undelivered": (officer,),
    "reminded": (holders,),
    "escalated": (superior,),
    "reopened": (team,),
    "deadline_extended": (team,),
    "withdrawn": (officer, team),
    "rated": (officer,),
}
OLDEST = timedelta(days=30)  # a book of the past brought in at once tells nobody
SETTLED_AFTER = timedelta(minutes=10)  # longer than any transaction: no older event can still appear
_settled = {"id": 0}  # every event up to this id is known to be told; forgotten with the process


def dispatch_pending(limit: int = 200) -> int:
    """Tell of up to ``limit`` events that have not been told; returns how many."""
    now = timezone.now()
    if not _untold(now).exists():  # looked at first: an idle worker takes no lock
        _settle(now)
        return 0
    untold = _untold(now).select_related("complaint__village", "complaint__complainant")[:limit]
    notices = {event.pk: _notices(event) for event in untold}  # read before the lock
    with transaction.atomic():
        events = list(_claimable(_untold(now).filter(pk__in=notices)))
        messages = [notice for event in events for notice in notices[event.pk]]
        Dispatch.objects.bulk_create([Dispatch(village_id=event.village_id, event=event, at=now) for event in events])
        for message in OutgoingMessage.objects.bulk_create(messages):
            outbox.post(message)
        for event in events:
            telling.tell(event)
    return len(events)


def _untold(now: datetime) -> QuerySet[Event]:
    told = Dispatch.objects.filter(event=OuterRef("pk"))
    return Event.for_system("outbox").filter(pk__gt=_settled["id"], at__gte=now - OLDEST).exclude(Exists(told)).order_by("pk")


def _claimable(untold: QuerySet[Event]) -> QuerySet[Event]:
    if connection.features.has_select_for_update_skip_locked:
        untold = untold.select_for_update(skip_locked=True, of=("self",))
    return untold


def _settle(now: datetime) -> None:
    last = (
        Event.for_system("outbox")
        .filter(pk__gt=_settled["id"], at__lt=now - SETTLED_AFTER)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    _settled["id"] = max(_settled["id"], last or 0)


def _audience(event: Event, circle: Circle) -> list[User]:
    """Each person once, and not the one who did it."""
    people: dict[int, User] = {}
    for audience in TABLE.get(event.kind, ()):
        people.update({user.pk: user for user in audience(event, circle)})
    people.pop(event.by_id or 0, None)
    return list(people.values())


def _notices(event: Event) -> list[OutgoingMessage]:
    """Notices to officials, and the letters to the complainant (``email.words.DEFAULTS`` says of which events), to an agency, to those invited."""
    letters = [letter for letter in (outbox.for_event(event), outbox.to_agency(event)) if letter]
    letters += invitations.for_event(event)
    circle = Circle(event.complaint)
    audience = _audience(event, circle)
    kept_from = {row.user.email.lower() for row in circle.shut_out}
    to_officials = (officials.notice(event, user) for user in audience)
    letters += [letter for letter in to_officials if letter and letter.address not in kept_from]
    once = {letter.address: letter for letter in reversed(letters)}  # people share mailboxes; the first of them gets the letter
    return [_notice(event, user) for user in audience] + list(once.values())


def _notice(event: Event, user: User) -> OutgoingMessage:
    return OutgoingMessage(
        village_id=event.village_id,
        event=event,
        complaint_id=event.complaint_id,
        channel="desk",
        to=user,
        state=OutgoingMessage.State.SENT,
    )
