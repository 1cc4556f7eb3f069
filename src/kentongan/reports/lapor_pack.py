"""The pack for SP4N-LAPOR!: what its form asks for, ready to copy, and the files. Who complains is never in it."""

import io
import zipfile

from kentongan.complaints import referrals
from kentongan.complaints.models import Complaint
from kentongan.lib.text import one_line
from kentongan.reports import words
from kentongan.reports.book_rows import place_line
from kentongan.village.models import Village

TITLE = 150  # letters the title of a report may have
CLASSES = {"COMPLAINT": "Pengaduan", "ASPIRATION": "Aspirasi", "INFORMATION": "Permintaan Informasi"}
# Our categories → those of LAPOR!: the lower one where it differs from its upper one.
_PUBLIC_WORKS, _ROADS = "Pekerjaan Umum dan Penataan Ruang", "Infrastruktur"
CATEGORIES = {
    "Jalan dan bangunan desa": _ROADS,
    "Jalan kabupaten atau provinsi": _PUBLIC_WORKS,
    "Usulan pembangunan": "Pembangunan Desa",
    "Pelayanan administrasi": "Administrasi Kependudukan dan Pencatatan Sipil",
    "Jam pelayanan": "Pembangunan Desa",
    "Sarana pelayanan": "Pembangunan Desa",
    "Pungutan liar": "Pembangunan Desa",
    "Bantuan sosial": "Bantuan Sosial",
    "Keuangan dan pembangunan": "Pembangunan Desa",
    "Lingkungan": "Lingkungan Hidup dan Kehutanan",
    "Bau dan kandang": "Peternakan",
    "Air dan listrik": _ROADS,
    "Air bersih desa (PAMSIMAS)": "Layanan Air Minum",
    "Air PDAM": "Layanan Air Minum",
    "Internet desa": "Teknologi Informasi dan Komunikasi",
    "Ketertiban dan keamanan": "Ketenteraman, Ketertiban Umum, dan Perlindungan",
    "Pertanahan": "Perumahan dan Pertanahan",
    "Perangkat desa": "Kepegawaian",
    "Kesehatan": "Kesehatan",
    "Pendidikan dan sosial": "Sosial dan Kesejahteraan",
    "Pertanian": "Ketahanan Pangan dan Pertanian",
    "Bencana": "Penanggulangan Bencana",
    "Musyawarah dan partisipasi": "Pembangunan Desa",
}
NEAREST = "(pilih yang paling dekat)"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same complaint gives the same bytes


def zipped(complaint: Complaint, village: Village) -> bytes:
    """``isi.txt`` and ``lampiran-1.jpg`` …, as a ZIP file. The caller has checked who asks."""
    out = io.BytesIO()
    files = list(complaint.attachments.filter(internal=False))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(zipfile.ZipInfo("isi.txt", _EPOCH), _text(complaint, village, len(files)).encode())
        for n, row in enumerate(files, start=1):
            with row.file.open("rb") as content:
                pack.writestr(zipfile.ZipInfo(referrals.neutral_name(row, n), _EPOCH), content.read())
    return out.getvalue()


def _text(complaint: Complaint, village: Village, files: int) -> str:
    received = words.local(complaint.received_at, village).date()
    hamlet = complaint.hamlet.name if complaint.hamlet else ""
    place = place_line(referrals.withheld(complaint.place, complaint), complaint.rt, complaint.rw, hamlet)
    where = ", ".join(
        part for part in (place, f"Desa {village.name}", f"Kecamatan {village.district_name}", village.regency_name) if part
    )
    fields = [
        ("KLASIFIKASI LAPORAN", CLASSES.get(complaint.kind, "Pengaduan")),
        ("JUDUL LAPORAN", one_line(referrals.withheld(complaint.subject, complaint), TITLE)),
        ("ISI LAPORAN", referrals.withheld(complaint.text, complaint)),
        (
            "TANGGAL KEJADIAN",
            referrals.withheld(complaint.happened, complaint) or f"(tidak disebut; diterima desa {words.short_date(received)})",
        ),
        ("LOKASI KEJADIAN", where),
        ("KATEGORI", category_of(complaint)),
        ("LAMPIRAN", f"{files} berkas, lihat lampiran-1 dan seterusnya" if files else "tidak ada"),
        ("PILIHAN", "Anonim" + (" dan Rahasia" if complaint.confidential or complaint.identity_hidden else "")),
        ("NOMOR REGISTER DESA", complaint.printed_number(village)),
    ]
    notes = (
        "Salin ke lapor.go.id. Sesudah terkirim, pilih langkah “Rujuk ke instansi lain” di Kentongan, instansi\n"
        "SP4N-LAPOR!, dan catat nomor tiketnya: pengadu membacanya di halaman lacak.\n"
        "Identitas pengadu tidak ada di berkas ini. Periksa lampiran sebelum diunggah."
    )
    return "\n\n".join([notes, *(f"{label}\n{value}" for label, value in fields)]) + "\n"


def category_of(complaint: Complaint) -> str:
    """The category as LAPOR! calls it, and as the village's book does."""
    ours = complaint.category
    if ours is None:
        return NEAREST
    above = ours.parent.name if ours.parent else ""
    return f"{CATEGORIES.get(ours.name) or CATEGORIES.get(above) or NEAREST}\n(di buku desa: {ours.full_name})"
