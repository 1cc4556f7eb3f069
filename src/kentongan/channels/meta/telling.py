"""What becomes of a complaint is told in the conversation it came from: in few words, by itself, and kept behind the complaint's wall."""

from kentongan.channels.email import outbox, words
from kentongan.channels.meta import sending
from kentongan.channels.meta.models import NAMES
from kentongan.channels.models import Conversation
from kentongan.complaints.models import Event

TOLD = {
    "received": "Terima kasih. Pengaduan Anda tercatat dengan nomor {nomor}. Petugas memeriksanya paling lambat {batas}. "
    "Tidak dipungut biaya.\n\nKode pelacakan: {kode}\n{tautan}",
    "asked": "Untuk melanjutkan pengaduan {nomor} kami perlu:\n\n{isi}\n\nCukup balas di sini, paling lambat {batas}.",
    "messaged": "Mengenai pengaduan {nomor}:\n\n{isi}",
    "deadline_extended": "Penanganan pengaduan {nomor} perlu waktu lebih lama:\n\n{isi}\n\nJawaban paling lambat {batas}. Mohon maaf.",
    "responded": "Jawaban kami atas pengaduan {nomor}:\n\n{isi}\n\n"
    "Belum sesuai? Balas di sini paling lambat {batas} dan tuliskan apa yang belum beres.",
    "declined": "Pengaduan {nomor} tidak dapat kami proses:\n\n{isi}\n\n{instansi}",
}


def tell(event: Event) -> None:
    """Write what the complainant is told of an event, where he complained by chat. In the transaction that claims the event."""
    if event.kind not in TOLD or event.complaint.channel not in NAMES:
        return
    own = Conversation.objects.filter(messages__complaint=event.complaint_id, messages__ours=False)
    conversation = own.filter(village=event.village_id).order_by("pk").first()
    if conversation is None or conversation.window_at is None:
        return
    text = words.filled(TOLD[event.kind], outbox.values_of(event))
    by = "" if event.kind == "received" else event.by_label  # the number goes out by itself, all else somebody wrote
    sending.write(conversation, text, token=f"event-{event.pk}", by=by, complaint=event.complaint_id)
