"""A page made text: what a reader would see of it, quotes marked with ">". Nothing is fetched, no picture is named."""

import re
from html import unescape
from html.parser import HTMLParser

LONGEST_PAGE = 400_000  # characters, without comments and embedded pictures
LONGEST_TEXT = 200_000
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol table pre blockquote".split())
_BLOCKS = _PARAGRAPHS | frozenset(
    "div li tr dl dt dd hr section article header footer main address center form fieldset body".split()
)
_UNSEEN = frozenset("head script style title template svg".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_QUOTES = re.compile(r"gmail_quote|yahoo_quoted|protonmail_quote|tutanota_quote", re.IGNORECASE)
_HIDING = re.compile(r"display:none|visibility:hidden|mso-hide:all", re.IGNORECASE)
_DATA = re.compile(rb"data:[^\"'<>\s]{200,}")
_NO_CHARACTER = re.compile(r"&#\d{8,};?")  # thousands of digits are more than Python reads
_TAG = re.compile(r"<[^>]*>?")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_MANY_LINES = re.compile(r"\n{3,}")


class _Enough(Exception):
    """There is more text than anybody will read."""


def text_of(page: str) -> str:
    """The text of ``page``: blocks on lines of their own, lists with "- ", links as "text (address)". Never raises."""
    reader = _Reader()
    try:
        reader.feed(_tamed(page))
        reader.rest()
    except _Enough:
        pass  # raised by the reader itself: the lines it has are the text, cut where nobody reads on
    except (AssertionError, ValueError, IndexError):  # how html.parser may take the strangest of pages
        return _TAG.sub(" ", page[:LONGEST_TEXT]).strip()
    return _MANY_LINES.sub("\n\n", "\n".join(reader.lines)).strip()


def light(page: bytes) -> bytes:
    """The page without the pictures written into it, which may be longer than all the rest."""
    return _DATA.sub(b"", page)


def _tamed(page: str) -> str:
    """Without what takes html.parser time by the square, or makes it raise: comments, marked sections, numbers of no character."""
    kept: list[str] = []
    at = 0
    while (start := page.find("<!--", at)) >= 0:
        kept.append(page[at:start])
        end = page.find("-->", start + 2)
        at = end + 3 if end >= 0 else start + 4
        if end < 0:
            break
    kept.append(page[at:].replace("<!--", ""))
    page = "".join(kept).replace("<![", "<!").replace("\0", "")
    return _NO_CHARACTER.sub("\ufffd", page[:LONGEST_PAGE])


class _Reader(HTMLParser):
    """Collects ``lines``. Is fed once and never closed: closing tries the unfinished end again from every "<" in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line: list[str] = []
        self._length = 0
        self._hidden, self._hidden_depth = "", 0
        self._quotes: list[list[int | str]] = []
        self._link: tuple[str, list[str]] | None = None
        self._pre = 0
        self._bullet = ""

    # --- what html.parser calls -----------------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if self._hidden and not self._shown_again_by(tag):
            self._hidden_depth += tag == self._hidden
            return
        if tag not in _VOID and (tag in _UNSEEN or "hidden" in said or _HIDING.search(said.get("style", "").replace(" ", ""))):
            self._hidden, self._hidden_depth = tag, 1
            return
        self._open(tag, said)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden_depth -= tag == self._hidden
            if not self._hidden_depth:
                self._hidden = ""
            return
        if tag == "a":
            self._close_link()
        self._pre -= tag == "pre" and self._pre > 0
        if tag in _BLOCKS:
            self._break(blank=tag in _PARAGRAPHS)
        self._close_quote(tag)

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            first, *others = data.split("\n")
            self._say(first)
            for line in others:
                self._break(always=True)
                self._say(line)
            return
        said = _SPACE.sub(" ", data).replace("\xa0", " ")
        self._say(said if self._line and not self._line[-1].endswith(" ") else said.lstrip(" "))

    def rest(self) -> None:
        """What is left when the page ends in the middle of a tag."""
        if not self.cdata_elem:
            self.handle_data(unescape(_TAG.sub(" ", self.rawdata)))
        self._close_link()
        self._break()

    # --- lines ----------------------------------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        if text:
            self._line.append(text)
            if self._link:
                self._link[1].append(text)

    def _break(self, *, always: bool = False, blank: bool = False) -> None:
        line = "".join(self._line).rstrip()
        self._line.clear()
        quoted = ">" * min(len(self._quotes), 3)
        if line.strip() or always:
            line, self._bullet = (self._bullet + line, "") if line.strip() else (line, self._bullet)
            self._put(f"{quoted} {line}" if quoted else line)
        if blank and self.lines and self.lines[-1] != quoted and not self._bullet:
            self._put(quoted)

    def _put(self, line: str) -> None:
        self.lines.append(line)
        self._length += len(line) + 1
        if self._length > LONGEST_TEXT:
            raise _Enough

    # --- tags -----------------------------------------------------------------------------------------------------------

    def _shown_again_by(self, tag: str) -> bool:
        """Whether ``tag`` ends what is hidden although nobody closed it."""
        if tag == "body" or (self._hidden == "p" and tag in _BLOCKS):
            self._hidden = ""
        return not self._hidden

    def _open(self, tag: str, said: dict[str, str]) -> None:
        if tag in _BLOCKS:
            self._break(blank=tag in _PARAGRAPHS)
        self._open_quote(tag, said)
        if tag == "br":
            self._break(always=True)
        elif tag == "li":
            self._bullet = "- "
        elif tag in {"td", "th"} and self._line:
            self._say(" ")
        elif tag == "pre":
            self._pre += 1
        elif tag == "a":
            self._close_link()
            self._link = (said.get("href", "").strip()[:500], [])
        elif tag == "img" and len(said.get("alt", "")) <= 8 and not said.get("alt", "").isascii():
            self._say(said["alt"])  # some programs send emoji as pictures

    def _open_quote(self, tag: str, said: dict[str, str]) -> None:
        if self._quotes and self._quotes[-1][0] == tag:
            self._quotes[-1][1] = int(self._quotes[-1][1]) + 1
        cited = tag == "blockquote" and said.get("type", "").lower() == "cite"
        if cited or (tag in {"div", "blockquote"} and _QUOTES.search(said.get("class", ""))):
            self._quotes.append([tag, 1])

    def _close_quote(self, tag: str) -> None:
        if self._quotes and self._quotes[-1][0] == tag:
            self._quotes[-1][1] = int(self._quotes[-1][1]) - 1
            if not self._quotes[-1][1]:
                self._quotes.pop()

    def _close_link(self) -> None:
        if self._link is None:
            return
        (address, said), self._link = self._link, None
        scheme, _, bare = address.partition(":")
        shown = bare.partition("?")[0] if scheme.lower() == "mailto" else address
        text = "".join(said).strip()
        if scheme.lower() in {"http", "https", "mailto"} and _same(text) != _same(shown):
            self._say(f" ({shown})" if text else shown)


def _same(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|/$", "", address.strip().lower())
