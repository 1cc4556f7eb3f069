"""Full text search over the book. The database's name appears here and in one migration, nowhere else.

Both databases index the same stems (``lib.text.search_words``). SQLite keeps positions, so a phrase is a phrase. On
PostgreSQL a phrase over positions rechecks every row both words stand in; pairs of neighbours are indexed as words of
their own instead, and a phrase is a lookup.
"""

import re
from itertools import pairwise

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from kentongan.complaints.models import Complaint
from kentongan.lib.text import search_words

_PART = re.compile(r'"([^"]+)"|(\S+)')
MOST_WORDS = 4000


def index(complaint: Complaint, *more: str) -> None:
    """Put a complaint's words into the index, or replace them. ``more``: numbers it bears with agencies."""
    said = (complaint.subject, complaint.text, complaint.place, complaint.who, complaint.outside_number, *more)
    stems = search_words(" ".join(said))[:MOST_WORDS]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT OR REPLACE INTO complaints_words (rowid, words) VALUES (%s, %s)", [complaint.pk, " ".join(stems)]
            )
        else:
            cursor.execute(
                "INSERT INTO complaints_words (complaint_id, words) VALUES (%s, array_to_tsvector(%s::text[]))"
                " ON CONFLICT (complaint_id) DO UPDATE SET words = excluded.words",
                [complaint.pk, sorted({*stems, *pairs(stems)})],
            )


def matching(complaints: QuerySet[Complaint], typed: str) -> QuerySet[Complaint]:
    """The complaints that hold every word of ``typed``, and every "quoted phrase" as a phrase; or bear that register number."""
    if re.fullmatch(r"\s*\d{4}-\d{1,6}\s*", typed):
        year, serial = typed.strip().split("-")
        return complaints.filter(year=int(year), serial=int(serial))
    phrases = [search_words(quoted or word) for quoted, word in _PART.findall(typed)]
    phrases = [stems for stems in phrases if stems][:12]
    if not phrases:
        return complaints.none() if typed.strip() else complaints
    if connection.vendor == "sqlite":
        query = " AND ".join('"' + " ".join(stems) + '"' for stems in phrases)
        sql, parameter = "SELECT rowid FROM complaints_words WHERE complaints_words MATCH %s", query
    else:
        lexemes = [lexeme for stems in phrases for lexeme in (pairs(stems) or stems)]
        sql = "SELECT complaint_id FROM complaints_words WHERE words @@ %s::tsquery"
        parameter = " & ".join("'" + lexeme.replace("'", "''") + "'" for lexeme in lexemes)
    return complaints.filter(pk__in=RawSQL(sql, [parameter]))  # noqa: S611 - the parameter is bound, the text is ours


def pairs(stems: list[str]) -> list[str]:
    """Each two neighbours as one word."""
    return [f"{left}_{right}" for left, right in pairwise(stems)]
