"""Every address of the product, from the top."""

from django.urls import include, path

from kentongan.web import health, hook

urlpatterns = [
    path("", include("kentongan.web.public.urls")),
    path("", include("kentongan.web.account.urls")),
    path("meja/", include("kentongan.web.desk.urls")),
    path("buku/", include("kentongan.web.book.urls")),
    path("kantor/", include("kentongan.web.office.urls")),
    path("hook/instagram/", hook.meta, {"channel": "instagram"}, name="hook_instagram"),
    path("hook/whatsapp/", hook.meta, {"channel": "whatsapp"}, name="hook_whatsapp"),
    path("healthz", health.healthz, name="healthz"),
]
handler400 = "kentongan.web.errors.bad_request"
handler403 = "kentongan.web.errors.forbidden"
handler404 = "kentongan.web.errors.not_found"
handler500 = "kentongan.web.errors.server_error"
