from django.urls import path

from kentongan.web.desk import board, complaint, entered, entry, inbox, letters, list, me, notices, sheets, slips, upward
from kentongan.web.desk.meetings import views as meetings
from kentongan.web.desk.steps import views as steps

app_name = "desk"
urlpatterns = [
    path("", list.desk, name="list"),
    path("baru/", entry.new, name="new"),
    path("pengadu/", entry.complainants, name="complainants"),
    path("kotak/", slips.slips, name="slips"),
    path("tercatat/", entered.entered, name="entered"),
    path("pesan/", inbox.inbox, name="inbox"),
    path("pesan/<int:pk>/", inbox.judge, name="judge"),
    path("pesan/<int:pk>/asli.eml", letters.original, name="original"),
    path("surat/", letters.letters, name="letters"),
    path("surat/<int:pk>/", letters.letter, name="letter"),
    path("surat/<int:pk>/ulang/", letters.again, name="letter_again"),
    path("surat/<int:pk>/cetak.pdf", letters.on_paper, name="letter_paper"),
    path("pemberitahuan/", notices.notices, name="notices"),
    path("pemberitahuan/semua/", notices.read_all, name="read_all"),
    path("pemberitahuan/<int:pk>/", notices.open_notice, name="open_notice"),
    path("akun/", me.me, name="me"),
    path("akun/cuti/", me.enter_leave, name="my_leave"),
    path("akun/cuti/<int:pk>/akhiri/", me.end_leave, name="end_my_leave"),
    path("papan/", board.board, name="board"),
    path("papan/pindah/", board.move, name="move"),
    path("rapat/", meetings.all_meetings, name="meetings"),
    path("rapat/baru/<slug:number>/", meetings.convene, name="convene"),
    path("rapat/<int:pk>/", meetings.meeting, name="meeting"),
    path("rapat/<int:pk>/langkah/<slug:deed>/", meetings.step, name="meeting_step"),
    path("rapat/<int:pk>/undangan.pdf", meetings.invitation, name="meeting_invitation"),
    path("rapat/<int:pk>/daftar-hadir.pdf", meetings.attendance, name="meeting_attendance"),
    path("rapat/<int:pk>/berita-acara.pdf", meetings.minutes, name="meeting_minutes"),
    path("rapat/<int:pk>/rapat.ics", meetings.calendar, name="meeting_calendar"),
    path("berkas/<int:pk>/", complaint.file, name="file"),
    path("<slug:number>/", complaint.complaint, name="complaint"),
    path("<slug:number>/surat/", letters.originals, name="originals"),
    path("<slug:number>/langkah/<slug:verb>/", steps.step, name="step"),
    path("<slug:number>/tanda-terima/", complaint.receipt, name="receipt"),
    path("<slug:number>/tanda-terima.pdf", complaint.receipt_pdf, name="receipt_pdf"),
    path("<slug:number>/lembar-disposisi.pdf", complaint.assignment_sheet, name="assignment_sheet"),
    path("<slug:number>/surat-rujukan.pdf", upward.cover_letter, name="cover_letter"),
    path("<slug:number>/kertas/<slug:kind>.pdf", sheets.sheet, name="sheet"),
    path("<slug:number>/papan-pengumuman/", sheets.notice, name="notice_sheet"),
    path("<slug:number>/paket-lapor.zip", upward.lapor_pack, name="lapor_pack"),
]
