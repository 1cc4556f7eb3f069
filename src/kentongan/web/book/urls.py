from django.urls import path

from kentongan.web.book import closing, figures, long_books, outgoing, reports, surveys, views

app_name = "book"
urlpatterns = [
    path("", views.index, name="index"),
    path("buku.pdf", views.pdf, name="pdf"),
    path("pdf/", long_books.order, name="order_long_book"),
    path("pdf/<int:pk>/", long_books.progress, name="long_book"),
    path("pdf/<int:pk>/ulang", long_books.again, name="long_book_again"),
    path("pdf/<int:pk>/berkas", long_books.fetch, name="long_book_file"),
    path("buku.xlsx", views.xlsx, name="xlsx"),
    path("buku.csv", views.csv, name="csv"),
    path("statistik/", figures.page, name="statistics"),
    path("statistik/statistik.csv", figures.as_csv, name="statistics_csv"),
    path("surat-keluar/", outgoing.register, name="outgoing"),
    path("surat-keluar/surat-keluar.csv", outgoing.as_csv, name="outgoing_csv"),
    path("surat-keluar/<int:pk>/batalkan/", outgoing.cancel, name="cancel_number"),
    path("penutupan/", closing.index, name="closing"),
    path("penutupan/<int:year>/tutup", closing.close, name="close_year"),
    path("penutupan/<int:year>/<str:size>.pdf", closing.closed_paper, name="closed_paper"),
    path("laporan/", reports.index, name="reports"),
    path("laporan/terkirim/<int:pk>/<str:size>.pdf", reports.sent_paper, name="sent_report"),
    path("survei/", surveys.index, name="surveys"),
    path("survei/<int:pk>/", surveys.one, name="survey"),
    path("survei/<int:pk>/ubah", surveys.change, name="survey_change"),
    path("survei/<int:pk>/rencana", surveys.plan, name="survey_plan"),
    path("survei/<int:pk>/tutup", surveys.close, name="survey_close"),
    path("survei/<int:pk>/isi/", surveys.enter, name="survey_enter"),
    path("survei/<int:pk>/formulir.pdf", surveys.form_paper, name="survey_form"),
    path("survei/<int:pk>/laporan.pdf", surveys.report_paper, name="survey_report"),
    path("laporan/<str:key>/", reports.preview, name="report"),
    path("laporan/<str:key>/konsep.pdf", reports.draft, name="report_draft"),
    path("laporan/<str:key>/konsep.<slug:kind>", reports.draft, name="report_file"),
    path("laporan/terkirim/<int:pk>/laporan.<slug:kind>", reports.sent_file, name="sent_file"),
    path("laporan/<str:key>/kirim", reports.send, name="report_send"),
]
