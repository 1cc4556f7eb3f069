"""Wrong passwords: ten in ten minutes for one user name from one address, then that pair must wait. Nobody else does."""

from datetime import datetime, timedelta

from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kentongan.web.limits import address_of

MOST = 10
WITHIN = timedelta(minutes=10)
cache = caches["limits"]


def _key(request: HttpRequest, username: str) -> str:
    pair = f"{username.strip().casefold()}\n{address_of(request)}"
    return f"login:{salted_hmac('login', pair).hexdigest()}"  # neither names nor addresses lie about in memory


def blocked_until(request: HttpRequest, username: str) -> datetime | None:
    """When this pair may try again, or ``None`` when it may now."""
    kept: tuple[int, datetime] | None = cache.get(_key(request, username))
    return kept[1] if kept and kept[0] >= MOST and kept[1] > timezone.now() else None


def failed(request: HttpRequest, username: str) -> None:
    """Count one wrong password; the ten minutes begin with the first."""
    key = _key(request, username)
    now = timezone.now()
    kept: tuple[int, datetime] | None = cache.get(key)
    times, until = kept if kept and kept[1] > now else (0, now + WITHIN)
    cache.set(key, (times + 1, until), (until - now).total_seconds())


def succeeded(request: HttpRequest, username: str) -> None:
    """A right password wipes the slate."""
    cache.delete(_key(request, username))
