"""Letters in which a calendar program answers an invitation (RFC 6047 §2.4): known by what they carry, not by their words."""

import re
from collections.abc import Iterator

from kentongan.channels import calendar
from kentongan.channels.email.mime import Part

_METHOD = re.compile(rb"^METHOD[ \t]*:[ \t]*REPLY[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


def found(whole: Part) -> calendar.Reply | None:
    """The answer a letter brings; ``None`` for a letter that brings none. One inside a letter attached is not this letter's."""
    for part in _own(whole):
        if part.kind != "text/calendar":
            continue
        content = part.content
        if part.param("method").upper() == "REPLY" or _METHOD.search(content[: calendar.MOST_BYTES]):
            return calendar.reply(content)
    return None


def _own(part: Part) -> Iterator[Part]:
    """The parts of the letter itself. As deep as the tree, which is bounded."""
    if part.kind.startswith("message/"):
        return
    yield part
    for inner in part.parts:
        yield from _own(inner)
