"""The demo's surveys and publicity: last year's survey closed with its report, this year's open; all answers invented."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile

from kentongan.complaints import surveys
from kentongan.complaints.models import Publicity, Survey, SurveyAnswer
from kentongan.demo.pictures import photo
from kentongan.lib.tokens import new_token
from kentongan.reports import survey as papers
from kentongan.village.models import User, Village

LAST_YEAR, THIS_YEAR = 34, 41  # people who answered
LIKELY = {
    "U2": (2, 2, 3, 3, 4),
    "U3": (2, 2, 3, 3, 4),
    "U4": (4, 4, 4, 3, 4),
    "U8": (2, 2, 3, 3, 3),
}  # what people think of each element
USUAL = (2, 3, 3, 3, 4, 4)
SAID = {
    3: "Kursi tunggu ditambah, supaya ibu hamil dan lansia tidak berdiri.",
    11: "Mohon loket tetap buka saat istirahat siang.",
    19: "Terima kasih, jalan depan mushola sudah rata.",
    27: "Jadwal pelayanan ditempel juga di balai dusun.",
    36: "Papan petunjuk arah ke loket dibuat lebih besar.",
}
PLAN = {
    "U8": {
        "what": "Menambah dua bangku dan kipas angin di ruang tunggu",
        "when": "Triwulan I",
        "who": "Kaur Tata Usaha dan Umum",
    },
    "U2": {"what": "Menempel bagan alur pelayanan di loket dan balai dusun", "when": "Januari", "who": "Kasi Pelayanan"},
    "U3": {
        "what": "Mengingatkan tim penjawab tiga hari sebelum batas waktu",
        "when": "Segera",
        "who": "Petugas Pengelola Pengaduan",
    },
}
# days ago, place, what, how many, with a photo
TOLD = (
    (270, "Balai desa", "Musyawarah desa: prosedur pengaduan dan kanalnya dijelaskan, poster dibagikan kepada ketua RT", 86, True),
    (180, "Posyandu Karangsari", "Penjelasan kepada ibu-ibu posyandu tentang nomor WhatsApp pengaduan", 34, True),
    (95, "Papan pengumuman 8 RW", "Poster pengaduan ditempel", None, False),
    (30, "Instagram desa", "Unggahan cara mengadu lewat web dan cara melacak pengaduan", None, False),
    (8, "Pengajian RT 003/RW 003", "Warga diajak mengisi survei kepuasan, formulir kertas dibagikan", 52, False),
)  # fmt: skip


def fill(place: Village, people: dict[str, User], now: datetime) -> None:
    """Write down both surveys with their answers, and what was done to make the desk known."""
    chance = random.Random(14)  # noqa: S311 — the same demo every time
    today = place.local(now).date()
    officer = people["petugas"]
    before = _survey(place, officer, today.year - 1, date(today.year - 1, 11, 2), date(today.year - 1, 11, 27), 58)
    _answer(before, LAST_YEAR, chance)
    before.follow_up = PLAN
    before.save(update_fields=["follow_up"])
    closed = datetime.combine(before.closes_on + timedelta(days=3), time(10), tzinfo=ZoneInfo(place.zone))
    papers.close(before, place, by=officer, now=closed)
    current = _survey(place, officer, today.year, today - timedelta(days=12), today + timedelta(days=18), 71)
    _answer(current, THIS_YEAR, chance)
    for number, (ago, where, what, how_many, pictured) in enumerate(TOLD):
        act = Publicity(village=place, on=today - timedelta(days=ago), place=where, what=what, people=how_many)
        act.by_label = officer.standing.label
        if pictured:
            act.photo.save(f"{new_token()}.jpg", ContentFile(photo("rumah", number).clean.content), save=False)
        act.save()


def _survey(place: Village, officer: User, year: int, opens: date, closes: date, population: int) -> Survey:
    return surveys.begin(Survey(village=place, year=year, opens_on=opens, closes_on=closes, population=population), by=officer)


def _answer(row: Survey, how_many: int, chance: random.Random) -> None:
    """Invented people, as different as people are; two of three write on paper."""
    days = max(1, (row.closes_on - row.opens_on).days // 3)
    for number in range(how_many):
        scores = {key: chance.choice(LIKELY.get(key, USUAL)) for key in row.keys if chance.random() > 0.04}
        given = surveys.Given(
            scores or {"U1": 3},
            f"demo-{row.year}-{number}",
            SurveyAnswer.Via.WEB if number % 3 == 0 else SurveyAnswer.Via.PAPER,
            age=chance.choice(SurveyAnswer.Age.values[1:]),
            sex=chance.choice(SurveyAnswer.Sex.values),
            education=chance.choice(SurveyAnswer.Education.values),
            occupation=chance.choice(["", *SurveyAnswer.Occupation.values]),
            suggestion=SAID.get(number, "") if how_many == THIS_YEAR else "",
        )
        surveys.answer(row, given, row.opens_on + timedelta(days=number % days))
