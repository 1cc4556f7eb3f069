"""What a village starts with: units, categories in two levels, agencies around it, days off. All of it may be changed later.

The units follow Permendagri 84/2015 (a village may have fewer); the days off come from the ``holidays`` package, joint leave
included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from kentongan.village.models import Agency, Category, Hamlet, Holiday, Kind, Membership, Neighbourhood, Unit, User, Village
from kentongan.village.roles import Role

SECRETARIAT, GENERAL, FINANCE, PLANNING = "Sekretariat Desa", "Kaur Tata Usaha dan Umum", "Kaur Keuangan", "Kaur Perencanaan"
GOVERNMENT, WELFARE, SERVICE, HAMLETS = "Kasi Pemerintahan", "Kasi Kesejahteraan", "Kasi Pelayanan", "Kepala Dusun"
UNITS = (SECRETARIAT, GENERAL, FINANCE, PLANNING, GOVERNMENT, WELFARE, SERVICE, HAMLETS)

COMPLAINT, WISH, QUESTION = Kind.COMPLAINT, Kind.ASPIRATION, Kind.INFORMATION
# upper category → (name, unit that usually answers, usual kind, needs an inspection)
CATEGORIES: dict[str, tuple[tuple[str, str, Kind, bool], ...]] = {
    "Jalan dan bangunan desa": (
        ("Jalan desa", WELFARE, COMPLAINT, False),
        ("Jembatan", WELFARE, COMPLAINT, False),
        ("Drainase dan gorong-gorong", WELFARE, COMPLAINT, False),
        ("Penerangan jalan", WELFARE, COMPLAINT, False),
        ("Tiang dan kabel", GOVERNMENT, COMPLAINT, False),
        ("Jalan kabupaten atau provinsi", WELFARE, COMPLAINT, False),
        ("Fasilitas umum", GOVERNMENT, COMPLAINT, False),
        ("Usulan pembangunan", PLANNING, WISH, False),
    ),
    "Pelayanan administrasi": (
        ("Surat pengantar dan keterangan", SERVICE, COMPLAINT, False),
        ("KK, KTP, dan akta", GOVERNMENT, COMPLAINT, False),
        ("Syarat dan cara mengurus", SERVICE, QUESTION, False),
        ("Jam pelayanan", SECRETARIAT, COMPLAINT, False),
        ("Sarana pelayanan", GENERAL, COMPLAINT, False),
        ("Pungutan liar", SECRETARIAT, COMPLAINT, True),
    ),
    "Bantuan sosial": (
        ("BLT Dana Desa", WELFARE, COMPLAINT, False),
        ("PKH dan bantuan pusat", WELFARE, COMPLAINT, False),
        ("Bantuan pangan", WELFARE, COMPLAINT, False),
        ("Pendaftaran dan jadwal bantuan", WELFARE, QUESTION, False),
        ("Penyalahgunaan bantuan", WELFARE, COMPLAINT, True),
    ),
    "Keuangan dan pembangunan": (
        ("Informasi APBDes", FINANCE, QUESTION, False),
        ("Permintaan dokumen publik", SECRETARIAT, QUESTION, False),
        ("Mutu dan biaya kegiatan", PLANNING, COMPLAINT, True),
        ("Padat karya tunai", FINANCE, COMPLAINT, False),
        ("Aset dan tanah kas desa", SECRETARIAT, COMPLAINT, True),
    ),
    "Lingkungan": (
        ("Sampah", WELFARE, COMPLAINT, False),
        ("Bau dan kandang", GOVERNMENT, COMPLAINT, False),
        ("Limbah dan pencemaran", GOVERNMENT, COMPLAINT, False),
        ("Usulan lingkungan", WELFARE, WISH, False),
    ),
    "Air dan listrik": (
        ("Air bersih desa (PAMSIMAS)", WELFARE, COMPLAINT, False),
        ("Air PDAM", WELFARE, COMPLAINT, False),
        ("Listrik PLN", HAMLETS, COMPLAINT, False),
        ("Internet desa", GENERAL, WISH, False),
    ),
    "Ketertiban dan keamanan": (
        ("Kebisingan", GOVERNMENT, COMPLAINT, False),
        ("Keamanan dan ronda", GOVERNMENT, COMPLAINT, False),
        ("Ketertiban umum", GOVERNMENT, COMPLAINT, False),
    ),
    "Pertanahan": (
        ("Batas tanah", GOVERNMENT, COMPLAINT, False),
        ("Sertifikat dan PTSL", GOVERNMENT, COMPLAINT, False),
    ),
    "Perangkat desa": (
        ("Kinerja perangkat", SECRETARIAT, COMPLAINT, False),
        ("Perilaku petugas", SECRETARIAT, COMPLAINT, False),
        ("Penyalahgunaan wewenang", SECRETARIAT, COMPLAINT, True),
    ),
    "Kesehatan": (
        ("Posyandu dan Poskesdes", WELFARE, COMPLAINT, False),
        ("Wabah dan hewan berbahaya", WELFARE, COMPLAINT, False),
        ("Ambulans desa", WELFARE, COMPLAINT, False),
    ),
    "Pendidikan dan sosial": (
        ("PAUD dan TK desa", WELFARE, COMPLAINT, False),
        ("Sekolah negeri", WELFARE, COMPLAINT, False),
        ("Bantuan pendidikan", WELFARE, WISH, False),
        ("Warga rentan dan rumah tidak layak", WELFARE, COMPLAINT, False),
        ("Gangguan jiwa", GOVERNMENT, COMPLAINT, False),
        ("Keagamaan dan kemasyarakatan", SERVICE, COMPLAINT, False),
    ),
    "Pertanian": (
        ("Irigasi", WELFARE, COMPLAINT, False),
        ("Bantuan dan pupuk", WELFARE, COMPLAINT, False),
    ),
    "Bencana": (("Longsor dan banjir", GOVERNMENT, COMPLAINT, False),),
    "Musyawarah dan partisipasi": (("Usulan warga", PLANNING, WISH, False),),
    "Lain-lain": (("Lain-lain", SECRETARIAT, COMPLAINT, False),),
}  # fmt: skip
# category → (working days to answer, by how many it may be extended, once)
OWN_CLOCKS = {"Permintaan dokumen publik": (10, 7)}  # public information: Law 14/2008

# name, what it decides, stands above the village
AGENCIES: tuple[tuple[str, str, bool], ...] = (
    ("Kantor Kecamatan", "Pembinaan dan pengawasan desa; urusan antardesa", True),
    ("Inspektorat Kabupaten", "Pemeriksaan keuangan dan perangkat desa", True),
    ("Dinas Pemberdayaan Masyarakat dan Desa", "Pemerintahan desa, BUMDes, dana desa", True),
    ("Dinas Pekerjaan Umum dan Penataan Ruang", "Jalan kabupaten, irigasi, tata ruang", True),
    ("Dinas Kependudukan dan Pencatatan Sipil", "KTP-el, KK, akta", True),
    ("Dinas Sosial", "PKH, bantuan pangan, warga terlantar, DTSEN", True),
    ("Dinas Lingkungan Hidup", "Limbah, sampah, pencemaran", True),
    ("Dinas Pendidikan", "Sekolah negeri, KIP", True),
    ("Dinas Pertanian", "Pupuk bersubsidi, kelompok tani", True),
    ("Puskesmas", "Kesehatan, fogging, gigitan hewan", False),
    ("BPBD", "Bencana dan keadaan darurat", True),
    ("BPN / Kantor Pertanahan", "Sertifikat, PTSL, pengukuran", False),
    ("PDAM", "Air pipa dan tagihannya", False),
    ("PLN", "Jaringan dan gangguan listrik (123)", False),
    ("Kepolisian (Polsek, Bhabinkamtibmas)", "Tindak pidana, keamanan, SIM", False),
    ("SP4N-LAPOR!", "Instansi pusat dan daerah lain, lewat lapor.go.id", False),
    ("Ombudsman RI", "Dugaan maladministrasi", False),
)


@transaction.atomic
def set_up(village: Village, *, years: Iterable[int]) -> None:
    """Give a village its units, categories, agencies and the days off of ``years``. What is there already stays as it is."""
    add_units(village)
    add_categories(village)
    for name, handles, above in AGENCIES:
        Agency.objects.get_or_create(village=village, name=name, defaults={"handles": handles, "above": above})
    for year in years:
        add_holidays(village, year)


def years_around(day: date) -> range:
    """The years a calendar needs around ``day``: the one before, for clocks that still run, to the one after."""
    return range(day.year - 1, day.year + 2)


def add_units(village: Village) -> None:
    for order, name in enumerate(UNITS, start=1):
        Unit.objects.get_or_create(village=village, name=name, defaults={"order": order})


def add_categories(village: Village) -> None:
    units = {unit.name: unit for unit in Unit.objects.filter(village=village)}
    for order, (upper, lower) in enumerate(CATEGORIES.items(), start=1):
        parent, _ = Category.objects.get_or_create(village=village, parent=None, name=upper, defaults={"order": order})
        for place, (name, unit, kind, inspection) in enumerate(lower, start=1):
            days, extension = OWN_CLOCKS.get(name, (None, None))
            defaults = {
                "unit": units.get(unit), "kind": kind, "inspection": inspection, "order": place,
                "clock_days": days, "extension_days": extension,
            }  # fmt: skip
            Category.objects.get_or_create(village=village, parent=parent, name=name, defaults=defaults)


def add_holidays(village: Village, year: int) -> int:
    """Enter the public holidays and joint leave of ``year`` as the ``holidays`` package knows them; returns how many are new."""
    import holidays  # late: slow to load, and needed once a year

    known = set(Holiday.objects.filter(village=village, day__year=year).values_list("day", flat=True))
    rows = []
    for category, kind in (("public", Holiday.Kind.PUBLIC), ("government", Holiday.Kind.JOINT_LEAVE)):
        days = holidays.country_holidays("ID", years=year, categories=(category,), language="id")
        for day, name in sorted(days.items()):
            if day.year == year and day not in known:
                known.add(day)
                rows.append(Holiday(village=village, day=day, name=name[:120], kind=kind))
    Holiday.objects.bulk_create(rows)
    return len(rows)


@dataclass(frozen=True)
class HamletPlan:
    """One hamlet as typed: its name and its (RW, RT) pairs, three digits each."""

    name: str
    places: tuple[tuple[str, str], ...] = ()


class BadHamlets(ValueError):
    """``line``: the line (as typed) that could not be read."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


