"""Files, and the names people and programs give them."""

from tests.channels.email.corpus.build import (
    DITCH,
    LAMP,
    PDF,
    PICTURE,
    TEXT,
    WATER,
    Nasty,
    b64,
    letter,
    parted,
    photo,
    piece,
    quarantine,
    text,
)


def _named(mark: str, disposition: str | bytes, kind: str | bytes = "image/png") -> bytes:
    return parted(
        mark, piece(TEXT), piece(b64(PICTURE), kind, content_transfer_encoding="base64", content_disposition=disposition)
    )


def _with(mark: str, body: str | bytes, kind: str, **more: str) -> bytes:
    return parted(mark, piece(LAMP), piece(body, kind, **more))


_CALENDAR = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Rapat RT\r\nEND:VEVENT\r\nEND:VCALENDAR"
MESSAGES: dict[str, Nasty] = {
    "file_photo": text(parted("photo", piece(TEXT), photo()), "text and a photo"),
    "file_photo_inline": text(_named("inline", 'inline; filename="jalan.png"'), "a photo shown in the text"),
    "file_without_a_name": text(_named("noname", "attachment"), "a photo without a name"),
    "file_name_2231": text(_named("n2231", "attachment; filename*=UTF-8''jalan%20rusak%20%F0%9F%98%A1.png"), "RFC 2231"),
    "file_name_2231_split": text(
        _named("split", "attachment;\r\n filename*0*=UTF-8''jalan%20;\r\n filename*1*=rusak%20;\r\n filename*2=sekali.png"),
        "in three pieces",
    ),
    "file_name_2231_shuffled": text(
        _named("shuffled", 'attachment; filename*1="b.png"; filename*0="a"'), "pieces in the wrong order"
    ),
    "file_name_2231_malformed": text(_named("mal", "attachment; filename*=utf-8'jalan%ZZ.png"), "one apostrophe too few"),
    "file_name_2231_bad_charset": text(_named("badset", "attachment; filename*=x-aneh''jalan%E9.png"), "a charset nobody knows"),
    "file_name_2231_null_charset": text(_named("nullset2", "attachment; filename*=u\0tf''jalan.png"), "a NUL in the charset"),
    "file_name_2231_huge_index": text(
        _named("hugeindex", "attachment; filename*99999999999=a.png; filename*0=b.png"), "a piece far away"
    ),
    "file_name_2047": text(
        _named("n2047", 'attachment; filename="=?UTF-8?B?amFsYW4gcnVzYWsg8J+YoS5wbmc=?="'), "RFC 2047 in quotes"
    ),
    "file_name_8bit": text(_named("n8", 'attachment; filename="jalan rusak é.png"'.encode("cp1252")), "bytes without a charset"),
    "file_name_only_in_type": text(_named("intype", "attachment", 'image/png; name="dari tipe.png"'), "named in Content-Type"),
    "file_name_unclosed": text(_named("unclosedname", 'attachment; filename="jalan.png'), "a quote never closed"),
    "file_name_climbs": text(_named("climb", 'attachment; filename="../../../etc/passwd"'), "climbs out of its folder"),
    "file_name_of_windows": text(
        _named("win", 'attachment; filename="C:\\\\Users\\\\karto\\\\jalan.png"'), "a whole Windows path"
    ),
    "file_name_only_dots": text(_named("dots", 'attachment; filename=".."'), "a folder, not a name"),
    "file_name_with_controls": text(_named("ctrl", b'attachment; filename="ja\x00lan\x1b[2J\t\x07.png"'), "control characters"),
    "file_name_turned_around": text(
        _named("turned", 'attachment; filename="foto\u202egnp.exe"'), "an ending that looks like another"
    ),
    "file_name_endless": text(_named("endless", f'attachment; filename="{"panjang-" * 100}.png"'), "800 letters"),
    "file_text_attached": text(
        _with(
            "txt", WATER, "text/plain; charset=utf-8; name=catatan.txt", content_disposition="attachment; filename=catatan.txt"
        ),
        ".txt",
    ),
    "file_text_inline_named": text(
        _with("txt2", WATER, "text/plain; name=catatan.txt", content_disposition="inline"), "named, so a file"
    ),
    "file_page_attached": text(
        _with("htm", "<script>alert(1)</script>", "text/html", content_disposition="attachment; filename=a.html"), ".html"
    ),
    "file_calendar": text(_with("ics", _CALENDAR, "text/calendar; method=REQUEST"), "an invitation"),
    "file_contact": text(_with("vcf", "BEGIN:VCARD\r\nFN:Karto\r\nEND:VCARD", "text/vcard; name=karto.vcf"), "a contact"),
    "file_pdf_in_broken_base64": text(
        _with("pdf", b64(PDF)[:-3] + b"\r\n%%%", "application/pdf; name=surat.pdf", content_transfer_encoding="base64"), "cut"
    ),
    "file_winmail": text(_with("tnef", b64(b"\x78\x9f\x3e\x22"), "application/ms-tnef; name=winmail.dat"), "Outlook's own box"),
    "file_zip_of_a_virus": text(_with("zip", b64(b"PK\x03\x04"), "application/zip; name=tagihan.pdf.exe.zip"), "a programme"),
    "file_empty": text(_with("nofile", "", "application/pdf; name=kosong.pdf"), "a file of no bytes"),
    "file_thirty_photos": text(parted("thirty", piece(DITCH), *(photo(f"{n}.png") for n in range(30))), "more than one may keep"),
    "file_same_name_twice": text(parted("twins", piece(DITCH), photo("a.png"), photo("a.png")), "two photos of one name"),
    "file_photo_alone": quarantine(
        parted("alone", photo(), changed={"Subject": "Foto"}), "a photo without a word: somebody must look at it"
    ),
    "file_is_the_whole_letter": quarantine(
        letter("bodyfile", b64(PICTURE), {"Subject": "Foto"}, "image/png; name=jalan.png", "base64"), "the letter is a photo"
    ),
    "file_winmail_alone": quarantine(
        letter("onlytnef", b64(b"\x78\x9f\x3e\x22"), {"Subject": None}, "application/ms-tnef", "base64"),
        "nothing outside the box",
    ),
    "file_external_body": quarantine(
        letter("ftp", "Content-Type: image/png\r\n\r\n", {"Subject": None}, "message/external-body; access-type=anon-ftp"),
        "never fetched",
    ),
}
