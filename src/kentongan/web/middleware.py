"""What holds for every request: privacy headers, the reader's language, the village the address belongs to."""

import logging
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from kentongan.reports.pdf import CannotPrint
from kentongan.village.models import User, Village
from kentongan.web import errors

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]
SECONDS_KEPT = 30
# Addresses that work before a village is set up.
BEFORE_A_VILLAGE = ("/kantor/mulai/", "/healthz", "/static/", "/bahasa/")


class BodyLimit:
    """Turns away what is larger than any form of ours before a byte of it is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length) > settings.BODY_MAX_BYTES:
            return errors.too_large(request)
        return self.get_response(request)


class PrivacyHeaders:
    """Nothing but static files is kept by anybody, and no page asks for a device."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
        response.setdefault("X-Robots-Tag", "noarchive")
        return response


class Language:
    """Indonesian unless the reader chose another; the browser's wish is not asked, papers and screens must agree."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.setdefault("Content-Language", language)
        return response


class CurrentVillage:
    """``request.village``: the signed-in person's, else the one this host name belongs to, else the only one. Its clock is the page's clock."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        village = current_village(request)
        request.village = village  # type: ignore[attr-defined]
        if village is None:
            if not request.path.startswith(BEFORE_A_VILLAGE):
                return redirect("office:begin")
            return self.get_response(request)
        with timezone.override(ZoneInfo(village.zone)):
            return self.get_response(request)


def current_village(request: HttpRequest) -> Village | None:
    user = request.user
    if isinstance(user, User) and user.standing.village_id:
        return user.standing.memberships[0].village
    host = request.get_host().partition(":")[0]
    key = f"village-of:{host}"
    village: Village | None = cache.get(key)
    if village is None:
        village = Village.objects.filter(host=host).first() or Village.objects.order_by("host", "code").first()
        if village:
            cache.set(key, village, SECONDS_KEPT)
    return village


class NoPaper:
    """A paper the machine could not make, wherever it was asked for, is said in words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, CannotPrint):
            return None
        where = request.resolver_match.view_name if request.resolver_match else ""
        log.error("%s: the paper could not be printed", where)  # what the compiler says may hold what people wrote
        return errors.no_paper(request)
