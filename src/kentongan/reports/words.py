"""The Indonesian words of official papers. Papers stay Indonesian whatever language the screen speaks."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kentongan.village.models import Village

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
STATES = {
    "RECEIVED": "Diterima",
    "AWAITING_COMPLAINANT": "Menunggu kelengkapan",
    "VERIFIED": "Terverifikasi",
    "ASSIGNED": "Didistribusikan",
    "IN_PROGRESS": "Ditindaklanjuti",
    "REFERRED": "Dirujuk",
    "RESPONDED": "Dijawab",
    "CLOSED": "Selesai",
    "DECLINED": "Tidak dapat diproses",
    "WITHDRAWN": "Dicabut",
    "MERGED": "Digabung",
}
KINDS = {"COMPLAINT": "Pengaduan", "ASPIRATION": "Aspirasi", "INFORMATION": "Permintaan informasi"}
URGENCIES = {"EMERGENCY": "Darurat", "HIGH": "Tinggi", "NORMAL": "Biasa", "LOW": "Rendah"}
OUTCOMES = {
    "RESOLVED": "Teratasi",
    "EXPLAINED": "Diberi penjelasan",
    "PLANNED": "Direncanakan (APB Desa)",
    "REFERRED": "Diteruskan ke instansi",
    "NOT_ACTIONABLE": "Tidak dapat ditindaklanjuti",
}
REASONS = {
    "OUT_OF_SCOPE": "Bukan kewenangan desa",
    "NO_OBJECT": "Objek tidak jelas",
    "INCOMPLETE": "Tidak dilengkapi",
    "NOT_PUBLIC_SERVICE": "Bukan pelayanan publik",
    "NO_EVIDENCE": "Tanpa fakta pendukung",
    "ALREADY_ANSWERED": "Sudah pernah dijawab",
}
WAYS = {  # how it came in, or how the answer went out
    "walk_in": "Tatap muka",
    "phone": "Telepon",
    "letter": "Surat",
    "box": "Kotak saran",
    "web": "Formulir web",
    "email": "Email",
    "instagram": "Instagram",
    "whatsapp": "WhatsApp",
    "sms": "SMS",
    "courier": "Kurir",
    "board": "Papan pengumuman",
    "paper": "Lembar kertas",
}
ANONYMOUS = "Anonim"
HIDDEN = "Dirahasiakan"


def way(key: str) -> str:
    """A door or way out in words; the key itself when a book of the past knows another."""
    return WAYS.get(key, key)


def local(moment: datetime, village: Village) -> datetime:
    """``moment`` on the village's own clock, whatever zone the caller runs in."""
    return moment.astimezone(ZoneInfo(village.zone))


def long_date(day: date) -> str:
    """``25 November 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def weekday_date(day: date) -> str:
    """``Rabu, 25 November 2026``."""
    return f"{DAYS[day.weekday()]}, {long_date(day)}"


def short_date(day: date) -> str:
    """``25-11-2026``, as books write it."""
    return f"{day:%d-%m-%Y}"


def clock_time(moment: datetime, village: Village) -> str:
    """``08.30 WIB`` on the village's clock."""
    return f"{local(moment, village):%H.%M} {village.zone_label}"


def period(start: date, end: date) -> str:
    """A period as a heading says it: ``November 2026``, ``Tahun 2026`` or ``3 Maret 2026 s.d. 17 April 2026`` (``end`` included)."""
    if start == end:
        return long_date(start)
    whole = start.day == 1 and date.fromordinal(end.toordinal() + 1).day == 1
    if whole and (start.year, start.month) == (end.year, end.month):
        return f"{MONTHS[start.month - 1]} {start.year}"
    if whole and start.year == end.year and (start.month, end.month) == (1, 12):
        return f"Tahun {start.year}"
    if whole and start.year == end.year and start.month % 3 == 1 and end.month == start.month + 2:
        return f"Triwulan {('I', 'II', 'III', 'IV')[start.month // 3]} Tahun {start.year}"
    return f"{long_date(start)} s.d. {long_date(end)}"
