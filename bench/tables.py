"""The tables of a complaint in the order they are written, each with the columns the generator knows."""

from typing import Any

from django.conf import settings
from django.db import connection

from bench import rows
from kentongan.channels.models import Dispatch, IncomingMessage, OutgoingMessage
from kentongan.complaints import models, search
from kentongan.lib import letter_numbers, text, tokens


class Words:
    """The search index, filled as ``search.index`` fills it."""

    def __init__(self) -> None:
        self._rows: list[tuple[Any, ...]] = []

    def add(self, complaint: int, *texts: str) -> None:
        stems = text.search_words(" ".join(texts))[: search.MOST_WORDS]
        if connection.vendor == "sqlite":
            self._rows.append((complaint, " ".join(stems)))
        else:
            self._rows.append((complaint, " ".join(f"'{lexeme}'" for lexeme in {*stems, *search.pairs(stems)})))

    def write(self) -> None:
        rows.bulk("complaints_words", ["rowid" if connection.vendor == "sqlite" else "complaint_id", "words"], self._rows)
        self._rows = []


class Complaints(rows.Table):
    """Complaints; number, code and search index follow from the rest."""

    COLUMNS = (
        "id", "village_id", "year", "serial", "text", "received_at", "state", "kind", "category_id", "complainant_id", "updated_at",
        "due_at", "clock_days", "paused_at", "verified_at", "responded_at", "on_time", "ended_at", "outcome", "hamlet_id",
        "master_id", "split_from_id", "answer_days", "solution_days", "unit_id",
        "clock_from", "number", "code_salt", "code_digest", "channel", "subject", "place", "rw", "rt",
    )  # fmt: skip

    def __init__(self, index: Words) -> None:
        super().__init__(models.Complaint, *self.COLUMNS)
        self._index = index

    def add_complaint(self, *values: Any) -> None:
        """The first columns, up to the hamlet; the rest is worked out."""
        pk, _, year, serial, said, received = values[:6]
        salt = tokens.new_salt()
        digest = tokens.code_digest(settings.SECRET_KEY, tokens.public_code(settings.SECRET_KEY, salt))
        subject, place = text.one_line(said, 80), "depan mushola"
        number = letter_numbers.register_number(year, serial)
        self.add(*values, received, number, salt, digest, "web", subject, place, "001", "003")
        self._index.add(pk, subject, said, place)


def tables() -> dict[str, Any]:
    """Every table by a short name; a table stands behind those it refers to."""
    index = Words()
    return {
        "register": rows.Table(models.Register, "village_id", "year", "last"),
        "complainant": rows.Table(models.Complainant, "id", "village_id", "name", "phone", "hamlet_id", "created_at"),
        "complaint": Complaints(index),
        "words": index,
        "event": rows.Table(
            models.Event, "id", "village_id", "complaint_id", "kind", "at", "by_id", "by_label", "via", "state", "data"
        ),
        "dispatch": rows.Table(Dispatch, "event_id", "village_id", "at"),
        "message_in": rows.Table(
            IncomingMessage, "village_id", "channel", "external_id", "state", "received_at", "complaint_id"
        ),
        "message_out": rows.Table(
            OutgoingMessage, "village_id", "event_id", "complaint_id", "channel", "to_id", "state", "created_at", "read_at"
        ),
        "shut_out": rows.Table(models.ShutOut, "village_id", "complaint_id", "user_id", "why", "at"),
        "assignment": rows.Table(
            models.Assignment, "village_id", "complaint_id", "responder_id", "responder_label", "unit_id", "instruction", "at", "by_label"
        ),
        "response": rows.Table(
            models.Response,
            "id", "village_id", "complaint_id", "text", "outcome", "stage", "waiting_for", "approvals", "drafted_by", "drafted_at",
            "delivered_at",
        ),
        "delivery": rows.Table(models.Delivery, "village_id", "complaint_id", "response_id", "to", "how", "at", "by_label"),
        "referral": rows.Table(models.Referral, "village_id", "complaint_id", "agency_id", "note", "at", "by_label"),
        "tally": rows.Table(models.Tally, "village_id", "month", "category_id", "channel", "kind", "state", "n"),
        "measure": rows.Table(models.Measure, "village_id", "month", "what", "key", "n"),
    }  # fmt: skip
