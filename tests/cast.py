"""The people of the tests. All invented; the village's code is that of the tests alone."""

from dataclasses import dataclass
from datetime import date

from kentongan.village.models import Agency, Category, Hamlet, Holiday, Kind, Membership, Neighbourhood, Unit, User, Village
from kentongan.village.roles import Role

PASSWORD = "kentongan-berbunyi-7"


@dataclass(frozen=True)
class Cast:
    """One village with everyone who matters, and a neighbour village for what must not cross the border."""

    village: Village
    hamlet: Hamlet
    unit: Unit
    sari: User  # complaint officer
    lastri: User  # village secretary
    harun: User  # village head
    joko: User  # answers: Kasi Kesejahteraan
    wati: User  # liaison and follow-up: Kasi Pelayanan
    nining: User  # village council (BPD)
    tono: User  # administrator
    ucup: User  # may log in, holds no post
    neighbour: Village
    rini: User  # complaint officer of the neighbour village
    road: Category
    aid: Category
    levy: Category  # needs an inspection
    question: Category
    agency: Agency

    @property
    def everyone(self) -> dict[str, User | None]:
        """Every kind of visitor by the name the access table uses; ``public`` is nobody."""
        return {
            "public": None,
            "officer": self.sari,
            "secretary": self.lastri,
            "head": self.harun,
            "responder": self.joko,
            "liaison": self.wati,
            "council": self.nining,
            "admin": self.tono,
            "no_post": self.ucup,
            "neighbour": self.rini,
        }


def person(village: Village | None, username: str, name: str, *posts: tuple[Role, str], unit: Unit | None = None) -> User:
    """An account, and its posts in ``village``."""
    user = User(username=username, name=name)
    user.set_password(PASSWORD)
    user.save()
    for role, post in posts:
        Membership.objects.create(village=village, user=user, role=role, post=post, unit=unit, since=date(2020, 1, 1))
    return user


def build() -> Cast:
    """Write the cast into the database."""
    village = Village.objects.create(
        code="33.01.02.2099",
        name="Sukamaju",
        district_name="Kesugihan",
        regency_name="Cilacap",
        province_name="Jawa Tengah",
        address="Jalan Balai Desa 1",
        phone="+622825550100",
        email="desa@sukamaju.example",
    )
    neighbour = Village.objects.create(
        code="33.01.02.2098",
        name="Sidamulya",
        district_name="Kesugihan",
        regency_name="Cilacap",
        province_name="Jawa Tengah",
        host="sidamulya.example",
    )
    hamlet = Hamlet.objects.create(village=village, name="Karanganyar", order=1)
    Neighbourhood.objects.create(village=village, hamlet=hamlet, rw="001", rt="003")
    Holiday.objects.create(village=village, day=date(2026, 12, 25), name="Natal", kind=Holiday.Kind.PUBLIC)
    welfare = Unit.objects.create(village=village, name="Seksi Kesejahteraan", order=1)
    service = Unit.objects.create(village=village, name="Seksi Pelayanan", order=2)
    works = Category.objects.create(village=village, name="Pembangunan")
    social = Category.objects.create(village=village, name="Sosial")
    return Cast(
        village=village,
        hamlet=hamlet,
        unit=welfare,
        sari=person(village, "sari", "Sari Wulandari", (Role.OFFICER, "Petugas Pengelola Pengaduan")),
        lastri=person(village, "lastri", "Lastri Handayani", (Role.SECRETARY, "Sekretaris Desa")),
        harun=person(village, "harun", "Harun Pranoto", (Role.HEAD, "Kepala Desa")),
        joko=person(village, "joko", "Joko Santosa", (Role.RESPONDER, "Kasi Kesejahteraan"), unit=welfare),
        wati=person(
            village, "wati", "Wati Suryani", (Role.LIAISON, "Kasi Pelayanan"), (Role.RESPONDER, "Kasi Pelayanan"), unit=service
        ),
        nining=person(village, "nining", "Nining Astuti", (Role.COUNCIL, "Ketua BPD")),
        tono=person(village, "tono", "Tono Widodo", (Role.ADMIN, "Operator")),
        ucup=person(None, "ucup", "Ucup Saputra"),
        neighbour=neighbour,
        rini=person(neighbour, "rini", "Rini Kusuma", (Role.OFFICER, "Petugas Pengelola Pengaduan")),
        road=Category.objects.create(village=village, parent=works, name="Jalan dan jembatan", unit=welfare),
        aid=Category.objects.create(village=village, parent=social, name="Bantuan sosial", unit=welfare),
        levy=Category.objects.create(village=village, parent=social, name="Pungutan", inspection=True),
        question=Category.objects.create(
            village=village, parent=social, name="Layanan surat", unit=service, kind=Kind.INFORMATION
        ),
        agency=Agency.objects.create(village=village, name="Dinas PUPR Kabupaten Cilacap", handles="Jalan kabupaten", above=True),
    )
