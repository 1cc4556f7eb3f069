"""Logging in and out, one's own password, the reader's language."""

from django.urls import path

from kentongan.web.account import views

app_name = "web"
urlpatterns = [
    path("masuk/", views.login, name="login"),
    path("keluar/", views.logout, name="logout"),
    path("masuk/sandi/", views.password, name="password"),
    path("bahasa/", views.language, name="language"),
]
