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
    # the account
    "token": Trouble(
        _("Meta refuses the access token."),
        _("It has expired or was taken back. Make a new one in the Meta app and put it in; what waits then goes out by itself."),
    ),
    "token_missing": Trouble(
        _("There is no access token that can be read."),
        _("Type it in the settings of the account."),
    ),
    "permission": Trouble(
        _("Meta does not allow the app to do this."),
        _("The app must be Live with Advanced Access for messages. Look at its review in the Meta app."),
    ),
    "human_agent": Trouble(
        _("Meta has not approved “Human Agent” for the app."),
        _("The switch was turned off: answers go out for 24 hours after a resident's last message. Ask Meta for the approval."),
    ),
    "off": Trouble(
        _("The account is not in use."),
        _("The administrator switches it on in the office."),
    ),
    # one message
    "window": Trouble(
        _("The time to answer has run out."),
        _("The message waits, and leaves by itself when the resident writes again. Or call, or write a letter."),
    ),
    "unreachable": Trouble(
        _("This person cannot be reached there."),
        _("The account was closed, or takes no messages. Reach the person another way."),
    ),
    "refused": Trouble(
        _("Meta refuses the message."),
        _("Reach the person another way. If it happens with everybody, compare the account's number in the settings."),
    ),
    "unsure": Trouble(
        _("The line broke while the message was handed over."),
        _("It may have gone out, and is not sent again by itself. Look into the app."),
    ),
    # passing
    "limit": Trouble(
        _("Meta lets no more messages out for now."),
        _("They go out later by themselves."),
    ),
    "busy": Trouble(
        _("Meta is busy at the moment."),
        _("Nothing to do: it is tried again by itself."),
    ),
    "offline": Trouble(
        _("There is no way to Meta from here."),
        _("The internet connection of this computer seems to be down. It is tried again by itself."),
    ),
    # files
    "media": Trouble(
        _("The file could not be fetched."),
        _("Look at it in the app."),
    ),
    "media_large": Trouble(
        _("The file is too large to be kept here."),
        _("Look at it in the app."),
    ),
    "media_kind": Trouble(
        _("Files of this kind are not kept here."),
        _("Look at it in the app."),
    ),
}
