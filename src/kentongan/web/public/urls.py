from django.urls import path

from kentongan.web.public import agency, check, data, file, home, ladder, receipt, reports, statistics, survey, track

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("adukan/", file.file, name="file"),
    path("adukan/selesai/", receipt.receipt, name="receipt"),
    path("adukan/tanda-terima/<slug:size>.pdf", receipt.slip, name="slip"),
    path("adukan/tanda-terima.png", receipt.picture, name="slip_picture"),
    path("lacak/", track.track, name="track"),
    path("lacak/pengaduan/", track.complaint, name="complaint"),
    path("lacak/pengaduan/<slug:slug>/", track.deed, name="deed"),
    path("lacak/berkas/<int:pk>/", track.file, name="track_file"),
    path("lacak/keluar/", track.leave, name="leave"),
    path("lacak/naik/", ladder.page, name="ladder"),
    path("jawab/", agency.door, name="agency"),
    path("jawab/surat/", agency.letter, name="agency_letter"),
    path("jawab/surat/berkas/<int:pk>/", agency.file, name="agency_file"),
    path("survei/", survey.surveys_page, name="surveys"),
    path("survei/terima-kasih/", survey.thanks, name="survey_thanks"),
    path("survei/<int:pk>/", survey.survey, name="survey"),
    path("cek/", check.check, name="check"),
    path("cek/<str:code>", check.checked, name="checked"),
    path("statistik/", statistics.statistics, name="statistics"),
    path("laporan/", reports.index, name="reports"),
    path("laporan/<slug:key>/", reports.report, name="report"),
    path("laporan/<slug:key>.pdf", reports.report_paper, name="report_paper"),
    path("statistik/<int:year>.csv", statistics.table, name="statistics_csv"),
    path("data/", data.page, name="data"),
    path("data/pengaduan-<int:year>.csv", data.year_csv, name="data_csv"),
    path("data/pengaduan-<int:year>.json", data.year_json, name="data_json"),
    path("data/kamus.json", data.dictionary, name="data_dictionary"),
]
