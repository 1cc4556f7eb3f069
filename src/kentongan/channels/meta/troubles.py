"""What can be wrong between the village and Meta, in words a village operator understands. Nothing of what Meta says is kept."""

from django.utils.translation import gettext_lazy as _

from kentongan.channels.email.troubles import Trouble

TROUBLES: dict[str, Trouble] = {
    "other_account": Trouble(
        _("Messages come that are meant for another account."),
        _(
            "They are kept, but not shown. Compare the account's number below with the one Meta shows, correct it, and save: they are then read again."
        ),
    ),
}
