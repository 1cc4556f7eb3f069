"""Every address × every role, one table. An address that stands in no row fails the test.

A row says what each visitor gets from a GET, or from an empty POST. The complaint of the table names the village head; it is distributed to Joko.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from kentongan.channels import notify
from kentongan.channels.models import IncomingMessage
from kentongan.complaints import actions, checks
from kentongan.complaints.lifecycle import State
from kentongan.complaints.models import Attachment, LetterNumber, StandardText, SurveyElement
from kentongan.lib.files import Clean
from kentongan.village.models import Agency, Category, Hamlet, Holiday, Membership, Unit
from tests import make, meet, surveying
from tests.cast import Cast
from tests.things import (
    chat_of,
    closed_book_of,
    dead_job,
    leave_of,
    letter_of,
    letter_to,
    long_book_of,
    notice,
    publicity_of,
    report_of,
)

WHO = ("public", "no_post", "neighbour", "admin", "council", "responder", "liaison", "head", "secretary", "officer")
L = "login"  # sent to the login page
P = 403  # holds no post, or this is not his to do
X = 404  # the wall: as if it were not there

Y = "may"  # a POST that reaches the view: done, or refused for what was (not) typed

EVERYONE = (200,) * 10
OURS = (200, 200, X, *(200,) * 7)  # an official stands in his own village, also on public pages
OFFICIALS = (L, P, 200, 200, 200, 200, 200, 200, 200, 200)
ENTRY = (L, P, 200, P, P, P, P, P, P, 200)  # what only the complaint officer does
# who may see the complaint of this table: not the head, not the neighbour, not the administrator, not the liaison
SEEN = (L, P, X, X, 200, 200, X, X, 200, 200)
SLIP = (L, P, X, X, P, P, X, X, P, 200)  # the slip bears the public code
# who may call a meeting, move it and write its minutes; the council in place of the head
MEETS = (L, P, X, X, 200, P, X, X, 200, 200)
LETTER = (L, P, X, X, X, X, X, X, X, 200)  # a letter bears the complainant's address: for who fills the officer's place alone
BOARD = (L, P, 200, P, P, P, 200, 200, 200, 200)  # for who looks after the work of others
READS = (L, P, 200, P, P, P, P, 200, 200, 200)  # reports to the head: for the desk
READS_HERE = (L, P, X, P, P, P, P, 200, 200, 200)  # the same, of one thing of this village
OFFICE = (L, P, P, 200, P, P, P, 200, 200, P)
KEEPER = (L, P, P, 200, P, P, P, P, P, P)  # the administrator alone
OF_A_REPORT = ("book:sent_report", "book:sent_file", "book:publication", "book:publish", "book:take_back")
WITH_CODE = (302,) * 10  # without the pass of a public code: to the page that asks for it
HIDDEN = (X,) * 10  # without the pass as if it were not there

# Addresses that only take a POST, with what an empty one leads to.
CHANGED_BY_KEEPER = (L, P, P, Y, P, P, P, P, P, P)
CHANGES_IN_THE_OFFICE = """
village clocks person_new person appoint new_password account end_post hamlets hamlet units units_one categories categories_one
agencies agencies_one elements elements_one holidays holidays_fill holiday_remove mail letter text texts job_retry leave end_leave
arms paper paper_preview instagram whatsapp
""".split()
POSTED: dict[str, tuple[Any, ...]] = {
    "public:deed": (P,) * 10,
    "public:leave": (Y,) * 10,
    "web:language": WITH_CODE,
    "desk:complainants": (L, P, Y, P, P, P, P, P, P, Y),
    "desk:step": (L, P, X, X, Y, Y, X, X, Y, Y),
    "desk:convene": (L, P, X, X, Y, P, X, X, Y, Y),
    "desk:meeting_step": (L, P, X, X, Y, P, X, X, Y, Y),
    "desk:archive": (L, P, X, X, P, P, X, X, Y, Y),
    "desk:judge": (L, P, X, P, P, P, P, P, P, Y),
    **dict.fromkeys(("desk:chat_reply", "desk:chat_join", "desk:chat_done"), (L, P, X, X, X, X, X, X, X, Y)),
    "desk:move": (L, P, Y, P, P, P, Y, Y, Y, Y),
    "book:cancel_number": (L, P, X, P, P, P, P, X, Y, Y),
    "book:order_long_book": (L, P, *(Y,) * 8),
    "book:long_book_again": (*(L, P), *(X,) * 7, Y),
    "book:close_year": (L, P, Y, P, P, P, P, P, Y, Y),
    **{f"book:{name}": (L, P, X, P, P, P, P, P, Y, Y) for name in ("survey_change", "survey_plan", "survey_close")},
    "book:publicity": (L, P, Y, P, P, P, P, P, Y, Y),
    "book:publicity_remove": (L, P, X, P, P, P, P, P, Y, Y),
    "book:surveys": (L, P, Y, P, P, P, P, P, Y, Y),
    "book:survey_enter": (L, P, X, P, P, P, P, P, Y, Y),
    "public:survey": (Y, Y, X, *(Y,) * 7),
    "book:publish": (L, P, X, P, P, P, P, P, 302, 302),
    "book:take_back": (L, P, X, P, P, P, P, P, 302, 302),
    "book:report_send": (L, P, Y, P, P, P, P, P, P, Y),
    "desk:read_all": (L, P, *(302,) * 8),
    "desk:open_notice": (L, P, X, X, Y, Y, X, X, Y, Y),
    "desk:letter_again": (*LETTER[:-1], Y),
    "desk:me": (L, P, *(Y,) * 8),
    "desk:my_leave": (L, P, *(Y,) * 8),
    "desk:end_my_leave": (L, P, X, X, X, Y, X, X, X, X),  # Joko's own
    **{f"office:{name}": CHANGED_BY_KEEPER for name in CHANGES_IN_THE_OFFICE},
    "hook_instagram": (P,) * 10,  # nobody here can sign as Meta does
    "hook_whatsapp": (P,) * 10,
    "web:logout": WITH_CODE,  # the last: it takes the clients' keys
}
TABLE: dict[str, tuple[Any, ...]] = {
    "healthz": (503,) * 10,
    "hook_instagram": (P,) * 10,
    "hook_whatsapp": (P,) * 10,
    "public:home": EVERYONE,
    "public:file": EVERYONE,
    "public:receipt": WITH_CODE,
    "public:slip": HIDDEN,
    "public:slip_picture": HIDDEN,
    "public:track": EVERYONE,
    "public:complaint": WITH_CODE,
    "public:track_file": HIDDEN,
    "public:ladder": EVERYONE,
    "public:agency": EVERYONE,
    "public:agency_letter": WITH_CODE,
    "public:agency_file": HIDDEN,
    "public:surveys": (302, 302, 200, *(302,) * 7),  # one is open: straight to it
    "public:survey": (200, 200, X, *(200,) * 7),
    "public:survey_thanks": EVERYONE,
    "public:check": EVERYONE,
    "public:checked": EVERYONE,
    "public:reports": EVERYONE,
    "public:report": OURS,
    "public:report_paper": OURS,
    "public:statistics": EVERYONE,
    "public:statistics_csv": EVERYONE,
    "public:data": EVERYONE,
    "public:data_csv": EVERYONE,
    "public:data_json": EVERYONE,
    "public:data_dictionary": EVERYONE,
    "web:login": (200, *(302,) * 9),
    "web:password": (L, *(200,) * 9),
    "desk:list": OFFICIALS,
    "desk:new": ENTRY,
    "desk:slips": ENTRY,
    "desk:ratings": ENTRY,
    "desk:entered": (L, P, *(302,) * 8),
    "desk:inbox": ENTRY,
    "desk:chats": ENTRY,
    "desk:chat": LETTER,
    "desk:notices": OFFICIALS,
    "desk:board": BOARD,
    "desk:me": OFFICIALS,
    "desk:letters": ENTRY,
    "desk:letter": LETTER,
    "desk:letter_paper": LETTER,
    "desk:original": LETTER,
    "desk:originals": LETTER,
    "desk:meetings": OFFICIALS,
    "desk:convene": MEETS,
    "desk:meeting": SEEN,
    "desk:meeting_step": MEETS,
    "desk:meeting_invitation": SEEN,
    "desk:meeting_invitation_docx": SEEN,
    "desk:meeting_attendance": SEEN,
    "desk:meeting_attendance_docx": SEEN,
    "desk:meeting_minutes": SEEN,
    "desk:meeting_minutes_docx": SEEN,
    "desk:meeting_calendar": SEEN,
    "desk:file": SEEN,
    "desk:complaint": SEEN,
    "desk:step": SEEN,
    "desk:receipt": SLIP,
    "desk:receipt_pdf": SLIP,
    "desk:assignment_sheet": SEEN,
    "desk:cover_letter": SEEN,
    "desk:cover_letter_docx": SEEN,
    "desk:sheet": SEEN,
    "desk:sheet_docx": SEEN,
    "desk:notice_sheet": (L, P, X, X, P, P, X, X, P, X),  # the table's complaint has a name
    "desk:lapor_pack": SLIP,
    "book:index": OFFICIALS,
    "book:pdf": OFFICIALS,
    "book:xlsx": OFFICIALS,
    "book:csv": OFFICIALS,
    "book:statistics": OFFICIALS,
    "book:statistics_csv": OFFICIALS,
    "book:statistics_xlsx": OFFICIALS,
    "book:reports": READS,
    "book:report": READS,
    "book:report_draft": READS,
    "book:outgoing": READS,
    "book:outgoing_csv": READS,
    "book:cancel_number": (L, P, X, P, P, P, P, X, 200, 200),  # a letter about the complaint that names the head
    "book:publication": (L, P, X, P, P, P, P, P, 200, 200),
    "book:report_file": READS,
    "book:sent_file": (L, P, X, P, P, P, P, X, 200, 200),  # as ``sent_report``
    "book:sent_report": (L, P, X, P, P, P, P, X, 200, 200),  # it counts a complaint that has come to name the head
    "book:long_book": (*(L, P), *(X,) * 7, 200),  # the officer's own
    "book:long_book_file": (*(L, P), *(X,) * 7, 200),
    "book:closing": READS,
    "book:closed_paper": (L, P, X, P, P, P, P, X, 200, 200),  # it shows a complaint that has come to name the head
    "book:evidence": READS,
    "book:evidence_zip": READS,
    "book:publicity": READS,
    "book:publicity_photo": READS_HERE,
    "book:surveys": READS,
    "book:survey": READS_HERE,
    "book:survey_form": READS_HERE,
    "book:survey_report": READS_HERE,
    "book:survey_enter": (L, P, X, P, P, P, P, P, 200, 200),
    "office:elements": OFFICE,
    "office:elements_one": OFFICE,
    "office:index": OFFICE,
    "office:begin": WITH_CODE,
    "office:village": OFFICE,
    "office:clocks": OFFICE,
    "office:people": OFFICE,
    "office:person_new": KEEPER,
    "office:person": OFFICE,
    "office:hamlets": OFFICE,
    "office:hamlet": OFFICE,
    "office:units": OFFICE,
    "office:units_one": OFFICE,
    "office:categories": OFFICE,
    "office:categories_one": OFFICE,
    "office:agencies": OFFICE,
    "office:agencies_one": OFFICE,
    "office:holidays": OFFICE,
    "office:mail": OFFICE,
    "office:instagram": OFFICE,
    "office:whatsapp": OFFICE,
    "office:letters": OFFICE,
    "office:letter": OFFICE,
    "office:texts": OFFICE,
    "office:text": OFFICE,
    "office:poster": OFFICE,
    "office:poster_pdf": OFFICIALS,
    "office:arms": OFFICE,
    "office:arms_picture": (L, P, P, X, P, P, P, X, X, P),  # the table's village has none
    "office:papers": OFFICE,
    "office:paper": OFFICE,
    "office:paper_preview": OFFICE,
    "office:jobs": KEEPER,
    "office:style": KEEPER,
}

SURVEY = ("public:survey", *(f"book:survey{end}" for end in ("", "_change", "_plan", "_close", "_enter", "_form", "_report")))


def addresses(patterns: Any, space: str = "", before: str = "") -> Iterator[tuple[str, str]]:
    """Every name with its route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, pattern.namespace or space, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield f"{space}:{pattern.name}" if space else str(pattern.name), before + str(pattern.pattern)


