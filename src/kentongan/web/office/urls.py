"""The office: everything a village may set, and the first minutes of an installation."""

from django.urls import path

from kentongan.web.office import begin, calendar, jobs, letters, mail, people, places, poster, settings, style, texts, things

app_name = "office"
urlpatterns = [
    path("", settings.index, name="index"),
    path("mulai/", begin.begin, name="begin"),
    path("desa/", settings.village, name="village"),
    path("waktu/", settings.clocks, name="clocks"),
    path("orang/", people.people, name="people"),
    path("orang/baru/", people.new, name="person_new"),
    path("orang/<int:pk>/", people.person, name="person"),
    path("orang/<int:pk>/jabatan/", people.appoint, name="appoint"),
    path("orang/<int:pk>/sandi/", people.new_password, name="new_password"),
    path("orang/<int:pk>/akun/", people.account, name="account"),
    path("orang/<int:pk>/cuti/", people.enter_leave, name="leave"),
    path("cuti/<int:pk>/akhiri/", people.end_leave, name="end_leave"),
    path("jabatan/<int:pk>/akhiri/", people.end, name="end_post"),
    path("dusun/", places.hamlets, name="hamlets"),
    path("dusun/<int:pk>/", places.hamlet, name="hamlet"),
    path("bagian/", things.listing, {"key": "units"}, name="units"),
    path("bagian/<int:pk>/", things.one, {"key": "units"}, name="units_one"),
    path("kategori/", things.listing, {"key": "categories"}, name="categories"),
    path("kategori/<int:pk>/", things.one, {"key": "categories"}, name="categories_one"),
    path("instansi/", things.listing, {"key": "agencies"}, name="agencies"),
    path("instansi/<int:pk>/", things.one, {"key": "agencies"}, name="agencies_one"),
    path("teks/", texts.listing, name="texts"),
    path("teks/<int:pk>/", texts.text, name="text"),
    path("libur/", calendar.holidays, name="holidays"),
    path("libur/isi/", calendar.fill, name="holidays_fill"),
    path("libur/<int:pk>/hapus/", calendar.remove, name="holiday_remove"),
    path("email/", mail.mail, name="mail"),
    path("email/surat/", letters.letters, name="letters"),
    path("email/surat/<str:kind>/", letters.letter, name="letter"),
    path("pekerjaan/", jobs.jobs, name="jobs"),
    path("pekerjaan/<int:pk>/ulang/", jobs.retry, name="job_retry"),
    path("poster/", poster.page, name="poster"),
    path("poster.pdf", poster.printed, name="poster_pdf"),
    path("gaya/", style.style, name="style"),
]
