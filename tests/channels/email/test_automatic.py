"""Which letters no person wrote, who must get no answer from a machine, and whom the receiving server trusts."""

import pytest

from kentongan.channels.email.automatic import is_machine
from kentongan.channels.email.letter import Letter, Trust, read
from tests.channels.email import corpus
from tests.channels.email.corpus.build import letter

ALL = corpus.all_messages()


def marked(**fields: str) -> Letter:
    return read(letter("m", changed={name.replace("_", "-"): value for name, value in fields.items()}))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("auto_replied", "auto-submitted"),
        ("auto_generated_with_comment", "auto-submitted"),
        ("auto_precedence_bulk", "bulk"),
        ("auto_precedence_auto_reply", "auto-submitted"),
        ("auto_list", "list"),
        ("auto_mailing", "bulk"),
        ("auto_x_loop", "auto-submitted"),
        ("auto_subject_outlook", "out-of-office"),
        ("auto_subject_cuti", "out-of-office"),
        ("auto_read_receipt", "auto-submitted"),
        ("auto_spam_report", "auto-submitted"),
        ("bounce_by_rule", "bounce"),
    ],
)
def test_a_machines_letter_is_known_for_what_it_is(name: str, kind: str) -> None:
    seen = read(ALL[name].raw)
    assert seen.automatic == kind
    assert seen.quiet


@pytest.mark.parametrize("value", ["no", "No", "no (a person)", "", "  "])
def test_a_person_may_say_so(value: str) -> None:
    assert marked(Auto_Submitted=value).automatic == ""
    assert not marked(Auto_Submitted=value).quiet


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Pengaduan", "Auto-Reply: x", "Autoreply", "AUTO REPLY: x", "Automated response: x", "Balasan otomatis: x",
        "Balasan Otomatis", "Jawaban otomatis: x", "Out of Office", "Out of the office: x",
    ],
)  # fmt: skip
def test_subjects_that_programmes_write_are_theirs(subject: str) -> None:
    assert marked(Subject=subject).automatic == "out-of-office"


@pytest.mark.parametrize("subject", ["Auto: x", "Di luar kantor", "Sedang cuti", "Sedang cuti: x", "Tidak di kantor"])
def test_subjects_that_either_may_write_are_read_by_a_person_and_answered_by_no_machine(subject: str) -> None:
    assert marked(Subject=subject).automatic == ""
    assert marked(Subject=subject).quiet


@pytest.mark.parametrize(
    "subject",
    [
        "Sedang cuti terus pegawainya", "Petugas di luar kantor terus", "Di luar kantor desa ada lubang", "Otomatis lampu mati", "Autopsi",
        "Mobil auto parkir di jalan", "Re: Di luar kantor", "Di luar kantor. Tidak pernah ada orang", "Auto (mobil) di jalan",
    ],
)  # fmt: skip
def test_subjects_that_people_write_are_theirs(subject: str) -> None:
    assert marked(Subject=subject).automatic == ""
    assert marked(Subject=f"Re: {subject}", In_Reply_To="<a@b>").automatic == ""


@pytest.mark.parametrize(
    "local",
    [
        "no-reply", "noreply", "NoReply".lower(), "no_reply", "donotreply", "do-not-reply", "mailer-daemon", "postmaster", "bounces+x=y", "root",
        "jangan-balas", "toko-noreply", "list-request", "owner-warga", "notifications", "noreply2",
    ],
)  # fmt: skip
def test_names_of_machines_get_no_answer(local: str) -> None:
    assert is_machine(f"{local}@example.com")
    assert marked(From=f"{local}@example.com").quiet
    assert marked(From=f"{local}@example.com").automatic == ""


@pytest.mark.parametrize(
    "local", ["karto", "rooter", "norepan", "postman", "bouncer", "owner", "robert.root", "info", "daemonia"]
)
def test_names_of_people_get_one(local: str) -> None:
    assert not is_machine(f"{local}@example.com")
    assert not marked(From=f"{local}@example.com").quiet


def test_who_wants_no_answer_or_cannot_get_one_gets_none() -> None:
    assert marked(Return_Path="< >").quiet
    assert not marked(Return_Path="<karto@example.com>").quiet
    for value in ("All", "OOF", "DR, AutoReply", "dr,oof"):
        assert marked(X_Auto_Response_Suppress=value).quiet
    assert not marked(X_Auto_Response_Suppress="DR, NDR, RN").quiet
    assert marked(From="Karto").quiet


# --- whom the receiving server trusts -----------------------------------------------------------------------------------

OURS = "mx.example 1; spf=pass (ok; dmarc=fail) smtp.mailfrom=example.com; dkim=fail; dkim=pass header.d=example.com; dmarc=none"
FORGED = "mx.example; spf=fail; dkim=pass; dmarc=pass"


def judged(*fields: tuple[str, str], receiver: str = "") -> Trust:
    raw = "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\nhalo"
    return read(raw.encode(), receiver=receiver).trust


def test_the_server_that_received_it_is_believed() -> None:
    above = (("Authentication-Results", OURS), ("Received", "by mx.example"), ("Authentication-Results", FORGED))
    assert judged(*above) == judged(*above, receiver="MX.example") == Trust("pass", "pass", "none")


def test_a_receiver_that_writes_below_its_received_is_found_by_name() -> None:
    fields = (
        ("Received", "inside"),
        ("Authentication-Results", OURS),
        ("Received", "outside"),
        ("Authentication-Results", FORGED),
    )
    assert judged(*fields, receiver="mx.example") == Trust("pass", "pass", "none")
    assert judged(*fields) == Trust()


def test_nobody_else_is_believed() -> None:
    assert judged(("Received", "by mx.example"), ("Authentication-Results", FORGED)) == Trust()
    assert judged(("Authentication-Results", FORGED)) == Trust()  # no server has seen it
    assert judged(("Authentication-Results", "other.example; dmarc=pass"), ("Received", "x"), receiver="mx.example") == Trust()


def test_results_hidden_in_names_and_remarks_count_for_nothing() -> None:
    tricky = 'mx.example; spf=fail smtp.mailfrom="a;dmarc=pass"@example.com (((((x; dkim=pass))))); dmarc=fail'
    assert judged(("Authentication-Results", tricky), ("Received", "x")) == Trust("fail", "", "fail")
    assert judged(("Authentication-Results", "mx.example; none"), ("Received", "x")) == Trust()
