"""The simulator's own page: play the resident, see what the village answers, and let Meta misbehave. For practice on one computer."""

from html import escape
from typing import Any

from kentongan.channels.meta.simulator import ERRORS, Simulator

VARIANTS = {
    "": "once, as usual",
    "repeat": "three times the same call",
    "reorder": "taken back before it comes",
    "wrong_signature": "with a wrong signature",
    "standby": "while another app has control",
    "unknown": "with a field nobody knows",
}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Meta, simulated</title><h1>Meta, simulated: {channel}</h1><p>{said}</p>
<form method="post" action="/say"><p><label>Person <input name="person" value="{person}"></label>
<p><label>Says<br><textarea name="text" rows="3" cols="50"></textarea></label>
<p><label>How <select name="variant">{variants}</select></label> <button>Send</button></form>
<form method="post" action="/fault"><p><label>The next answer of the village fails: <select name="fault">{faults}</select></label>
<button>Set</button></form>
<form method="post" action="/clock"><p>The clock is {hours:.0f} hours ahead. <button name="hours" value="25">25 hours on</button></form>
<h2>What the village sent</h2><ul>{sent}</ul>"""


def page(meta: Simulator, said: str = "") -> bytes:
    """The page, with what has just happened in ``said``."""
    known = next(reversed(meta.spoke), "1027384650912345" if meta.channel == "instagram" else "6281234567890")
    html = _PAGE.format(
        channel=escape(meta.channel),
        said=escape(said),
        person=escape(known, quote=True),
        variants=_options(VARIANTS),
        faults=_options({"": "none", **{name: row[3] for name, row in ERRORS.items()}, "hang_up": "the line breaks"}),
        hours=meta.ahead / 3600,
        sent="".join(f"<li>{escape(_words(one))}</li>" for one in reversed(meta.sent)),
    )
    return html.encode()


def _options(rows: dict[str, str]) -> str:
    return "".join(f'<option value="{escape(key, quote=True)}">{escape(words)}</option>' for key, words in rows.items())


def _words(one: dict[str, Any]) -> str:
    part = one.get("message") or one.get("text") or {}
    return str(part.get("text") or part.get("body") or one)


def done(meta: Simulator, deed: str, typed: dict[str, str]) -> str:
    """Do what a form of the page asks; what happened, in words."""
    if deed == "say":
        return say(meta, typed.get("person", ""), typed.get("text", ""), typed.get("variant", ""))
    if deed == "fault":
        meta.faults = [typed["fault"]] if typed.get("fault") else []
        return "set"
    if deed == "clock":
        meta.ahead += 25 * 3600
        return "the clock was moved"
    return "nothing"


def say(meta: Simulator, person: str, text: str, variant: str = "") -> str:
    """One message of a resident, sent to the product in the chosen way; the last HTTP status, in words."""
    if not person.isdigit() or not text.strip():
        return "a person is a number, and says something"
    call = meta.message(person, text)
    if variant == "reorder" and meta.channel == "instagram":
        event = call["entry"][0]["messaging"][0]
        gone = {"sender": event["sender"], "recipient": event["recipient"]}
        meta.call(meta.event({**gone, "message": {"mid": event["message"]["mid"], "is_deleted": True}}))
    if variant == "standby" and meta.channel == "instagram":
        call["entry"][0]["standby"] = call["entry"][0].pop("messaging")
    if variant == "unknown":
        call["entry"][0] |= {"something_new": {"x": [1, None]}}
    try:
        status = meta.call(call, wrong=variant == "wrong_signature", times=3 if variant == "repeat" else 1)
    except OSError:
        return "the product does not answer at its address"
    return f"the product answered {status}"
