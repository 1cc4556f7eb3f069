"""What mail servers report of our letters: by the rules, and as they please."""

import pytest

from kentongan.channels.email.letter import Bounce, Letter, read
from tests.channels.email import corpus
from tests.channels.email.corpus.build import letter, parted, piece

ALL = corpus.all_messages()
OURS = ("<kentongan.abc123@kuripankidul.example>",)
DAEMON = {"From": "MAILER-DAEMON@mx.example", "Return-Path": "<>"}


def of(name: str) -> Bounce:
    seen = read(ALL[name].raw)
    assert seen.bounce is not None
    return seen.bounce


@pytest.mark.parametrize("name", [name for name in ALL if name.startswith("bounce_") and ALL[name].expect == "automatic"])
def test_every_report_says_which_letter_it_is_about(name: str) -> None:
    assert of(name).message_ids == OURS


@pytest.mark.parametrize(
    ("name", "address", "failed", "delivered", "reason"),
    [
        ("bounce_by_rule", "karto@example.com", True, False, "5.1.1"),
        ("bounce_headers_only", "karto@example.com", True, False, "5.1.1"),
        ("bounce_delayed", "karto@example.com", False, False, "4.4.1"),
        ("bounce_delivered", "karto@example.com", False, True, "2.0.0"),
        ("bounce_without_action", "karto@example.com", True, False, "5.2.2"),
        ("bounce_two_recipients", "karto@example.com", True, False, "5.1.1"),
        ("bounce_sent_on", "asli@example.com", True, False, "5.1.1"),
        ("bounce_with_empty_status", "", False, False, ""),
        ("bounce_qmail", "karto@example.com", True, False, "5.1.1"),
        ("bounce_exim", "karto@example.com", True, False, ""),
        ("bounce_indonesian", "", True, False, ""),
        ("bounce_delay_warning", "", False, False, ""),
        ("bounce_postmaster", "karto@example.com", True, False, ""),
    ],
)
def test_a_report_says_what_became_of_the_letter(name: str, address: str, failed: bool, delivered: bool, reason: str) -> None:
    assert of(name) == Bounce(OURS, address, failed, delivered, reason)


def reported(fields: str) -> Bounce | None:
    status = f"Reporting-MTA: dns; mx\n\n{fields}"
    return read(
        parted(
            "r", piece("Gagal."), piece(status, "message/delivery-status"), kind="multipart/report; report-type=delivery-status"
        )
    ).bounce


def test_a_letter_that_waited_too_long_has_failed_whatever_its_number() -> None:
    assert reported("Final-Recipient: rfc822;a@example.com\nAction: failed\nStatus: 4.4.7") == Bounce(
        (), "a@example.com", True, False, "4.4.7"
    )


def test_a_status_in_words_is_looked_for_in_the_diagnosis() -> None:
    seen = reported("Final-Recipient: rfc822; a@example.com\nAction: Failed\nDiagnostic-Code: smtp; 550-5.7.1 blocked")
    assert seen == Bounce((), "a@example.com", True, False, "5.7.1")


@pytest.mark.parametrize("action", ["relayed", "expanded", "DELIVERED"])
def test_arriving_has_several_names(action: str) -> None:
    seen = reported(f"Final-Recipient: rfc822; a@example.com\nAction: {action}\nStatus: 2.1.5")
    assert seen == Bounce((), "a@example.com", False, True, "2.1.5")


@pytest.mark.parametrize(
    "subject",
    [
        "Undelivered Mail Returned to Sender", "Delivery Status Notification (Failure)", "Mail delivery failed: returning message to sender",
        "failure notice", "Undeliverable: Pengaduan", "Returned mail: see transcript", "Pesan tidak terkirim", "Pengiriman gagal", "Gagal terkirim: x",
    ],
)  # fmt: skip
def test_a_daemons_word_is_enough_and_a_persons_is_not(subject: str) -> None:
    assert read(letter("w", "Maaf.", {**DAEMON, "Subject": subject})).automatic == "bounce"
    assert read(letter("w", "Maaf.", {"Subject": subject})).automatic == ""
    assert (
        read(letter("w", "Maaf.", {"Return-Path": "<>", "From": "Karto <karto@example.com>", "Subject": subject})).automatic == ""
    )


def test_a_daemon_that_says_nothing_of_the_kind_is_only_not_answered() -> None:
    seen: Letter = read(letter("w", "Selamat pagi", {**DAEMON, "Subject": "Laporan harian"}))
    assert (seen.automatic, seen.quiet) == ("", True)


def test_a_report_somebody_shows_us_is_his_letter() -> None:
    seen = read(ALL["bounce_forwarded_by_a_person"].raw)
    assert (seen.automatic, seen.bounce) == ("", None)
    assert "Gagal." in seen.folded
