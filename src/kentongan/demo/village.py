"""The demo's place: Kuripan Kidul, whose code is real and whose hamlets, numbers and people are invented."""

from datetime import date

from kentongan.village import seed
from kentongan.village.models import Village

CODE = "33.01.02.2014"
HAMLETS = """
Karangsari: 001/001-005, 002/001-004
Karanganyar: 003/001-004, 004/001-003
Kedungsari: 005/001-004, 006/001-006
Sidamulya: 007/001-003, 008/001-003
"""


def build(today: date) -> Village:
    """The village with its places, units, categories, agencies and days off."""
    village = Village.objects.create(
        code=CODE,
        name="Kuripan Kidul",
        district_name="Kesugihan",
        regency_name="Cilacap",
        province_name="Jawa Tengah",
        address="Jalan Balai Desa Nomor 1",
        postal_code="53274",
        phone="+6281200000014",
        whatsapp="+6281200000014",
        email="desa@kuripankidul.example",
        website="kuripankidul.example",
        instagram="kuripankidul.contoh",
    )
    seed.set_up(village, years=seed.years_around(today))
    seed.add_hamlets(village, seed.read_hamlets(HAMLETS))
    return village