def test_every_address_stands_in_the_table() -> None:
    known = {name for name, _route in addresses(get_resolver().url_patterns)}
    assert known == TABLE.keys() | POSTED.keys()


@pytest.fixture
def arguments(cast: Cast) -> Callable[[str], dict[str, Any]]:
    """The arguments of each address: the table's complaint, and a row of everything else."""
    complaint = make.complaint(cast, State.IN_PROGRESS, named=(cast.harun.pk,))
    actions.attach(complaint, files=[actions.NewFile("foto.jpg", Clean(b"\xff\xd8\xff\xe0", "image/jpeg", "jpg"))], by=cast.sari)
    actions.refer(complaint, agency=cast.agency, text="Mohon.", by=cast.sari)
    actions.draft_response(complaint, text="Sudah diteruskan.", outcome="REFERRED", by=cast.joko)
    for approver in (cast.lastri, cast.nining):
        actions.approve_response(complaint, by=approver)
    notify.dispatch_pending()
    message = IncomingMessage.objects.create(
        village=cast.village,
        channel="web",
        external_id="x",
        state="QUARANTINED",
        reason="SPAM",
        text="promo",
        received_at=timezone.now(),
    )
    meeting = meet.called(cast, complaint)
    survey = surveying.survey(cast)
    went_out, came = letter_of(complaint), letter_to(complaint)
    own = {
        "desk:letter": went_out,
        "desk:letter_again": went_out,
        "desk:letter_paper": went_out,
        "desk:original": came,
        "desk:file": Attachment.objects.get().pk,
        "desk:judge": message.pk,
        **dict.fromkeys(("desk:chat", "desk:chat_reply", "desk:chat_join", "desk:chat_done"), chat_of(cast)),
        **{name: meeting.pk for name in TABLE if name.startswith("desk:meeting")},
        "office:person": cast.joko.pk,
        "office:appoint": cast.joko.pk,
        "office:new_password": cast.joko.pk,
        "office:account": cast.joko.pk,
        "office:leave": cast.joko.pk,
        "office:end_leave": leave_of(cast),
        "desk:end_my_leave": leave_of(cast),
        "office:end_post": Membership.objects.filter(user=cast.joko).get().pk,
        "office:hamlet": Hamlet.objects.get().pk,
        "office:units_one": Unit.objects.filter(village=cast.village)[0].pk,
        "office:categories_one": Category.objects.filter(village=cast.village)[0].pk,
        "office:agencies_one": Agency.objects.get().pk,
        "office:holiday_remove": Holiday.objects.get().pk,
        "office:job_retry": dead_job(),
        "office:text": StandardText.objects.create(village=cast.village, step="ask", name="Alamat", body="Mohon alamat.").pk,
        "public:track_file": Attachment.objects.get().pk,
        "book:cancel_number": LetterNumber.objects.get(complaint=complaint).pk,
        "book:closed_paper": closed_book_of(cast, complaint),
        **dict.fromkeys(("book:long_book", "book:long_book_file", "book:long_book_again"), long_book_of(cast)),
        "office:elements_one": SurveyElement.objects.filter(village=cast.village)[0].pk,
        **dict.fromkeys(SURVEY, survey.pk),
        **dict.fromkeys(("book:publicity_remove", "book:publicity_photo"), publicity_of(cast)),
        **dict.fromkeys(OF_A_REPORT, report_of(cast, complaint)),
    }
    values = {
        "number": complaint.number,
        "verb": "note",
        "deed": "ubah",
        "slug": "tambah",
        "size": "a6",
        "year": 2026,
        "key": "2025",
        "kind": "received",
        "paper": "assignment",
        "code": checks.seal_receipt(complaint, {}).code,
    }

    def of(name: str) -> dict[str, Any]:
        if name == "book:sent_report":
            return {"pk": own[name], "size": "A4"}
        if name in {"book:sent_file", "book:report_file"}:
            return {"kind": "xlsx"} | ({"pk": own[name]} if name in own else {"key": "2025"})
        if name == "book:closed_paper":
            return {"year": own[name], "size": "A4"}
        if name.startswith("public:report"):
            return {} if name == "public:reports" else {"key": "2024"}
        route = dict(addresses(get_resolver().url_patterns))[name]
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", route)
        fitting = values | {"kind": "surat-jawaban"} if name.startswith("desk:sheet") else values
        return {key: own[name] if key == "pk" and name in own else fitting.get(key, 1) for key in wanted}

    return of


