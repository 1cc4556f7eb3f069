"""How often one address may do what costs something. Generous: a school, a market or a whole hamlet often shares one address."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600
TEN_MINUTES = 600
cache = caches["limits"]


def address_of(request: HttpRequest) -> str:
    """The address a request came from; behind the operator's own proxy (HTTPS) the one the proxy saw. IPv6 by its /64."""
    seen = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", seen).rpartition(",")[2].strip() or seen
    try:
        address = ip_address(seen)
    except ValueError:
        return str(seen)
    return str(ip_network(f"{address}/64", strict=False)) if isinstance(address, IPv6Address) else str(address)


def _key(request: HttpRequest, what: str) -> str:
    return f"limit:{what}:{salted_hmac('limits', address_of(request)).hexdigest()}"  # no addresses lie about in memory


def _used(request: HttpRequest, what: str) -> int:
    return int(cache.get(_key(request, what), 0))


def _use(request: HttpRequest, what: str, seconds: int) -> None:
    key = _key(request, what)
    if not cache.add(key, 1, seconds):
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two lines
            cache.set(key, 1, seconds)


def may_send(request: HttpRequest) -> bool:
    """Whether this address may send something more into the book this hour."""
    return settings.INTAKE_PER_HOUR == 0 or _used(request, "intake") < settings.INTAKE_PER_HOUR


def sent(request: HttpRequest) -> None:
    """Count one sending."""
    _use(request, "intake", HOUR)


def may_guess(request: HttpRequest) -> bool:
    """Whether a wrong code from this address is still answered by the usual page. A right code is never held up."""
    return _used(request, "codes") < settings.WRONG_CODES_PER_10_MINUTES


def guessed(request: HttpRequest) -> None:
    """Count one wrong code."""
    _use(request, "codes", TEN_MINUTES)


def may_answer(request: HttpRequest) -> bool:
    """Whether this address may fill in another survey form this hour; it takes nothing from what may be sent into the book."""
    return settings.INTAKE_PER_HOUR == 0 or _used(request, "survey") < settings.INTAKE_PER_HOUR


def answered(request: HttpRequest) -> None:
    """Count one form."""
    _use(request, "survey", HOUR)
