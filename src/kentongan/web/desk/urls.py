from django.urls import path

from kentongan.web.desk import complaint, entered, entry, inbox, list, notices, slips
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
    path("pemberitahuan/", notices.notices, name="notices"),
    path("pemberitahuan/semua/", notices.read_all, name="read_all"),
    path("pemberitahuan/<int:pk>/", notices.open_notice, name="open_notice"),
    path("berkas/<int:pk>/", complaint.file, name="file"),
    path("<slug:number>/", complaint.complaint, name="complaint"),
    path("<slug:number>/langkah/<slug:verb>/", steps.step, name="step"),
    path("<slug:number>/tanda-terima/", complaint.receipt, name="receipt"),
    path("<slug:number>/tanda-terima.pdf", complaint.receipt_pdf, name="receipt_pdf"),
    path("<slug:number>/lembar-disposisi.pdf", complaint.assignment_sheet, name="assignment_sheet"),
]
