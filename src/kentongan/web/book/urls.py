from django.urls import path

from kentongan.web.book import figures, views

app_name = "book"
urlpatterns = [
    path("", views.index, name="index"),
    path("buku.pdf", views.pdf, name="pdf"),
    path("buku.xlsx", views.xlsx, name="xlsx"),
    path("buku.csv", views.csv, name="csv"),
    path("statistik/", figures.page, name="statistics"),
    path("statistik/statistik.csv", figures.as_csv, name="statistics_csv"),
]
