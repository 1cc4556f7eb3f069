"""What every action has in common: wall, role, state, change and event, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction

from kentongan.complaints.access import Circle
from kentongan.complaints.events import KINDS
from kentongan.complaints.lifecycle import ENDED, STEPS, NotYours, State, after
from kentongan.complaints.models import Attachment, Complaint, Event
from kentongan.complaints.rollup import counted, recount
from kentongan.jobs import wake_soon
from kentongan.lib import clock, rows, tokens
from kentongan.lib.files import Clean
from kentongan.village.models import User, Village


@dataclass(frozen=True)
class NewFile:
    """A cleaned file to be kept with an event; ``name`` as the sender called it."""

    name: str
    clean: Clean


@dataclass
class Act:
    """One step being taken: the locked complaint, its village, the moment, who, and the event it leads to."""

    complaint: Complaint
    village: Village
    now: datetime
    by: User | None
    label: str
    via: str
    circle: Circle
    kind: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    files: tuple[NewFile, ...] = ()
    internal_files: bool = False

    def record(self, kind: str, files: Iterable[NewFile] = (), /, *, internal: bool = False, **data: Any) -> None:
        """Say which event this step leads to; it is written with the change."""
        self.kind, self.data, self.files, self.internal_files = kind, data, tuple(files), internal


@contextmanager
def acting(complaint: Complaint, verb: str, *, by: User | None, via: str = "", system: bool = False) -> Iterator[Act]:
    """Take one step. ``by=None`` is the complainant himself (his code was checked), or what happens by itself when ``system``.

    Raises ``Complaint.DoesNotExist`` (the wall), ``NotYours`` (the role), ``NotAllowed`` (the state), in this order.
    """
    with transaction.atomic():
        known = Complaint.visible_to(by) if by else Complaint.for_system("the complainant, or the clock")
        locked = known.select_for_update(of=("self",)).get(pk=complaint.pk)
        circle = Circle(locked)
        step = STEPS[verb]
        allowed = circle.may(by, verb) if by else step.complainant or (system and step.by_itself)
        if not allowed:
            raise NotYours(verb)
        target = after(State(locked.state), verb)
        act = Act(locked, locked.village, clock.now(), by, by.standing.label if by else "", via, circle)
        before = counted(locked)
        locked.state = target
        locked.ended_at = (locked.ended_at or max(act.now, locked.received_at)) if target in ENDED else None
        yield act
        locked.updated_at = act.now
        locked.save()
        recount(locked, before)
        write_event(
            locked,
            act.kind,
            act.now,
            by=by,
            label=act.label,
            via=via,
            data=act.data,
            files=act.files,
            internal=act.internal_files,
        )


def write_event(
    complaint: Complaint,
    kind: str,
    at: datetime,
    *,
    by: User | None,
    label: str,
    via: str = "",
    data: dict[str, Any] | None = None,
    files: Iterable[NewFile] = (),
    internal: bool = False,
) -> Event:
    """Write down that it happened, with its files, in the transaction of the change itself."""
    event = Event(
        village_id=complaint.village_id,
        complaint=complaint,
        kind=kind,
        at=at,
        by=by,
        by_label=label,
        via=via,
        state=complaint.state,
        data=data or {},
    )
    rows.insert(event)
    keep(files, complaint, event, internal=internal)
    wake_soon()
    return event


@dataclass(frozen=True)
class PlainEvent:
    """An event of the clock, written with many others: no files, by nobody."""

    village_id: str
    complaint_id: int
    kind: str
    at: datetime
    state: str
    data: dict[str, Any]


def write_events(events: list[PlainEvent]) -> None:
    """Write many events of the clock in one statement, in the caller's transaction."""
    if not events:
        return
    rows_of = [
        (
            one.village_id,
            one.complaint_id,
            one.kind,
            connection.ops.adapt_datetimefield_value(one.at),
            one.state,
            json.dumps(one.data),
        )
        for one in events
    ]
    with connection.cursor() as cursor:
        values = ", ".join(["(%s, %s, %s, %s, '', '', %s, %s)"] * len(rows_of))
        cursor.execute(
            f"INSERT INTO complaints_event (village_id, complaint_id, kind, at, by_label, via, state, data) VALUES {values}",  # noqa: S608 - no input
            [part for row in rows_of for part in row],
        )
    wake_soon()


def adopt(form_token: str, complaint: Complaint, event: Event) -> None:
    """Give the files staged under a form's token to the complaint that form became."""
    if not form_token:
        return
    neutral = ", name = 'berkas-' || id || substr(file, length(file) - 3)" if _hides(complaint) else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE complaints_attachment SET complaint_id = %s, event_id = %s{neutral}"  # noqa: S608 - no input
            " WHERE village_id = %s AND form_token = %s AND complaint_id IS NULL",
            [complaint.pk, event.pk, complaint.village_id, form_token],
        )


def _hides(complaint: Complaint) -> bool:
    """Whether those who answer must not learn who complains."""
    return complaint.identity_hidden or complaint.complainant_id is None


def _by_complainant(event: Event) -> bool:
    return event.by_id is None or event.kind == "received" or KINDS[event.kind].tone == "in"


def keep(
    files: Iterable[NewFile],
    complaint: Complaint | None,
    event: Event | None,
    *,
    internal: bool = False,
    village_id: str = "",
    token: str = "",
) -> list[Attachment]:
    """Store files under random names, with a complaint and its event, or staged under a form's token.

    People call files by their own name (``KTP Karto.pdf``): where the complainant hides, his files are only numbered.
    """
    neutral = complaint is not None and event is not None and _hides(complaint) and _by_complainant(event)
    kept = []
    for number, new in enumerate(files, start=1):
        row = Attachment(
            village_id=complaint.village_id if complaint else village_id,
            complaint=complaint,
            event=event,
            form_token=token,
            name=f"berkas-{number}.{new.clean.extension}" if neutral else new.name[:120] or "berkas",
            mime=new.clean.mime,
            size=len(new.clean.content),
            internal=internal,
        )
        row.file.save(f"{tokens.new_token()}.{new.clean.extension}", ContentFile(new.clean.content), save=True)
        kept.append(row)
    return kept
