from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kentongan.web"

    def ready(self) -> None:
        from kentongan import checks  # noqa: F401 - registers the system checks