def outcome(client: Client, address: str, *, post: bool) -> Any:
    """What a visitor gets; what a POST changes is undone."""
    with transaction.atomic():
        response = client.post(address) if post else client.get(address)
        b"".join(response)  # streamed ones are read to their end
        transaction.set_rollback(post)
    if response.status_code == 302 and response.headers["Location"].startswith("/masuk/?"):
        return L
    return Y if post and response.status_code in {200, 303, 400, 409, 422} else response.status_code


def test_each_visitor_gets_what_the_table_says(
    cast: Cast, client_of: Callable[[Any], Client], arguments: Callable[[str], dict[str, Any]]
) -> None:
    clients = {who: client_of(cast.everyone[who]) for who in WHO}
    wrong = {}
    for (name, row), post in [(row, False) for row in TABLE.items()] + [(row, True) for row in POSTED.items()]:
        for who, expected in zip(WHO, row, strict=True):
            values = {"pk": notice(cast.everyone[who] or cast.sari)} if name == "desk:open_notice" else arguments(name)
            got = outcome(clients[who], reverse(name, kwargs=values), post=post)
            if got != expected and not (expected == Y and got == 302):
                wrong[f"{'POST ' if post else ''}{name} for {who}"] = f"{got}, the table says {expected}"
    assert not wrong, "\n".join(f"{where}: {what}" for where, what in wrong.items())
