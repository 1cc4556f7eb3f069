"""Leave: entered and ended, and who is away today, kept in memory for a minute for code that asks often."""

from datetime import date, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from kentongan.village.models import Leave, Membership, User, Village
from kentongan.village.roles import Role

SECONDS_KEPT = 60


class CannotBeAway(ValueError):
    """What was asked for makes no leave; the words say what to do instead. ``field``: which of the three is wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def today(village_id: str) -> list[tuple[int, int]]:
    """(who is away, who stands in) of a village."""
    key = f"leave:{village_id}"
    kept: list[tuple[int, int]] | None = cache.get(key)
    if kept is None:
        kept = list(Leave.current().filter(village=village_id).order_by("id").values_list("user_id", "stand_in_id"))
        cache.set(key, kept, SECONDS_KEPT)
    return kept


def stand_ins(village: Village, user: User) -> list[tuple[int, str]]:
    """Who may stand in for somebody: the people of the office whose post has not ended, the administrator aside."""
    posts = Membership.objects.filter(_lasting(timezone.localdate()), village=village, user__is_active=True)
    rows = posts.exclude(role=Role.ADMIN).exclude(user=user).order_by("user__name", "id").select_related("user")
    people: dict[int, str] = {}
    for row in rows:
        people.setdefault(row.user_id, f"{row.user} — {row.post}")
    return list(people.items())


def has_what_can_be_lent(village: Village, user: User) -> bool:
    """Whether he holds a post another may take over; the keys of the office alone are none, they are lent to nobody."""
    return Membership.objects.filter(_lasting(timezone.localdate()), village=village, user=user).exclude(role=Role.ADMIN).exists()


def enter(village: Village, *, user: User, stand_in: User, since: date, until: date) -> Leave:
    """Write a leave down. Raises ``CannotBeAway``."""
    with transaction.atomic():
        Village.objects.select_for_update().get(pk=village.pk)  # one at a time: each looks at what the others wrote
        _refuse_days(village, user, since, until)
        _refuse_stand_in(village, user, stand_in, since, until)
        made = Leave.objects.create(village=village, user=user, stand_in=stand_in, since=since, until=until)
    _forget(village.pk)
    return made


def end(leave: Leave) -> bool:
    """End it now; False when it had no day before today, and is taken out. One that is over stays as it is."""
    before = timezone.localdate() - timedelta(days=1)
    begun = leave.since <= before
    if not begun:
        leave.delete()
    elif leave.until > before:
        leave.until = before
        leave.save(update_fields=["until"])
    _forget(leave.village_id)
    return begun


def _forget(village_id: str) -> None:
    cache.delete(f"leave:{village_id}")


# --- what is no leave --------------------------------------------------------------------------------------------------


def _refuse_days(village: Village, user: User, since: date, until: date) -> None:
    if until < since:
        raise CannotBeAway("until", _("The last day cannot lie before the first."))
    if until < timezone.localdate():
        raise CannotBeAway("until", _("This leave would be over already. Choose today or a coming day."))
    if not in_office(village, user, since) and not in_office(village, user, until):
        raise CannotBeAway("since", _("%(name)s holds no post in these days.") % {"name": user})
    other = _during(since, until).filter(user=user).first()
    if other:
        raise CannotBeAway("since", _("%(name)s is away already %(days)s. End that leave first.") % _words(user, other))
    post = _during(since, until).filter(stand_in=user).select_related("user").first()
    if post:
        words = _("%(name)s stands in for %(other)s %(days)s. Another stand-in for %(other)s must be found first.")
        raise CannotBeAway("since", words % {**_words(user, post), "other": post.user})


def _refuse_stand_in(village: Village, user: User, stand_in: User, since: date, until: date) -> None:
    if stand_in == user:
        raise CannotBeAway("stand_in", _("Nobody stands in for himself. Choose somebody else."))
    if not (in_office(village, stand_in, since) and in_office(village, stand_in, until)):
        words = _("%(name)s does not hold a post on all of these days. Choose somebody else, or other days.")
        raise CannotBeAway("stand_in", words % {"name": stand_in})
    away = _during(since, until).filter(user=stand_in).first()
    if away:
        words = _("%(name)s is away as well %(days)s. Choose somebody else, or other days.")
        raise CannotBeAway("stand_in", words % _words(stand_in, away))


def _during(since: date, until: date) -> QuerySet[Leave]:
    return Leave.objects.filter(since__lte=until, until__gte=since).order_by("since")


def _lasting(day: date) -> Q:
    return Q(until__isnull=True) | Q(until__gte=day)


def in_office(village: Village, user: User, day: date) -> bool:
    return Membership.current(day).filter(village=village, user=user).exclude(role=Role.ADMIN).exists()


def _words(user: User, leave: Leave) -> dict[str, str]:
    first, last = (formats.date_format(day, "j F Y") for day in (leave.since, leave.until))
    return {"name": str(user), "days": _("from %(first)s until %(last)s") % {"first": first, "last": last}}
