"""3.1.1: the written procedure, as it is set up: who does what, in which steps, by when. Posts, never names."""

from __future__ import annotations

from kentongan.complaints import access
from kentongan.complaints.lifecycle import STEPS
from kentongan.reports import poster, wording
from kentongan.reports.evidence.sheet import Section, Sheet
from kentongan.village.models import Membership, Village
from kentongan.village.roles import Role

ROLES = {
    Role.OFFICER: (
        "Petugas pengelola pengaduan",
        "Menerima, mencatat, memeriksa, mendistribusikan, menyampaikan jawaban, menutup",
    ),
    Role.RESPONDER: ("Tim penjawab", "Memeriksa di lapangan, menindaklanjuti, menyusun jawaban"),
    Role.LIAISON: ("Petugas penghubung dan tindak lanjut", "Mengawasi tindak lanjut, mengingatkan, menghubungi instansi"),
    Role.SECRETARY: ("Sekretaris Desa", "Memeriksa konsep jawaban; menggantikan petugas atau Kepala Desa bila berhalangan"),
    Role.HEAD: ("Kepala Desa", "Memutuskan, menyetujui jawaban, menerima laporan berkala"),
    Role.COUNCIL: ("BPD", "Menangani pengaduan yang menyangkut Kepala Desa"),
}
APPROVALS = {Role.SECRETARY: "Sekretaris Desa", Role.HEAD: "Kepala Desa"}
# verb, what is done, the clock it is bound to ("" where none)
_STEPS = (
    (
        "receive",
        "Menerima pengaduan dari semua kanal, mencatatnya dalam buku register, memberi nomor dan tanda terima",
        "receive",
    ),
    ("verify", "Memeriksa kelengkapan, jenis, dan kategori", "verify"),
    ("ask", "Meminta kelengkapan kepada pengadu; batas waktu jawaban berhenti selama menunggu", "complete"),
    ("decline", "Menolak yang tidak dapat diproses dengan alasan tertulis dan alamat yang tepat", "verify"),
    ("assign", "Mendistribusikan kepada yang menangani", ""),
    ("follow_up", "Menindaklanjuti: peninjauan, rapat, musyawarah, tugas; semuanya dicatat", ""),
    ("refer", "Meneruskan kepada instansi yang berwenang dengan surat pengantar; identitas hanya dengan izin pengadu", ""),
    ("draft_response", "Menyusun konsep jawaban", ""),
    ("approve_response", "Menyetujui jawaban", ""),
    ("respond", "Menyampaikan jawaban kepada pengadu", "complaint"),
    ("rate", "Menanyakan kepuasan pengadu atas jawaban", ""),
    ("appeal", "Keberatan pengadu: pengaduan dibuka kembali dan mendapat batas waktu baru", "reply"),
    ("close", "Menutup pengaduan setelah masa keberatan berakhir", "reply"),
)


def sheet(village: Village) -> Sheet:
    """The procedure as it is set up today."""
    posts = _posts(village)
    return Sheet(
        title="Prosedur Pengelolaan Pengaduan Masyarakat",
        lead=[f"Pemerintah Desa {village.name}. Prosedur ini memuat pengaturan yang berlaku pada tanggal dokumen ini."],
        sections=[
            Section(
                "1. Dasar hukum",
                points=[
                    "Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik",
                    "Peraturan Presiden Nomor 76 Tahun 2013 tentang Pengelolaan Pengaduan Pelayanan Publik",
                    "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi",
                ],
            ),
            Section(
                "2. Asas",
                points=[
                    *wording.of(village, "poster").lines("rights"),
                    "Identitas yang dirahasiakan hanya dibaca petugas pengelola pengaduan.",
                    "Siapa yang disebut dalam pengaduan tidak dapat melihat dan tidak ikut menangani pengaduan itu.",
                ],
            ),
            Section("3. Siapa melakukan apa", head=["Peran", "Jabatan", "Tugas"], rows=_roles(posts), ratio=[26, 30, 44]),
            Section(
                "4. Langkah", head=["No.", "Langkah", "Pelaksana", "Batas waktu"], rows=_steps(village), ratio=[6, 46, 30, 18]
            ),
            Section(
                "5. Batas waktu", head=["Apa", "Batas waktu"], rows=[list(row) for row in poster.clocks(village)], ratio=[70, 30]
            ),
            Section("6. Keterlambatan", points=_late(village)),
            Section("7. Benturan kepentingan", points=_stand_ins()),
            Section(
                "8. Pelaporan",
                points=[
                    "Petugas menyampaikan laporan berkala (bulan, triwulan, semester, tahun) kepada Kepala Desa.",
                    "Jumlah pengaduan, ketepatan waktu, dan kepuasan diumumkan di halaman statistik tanpa data pribadi.",
                    "Sekurangnya sekali setahun dilakukan survei kepuasan masyarakat.",
                ],
            ),
        ],
        signed=True,
    )


def _posts(village: Village) -> dict[str, list[str]]:
    """The posts that hold each role today, each once."""
    posts: dict[str, list[str]] = {}
    for role, post in Membership.current().filter(village=village).order_by("id").values_list("role", "post"):
        if post not in posts.setdefault(role, []):
            posts[role].append(post)
    return posts


def _roles(posts: dict[str, list[str]]) -> list[list[str]]:
    return [[name, "; ".join(posts.get(role, [])) or "belum diisi", task] for role, (name, task) in ROLES.items()]


def _steps(village: Village) -> list[list[str]]:
    rows = []
    for number, (verb, what, clock) in enumerate(_STEPS, start=1):
        rows.append([str(number), what, _who(village, verb), _until(village, clock)])
    return rows


def _who(village: Village, verb: str) -> str:
    """Who takes the step; approval is what the village has set, the rest stands in the table of steps."""
    if verb == "approve_response":
        return ", lalu ".join(APPROVALS[Role(role)] for role in village.approvers) or "tidak diperlukan"
    step = STEPS[verb]
    names = [name for role, (name, _task) in ROLES.items() if role in step.roles]
    if verb in {"appeal", "rate"}:
        names = ["Pengadu"]
    return ", ".join(names)


def _until(village: Village, clock: str) -> str:
    at_once = {"": "", "receive": "seketika"}
    return at_once[clock] if clock in at_once else f"{village.clock(clock)} hari kerja"


def _late(village: Village) -> list[str]:
    told = (("late_liaison", "petugas penghubung"), ("late_secretary", "Sekretaris Desa"), ("late_head", "Kepala Desa"))
    return [f"Terlambat {village.clock(key)} hari kerja: {who} diberi tahu." for key, who in told]


def _stand_ins() -> list[str]:
    """Who takes over from whom, as the wall has it."""
    lines = []
    for role in (Role.OFFICER, Role.SECRETARY, Role.HEAD):
        others = ", lalu ".join(ROLES[other][0] for other in access.STAND_INS[role])
        lines.append(f"Pengaduan yang menyangkut {ROLES[role][0]} ditangani oleh {others}.")
    return lines
