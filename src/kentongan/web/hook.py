"""``/hook/<channel>/``: where Meta's servers knock. No session, no form token: the signature over the bytes is the key."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kentongan.channels.meta import hook
from kentongan.village.models import Village

REFUSED = "not signed as agreed\n"


@csrf_exempt
@require_http_methods(["GET", "POST"])
def meta(request: HttpRequest, channel: str) -> HttpResponse:
    """GET: the handshake. POST: 200 as soon as the bytes are committed, whatever is in them; the worker makes sense of them.

    403 for whoever cannot sign, and while the account is not in use: Meta then repeats the call for 36 hours.
    """
    village: Village = request.village  # type: ignore[attr-defined]
    account = hook.account_of(village, channel)
    if account is None:
        return _said(REFUSED, 403)
    if request.method == "GET":
        asked = request.GET
        ours = hook.is_ours(account, asked.get("hub.mode", ""), asked.get("hub.verify_token", ""))
        return _said(asked.get("hub.challenge", "")[:500], 200) if ours else _said(REFUSED, 403)
    content = request.read(hook.MAX_BYTES + 1)
    if len(content) > hook.MAX_BYTES:
        return _said("too large\n", 413)
    if not account.active or not hook.is_signed(account, content, request.headers.get("X-Hub-Signature-256", "")):
        return _said(REFUSED, 403)
    hook.keep(account, content)
    return _said("ok\n", 200)


def _said(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