_RANGE = re.compile(r"(?:RW\s*)?(\d{1,3})\s*/\s*(?:RT\s*)?(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?", re.IGNORECASE)


def read_hamlets(typed: str) -> list[HamletPlan]:
    """Hamlets one a line: ``Karanganyar``, or with RW/RT ``Karanganyar: 01/001-004, 02/001-003``. Raises ``BadHamlets``."""
    plans: dict[str, HamletPlan] = {}
    for line in filter(None, map(str.strip, typed.splitlines())):
        name, _, rest = line.partition(":")
        name = re.sub(r"^dusun\s+", "", " ".join(name.split()), flags=re.IGNORECASE)
        if not name or len(name) > 60 or name.casefold() in plans:
            raise BadHamlets(line)
        plans[name.casefold()] = HamletPlan(name, tuple(_places(rest, line)))
    return list(plans.values())


def _places(typed: str, line: str) -> list[tuple[str, str]]:
    places: dict[tuple[str, str], None] = {}
    for part in filter(None, map(str.strip, typed.split(","))):
        match = _RANGE.fullmatch(part)
        if match is None:
            raise BadHamlets(line)
        first, last = int(match[2]), int(match[3] or match[2])
        if not first <= last <= first + 100:
            raise BadHamlets(line)
        places.update(dict.fromkeys((f"{int(match[1]):03d}", f"{rt:03d}") for rt in range(first, last + 1)))
    return list(places)


