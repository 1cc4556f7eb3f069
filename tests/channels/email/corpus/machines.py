"""Letters no person wrote: answers of machines, lists, mailings, reports about letters of ours."""

from tests.channels.email.corpus.build import LAMP, TEXT, Head, Nasty, automatic, letter, many, parted, piece, quarantine, text

_OURS = "<kentongan.abc123@kuripankidul.example>"
_DAEMON: Head = {
    "From": "Mail Delivery System <MAILER-DAEMON@mx.example>",
    "Return-Path": "<>",
    "Subject": "Undelivered Mail Returned to Sender",
}
_RETURNED = f"From: desa@kuripankidul.example\r\nTo: karto@example.com\r\nMessage-ID: {_OURS}\r\nSubject: Pengaduan\r\n\r\nIsi surat kami."


def _marked(mark: str, why: str, **more: str) -> Nasty:
    changed: Head = {name.replace("_", "-"): value for name, value in more.items()}
    return automatic(letter(mark, LAMP, changed), why)


def _report(mark: str, fields: str, why: str, returned: str = "message/rfc822", changed: Head = _DAEMON) -> Nasty:
    status = f"Reporting-MTA: dns; mx.example\r\nArrival-Date: Mon, 23 Nov 2026 08:30:00 +0700\r\n\r\n{fields}\r\n"
    pieces = (piece("Surat Anda tidak sampai."), piece(status, "message/delivery-status"), piece(_RETURNED, returned))
    return automatic(parted(mark, *pieces, kind="multipart/report; report-type=delivery-status", changed=changed), why)


def _notice(mark: str, body: str, why: str, **more: str) -> Nasty:
    return automatic(letter(mark, body, {**_DAEMON, **{name.replace("_", "-"): value for name, value in more.items()}}), why)


