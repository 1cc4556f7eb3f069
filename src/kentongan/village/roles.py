"""The roles of the written procedure. No model here: the life cycle reads it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    OFFICER = "OFFICER", _("Complaint officer")
    RESPONDER = "RESPONDER", _("Answering team")
    LIAISON = "LIAISON", _("Liaison and follow-up officer")
    SECRETARY = "SECRETARY", _("Village secretary")
    HEAD = "HEAD", _("Village head")
    COUNCIL = "COUNCIL", _("Village council (BPD)")
    ADMIN = "ADMIN", _("Administrator")