@transaction.atomic
def add_hamlets(village: Village, plans: Iterable[HamletPlan]) -> None:
    """Enter hamlets with their RT and RW; what is there already stays."""
    last = Hamlet.objects.filter(village=village).count()
    for order, plan in enumerate(plans, start=last + 1):
        hamlet, _ = Hamlet.objects.get_or_create(village=village, name=plan.name, defaults={"order": order})
        for rw, rt in plan.places:
            Neighbourhood.objects.get_or_create(village=village, hamlet=hamlet, rw=rw, rt=rt)


@dataclass(frozen=True)
class Post:
    """A post somebody takes up: its roles (the first is the chief one), and where."""

    name: str
    roles: tuple[Role, ...]
    unit: Unit | None = None
    hamlet: Hamlet | None = None
    acting: bool = False


@transaction.atomic
def add_official(
    village: Village,
    *,
    username: str,
    name: str,
    password: str,
    post: Post,
    since: date,
    phone: str = "",
    must_change: bool = False,
) -> User:
    """A new account with a post from ``since``. Raises ``IntegrityError`` when the user name is taken."""
    user = User(username=username, name=name, phone=phone, must_change_password=must_change)
    user.set_password(password)
    user.save(force_insert=True)
    appoint(village, user, post=post, since=since)
    return user


def appoint(village: Village, user: User, *, post: Post, since: date, until: date | None = None) -> list[Membership]:
    """Give a person a post with its roles for a term."""
    rows = [
        Membership(
            village=village,
            user=user,
            role=role,
            post=post.name,
            unit=post.unit,
            hamlet=post.hamlet,
            since=since,
            until=until,
            acting=post.acting,
        )
        for role in post.roles
    ]
    return Membership.objects.bulk_create(rows)