_FAILED = "Final-Recipient: rfc822; Karto@Example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user"
_RECEIPT = "Reporting-UA: mail.example\r\nFinal-Recipient: rfc822; karto@example.com\r\nDisposition: manual-action/MDN-sent-manually; displayed"
MESSAGES: dict[str, Nasty] = {
    "auto_replied": _marked("a1", "RFC 3834", Auto_Submitted="auto-replied"),
    "auto_generated_with_comment": _marked("a2", "RFC 3834 with parameters", Auto_Submitted="Auto-Generated (vacation); x=y"),
    "auto_submitted_no": text(letter("a3", TEXT, {"Auto-Submitted": "no"}), "says that a person wrote it"),
    "auto_precedence_bulk": _marked("a4", "a mailing", Precedence="bulk"),
    "auto_precedence_junk": _marked("a5", "a mailing", Precedence="Junk"),
    "auto_precedence_auto_reply": _marked("a6", "a machine's answer", Precedence="auto_reply"),
    "auto_list": _marked("a7", "a mailing list", List_Id="<warga.example.com>", List_Post="<mailto:warga@example.com>"),
    "auto_mailing": _marked("a8", "a mailing one can leave", List_Unsubscribe="<https://contoh.example/berhenti>"),
    "auto_x_autoreply": _marked("a9", "an old machine", X_Autoreply="yes"),
    "auto_x_autorespond": _marked("a10", "an old machine", X_Autorespond="Re: Pengaduan"),
    "auto_x_loop": _marked("a11", "a machine that fears loops", X_Loop="karto@example.com"),
    "auto_subject_outlook": _marked("a12", "Outlook away", Subject="Automatic reply: Pengaduan Anda"),
    "auto_subject_indonesian": _marked("a13", "the same in Indonesian", Subject="Balasan otomatis: Pengaduan Anda"),
    "auto_subject_auto": quarantine(
        letter("a14", TEXT, {"Subject": "Auto: Pengaduan Anda"}), "perhaps a program, perhaps about a car"
    ),
    "auto_subject_autoreply": _marked("a15", "one word", Subject="Autoreply"),
    "auto_subject_office": _marked("a16", "away", Subject="Out of Office: sampai 30 November"),
    "auto_subject_luar_kantor": quarantine(
        letter("a17", TEXT, {"Subject": "Di luar kantor"}), "a program, or a complaint about officials"
    ),
    "auto_subject_cuti": _marked("a18", "away, in answer to ours", Subject="Sedang cuti sampai Senin", In_Reply_To=_OURS),
    "auto_subject_of_a_complaint": text(letter("a19", TEXT, {"Subject": "Sedang cuti terus pegawainya"}), "a person's words"),
    "auto_subject_of_an_answer": text(
        letter("a20", TEXT, {"Subject": "Re: Di luar kantor terus", "In-Reply-To": _OURS}), "an answer to a letter about that"
    ),
    "auto_suppress_all": quarantine(
        letter("a21", TEXT, {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"}), "wants no answer by machine"
    ),
    "auto_suppress_receipts": text(letter("a22", TEXT, {"X-Auto-Response-Suppress": "DR, RN, NRN"}), "only wants no receipts"),
    "auto_read_receipt": automatic(
        parted(
            "mdn",
            piece("Surat Anda sudah dibaca."),
            piece(_RECEIPT, "message/disposition-notification"),
            kind="multipart/report; report-type=disposition-notification",
            changed={"Subject": "Read: Pengaduan"},
        ),
        "a receipt that it was read",
    ),
    "auto_spam_report": automatic(
        parted(
            "arf",
            piece("Laporan spam."),
            piece("Feedback-Type: abuse", "message/feedback-report"),
            kind="multipart/report; report-type=feedback-report",
        ),
        "somebody pressed the wrong button",
    ),
    "bounce_by_rule": _report("b1", _FAILED, "RFC 3464"),
    "bounce_headers_only": _report("b2", _FAILED, "only the headers came back", returned="text/rfc822-headers"),
    "bounce_delayed": _report("b3", _FAILED.replace("failed", "delayed").replace("5.1.1", "4.4.1"), "late, not lost"),
    "bounce_delivered": _report(
        "b4", "Final-Recipient: rfc822; karto@example.com\r\nAction: delivered\r\nStatus: 2.0.0", "arrived"
    ),
    "bounce_without_action": _report("b5", "Final-Recipient: rfc822; karto@example.com\r\nStatus: 5.2.2", "only a status"),
    "bounce_two_recipients": _report(
        "b6",
        f"Final-Recipient: rfc822; sari@example.com\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n{_FAILED}",
        "one arrived, one did not",
    ),
    "bounce_sent_on": _report(
        "b7", f"Original-Recipient: rfc822; asli@example.com\r\n{_FAILED}", "another address than ours failed"
    ),
    "bounce_from_a_person": _report("b8", _FAILED, "the report alone makes it one", changed={"Subject": "Fwd"}),
    "bounce_with_empty_status": _report("b9", "", "a report that says nothing"),
    "bounce_qmail": _notice(
        "b10",
        "Hi. This is the qmail-send program at mx.example.\r\n\r\n<karto@example.com>:\r\nSorry, no mailbox here. (#5.1.1)\r\n\r\n"
        f"--- Below this line is a copy of the message.\r\n\r\n{_RETURNED}",
        "qmail, before there was a rule",
        Subject="failure notice",
    ),
    "bounce_exim": _notice(
        "b11",
        "This message was created automatically by mail delivery software.\r\n\r\n  karto@example.com\r\n    550 Unknown user\r\n\r\n"
        f"------ This is a copy of the message ------\r\n\r\n{_RETURNED}",
        "Exim",
        X_Failed_Recipients="karto@example.com",
    ),
    "bounce_indonesian": _notice(
        "b12", f"Surat ke karto@example.com gagal.\r\n{_RETURNED}", "Indonesian", Subject="Pesan tidak terkirim"
    ),
    "bounce_delay_warning": _notice(
        "b13", f"Will be retried.\r\n{_RETURNED}", "a warning", Subject="Warning: message delayed 4 hours"
    ),
    "bounce_postmaster": _notice(
        "b14",
        f"<karto@example.com>: 552 mailbox full\r\n{_RETURNED}",
        "by hand",
        From="postmaster@mx.example",
        Subject="Returned mail",
    ),
    "bounce_talked_about": text(
        letter("b15", f"Undelivered mail? {TEXT}", {"Subject": "Mail delivery failed"}), "a person may say so"
    ),
    "bounce_forwarded_by_a_person": text(
        parted(
            "b16",
            piece(TEXT),
            piece(
                b"Subject: Undelivered\r\nContent-Type: multipart/report; boundary=dlm\r\n\r\n"
                + many(piece("Gagal."), piece(_FAILED, "message/delivery-status"), boundary="dlm"),
                "message/rfc822",
            ),
        ),
        "shows us a report somebody else got",
    ),
    "robot_without_marks": quarantine(
        letter("r1", LAMP, {"From": "Notifikasi <notifikasi@layanan.example>"}), "a machine by its name"
    ),
    "robot_empty_return_path": quarantine(letter("r2", LAMP, {"Return-Path": "<>"}), "nobody wants it back"),
}
