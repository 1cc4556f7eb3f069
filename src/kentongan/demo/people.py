"""The demo's officials, all invented, and their one password."""

import os
import secrets
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from kentongan.settings import env
from kentongan.village import seed
from kentongan.village.models import Hamlet, Unit, User, Village
from kentongan.village.roles import Role

TEAM = (Role.RESPONDER, Role.LIAISON)
# user name, name, post, roles, unit
OFFICIALS: tuple[tuple[str, str, str, tuple[Role, ...], str], ...] = (
    ("petugas", "Sari Wulandari", "Petugas Pengelola Pengaduan", (Role.OFFICER,), seed.SERVICE),
    ("sekdes", "Lastri Handayani", "Sekretaris Desa", (Role.SECRETARY, Role.LIAISON), seed.SECRETARIAT),
    ("kasi.pemerintahan", "Joko Prasetyo", "Kasi Pemerintahan", TEAM, seed.GOVERNMENT),
    ("kasi.kesejahteraan", "Wati Rahayu", "Kasi Kesejahteraan", TEAM, seed.WELFARE),
    ("kasi.pelayanan", "Dwi Nugroho", "Kasi Pelayanan", TEAM, seed.SERVICE),
    ("kaur.umum", "Agus Riyanto", "Kaur Tata Usaha dan Umum", TEAM, seed.GENERAL),
    ("kadus.1", "Tarno Wibowo", "Kepala Dusun Karangsari", TEAM, seed.HAMLETS),
    ("staf.kasi", "Nur Hidayah", "Staf Kasi Kesejahteraan", TEAM, seed.WELFARE),
    ("kades", "Harun Setiawan", "Kepala Desa", (Role.HEAD,), ""),
    ("bpd", "Marsudi Utomo", "Ketua BPD", (Role.COUNCIL,), ""),
    ("admin", "Eko Saputra", "Pengelola Sistem", (Role.ADMIN,), ""),
)
_WORDS = "bambu cangkul dapur gubug irigasi jembatan kelapa lumbung mangga nyiur pandan rumput sawah talas warung tampah kendi jarit tikar lesung".split()


def build(village: Village, today: date, password: str) -> dict[str, User]:
    """The officials with their posts, by user name."""
    units = {unit.name: unit for unit in Unit.objects.filter(village=village)}
    hamlets = {hamlet.name: hamlet for hamlet in Hamlet.objects.filter(village=village)}
    since = today - timedelta(days=3 * 365)
    hashed = make_password(password)
    people = {}
    for number, (username, name, post, roles, unit) in enumerate(OFFICIALS, start=1):
        person = User.objects.create(username=username, name=name, phone=f"+62812000000{number:02d}", password=hashed)
        hamlet = hamlets["Karangsari"] if username == "kadus.1" else None
        seed.appoint(village, person, post=seed.Post(post, roles, units.get(unit), hamlet), since=since)
        people[username] = person
    return people


def _password_file() -> Path:
    return Path(settings.DATA) / "demo-password.txt"


def make_demo_password() -> str:
    """The demo's password: ``KENTONGAN_DEMO_PASSWORD``, else three words and a number. Kept in the data directory for its owner only."""
    password = env("DEMO_PASSWORD") or "-".join([*(secrets.choice(_WORDS) for _ in range(3)), str(secrets.randbelow(90) + 10)])
    path = _password_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(password + "\n")
    return password


def demo_password() -> str | None:
    """The password the demo was made with, or ``None`` when there is no demo here."""
    path = _password_file()
    return path.read_text(encoding="utf-8").strip() if path.exists() else None
