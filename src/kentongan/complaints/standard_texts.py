"""The standard texts a village starts with: its own to change, or to remove."""

from kentongan.complaints.models import StandardText
from kentongan.village.models import Category, Village

# step, category (by name) or "" for all, title, body; words in braces are filled in
FIRST: tuple[tuple[str, str, str, str], ...] = (
    (
        "ask",
        "",
        "Minta lokasi dan waktu",
        "Terima kasih atas pengaduan nomor {nomor}. Agar dapat kami periksa, mohon tuliskan di mana tepatnya (RT/RW, patokan) dan "
        "sejak kapan. Kami menunggu sampai {batas}.",
    ),
    (
        "message",
        "",
        "Sudah kami terima, sedang dikerjakan",
        "{nama}, pengaduan nomor {nomor} tentang {perihal} sedang kami kerjakan. Kami menjawab paling lambat {batas}.",
    ),
    (
        "decline",
        "",
        "Bukan wewenang desa",
        "Terima kasih. Hal ini bukan wewenang Pemerintah Desa {desa}. Silakan menghubungi kantor yang tertulis di bawah; kami bersedia "
        "membantu mengantarkan surat Anda.",
    ),
    (
        "draft_response",
        "Jalan desa",
        "Jalan desa sudah diperbaiki",
        "{nama}, jalan yang Anda adukan (nomor {nomor}) sudah kami tinjau dan diperbaiki. Bila rusak lagi, mohon kabari kami.",
    ),
    (
        "draft_response",
        "",
        "Direncanakan",
        "{nama}, hal yang Anda sampaikan (nomor {nomor}) perlu anggaran dan kami usulkan dalam musyawarah desa. Waktunya tertulis di "
        "bawah; bila bulan itu tiba, kami akan mengabari Anda.",
    ),
    (
        "refer",
        "",
        "Mohon penanganan",
        "Mohon kiranya hal ini dapat diperiksa dan ditangani, dan hasilnya disampaikan kepada kami agar dapat kami teruskan kepada warga.",
    ),
)


def add_first(village: Village) -> None:
    """Write them down for a village that begins."""
    categories = {row.name: row for row in Category.objects.filter(village=village, parent__isnull=False)}
    for step, category, name, body in FIRST:
        defaults = {"category": categories.get(category), "body": body}
        StandardText.objects.get_or_create(village=village, step=step, name=name, defaults=defaults)
