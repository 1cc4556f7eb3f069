"""What can be wrong between the village and its mail server, in words a village operator understands.

Every failure of the network, the server or the settings becomes one of these keys; nothing else of the error is kept, since
servers quote addresses and passwords in what they say.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Trouble:
    """``title``: what is wrong; ``advice``: what to do."""

    title: Promise | str
    advice: Promise | str


class CannotConnect(Exception):
    """The mail server could not be used. ``key``: of ``TROUBLES``; ``permanent``: trying again is no use until somebody changes something."""

    def __init__(self, key: str, *, permanent: bool = False) -> None:
        super().__init__(key)
        self.key = key
        self.permanent = permanent


TROUBLES: dict[str, Trouble] = {
    # what the settings lack
    "host_missing": Trouble(
        _("The name of the mail server is missing."),
        _("Fill in both servers, for incoming and for outgoing letters. Your e-mail provider tells you their names."),
    ),
    "password_missing": Trouble(
        _("The password of the mailbox is missing."),
        _("Type it in the settings. Gmail and Yahoo need an app password, not the one you log in with in the browser."),
    ),
    "secret_unreadable": Trouble(
        _("The stored password can no longer be read."),
        _("The secret key of this installation has changed since. Type the password of the mailbox again."),
    ),
    "authority": Trouble(
        _("The file with the office's own certificate cannot be read."),
        _("Check the file named by KENTONGAN_MAIL_CA, or take that setting away."),
    ),
    # on the way to the server
    "no_address": Trouble(
        _("There is no server with this name."),
        _("Look for a typing mistake in the name of the server. It looks like imap.gmail.com and has no @ in it."),
    ),
    "offline": Trouble(
        _("There is no way to the server from here."),
        _(
            "The internet connection of this computer seems to be down. Open a web page on it; when that works, wait and try again."
        ),
    ),
    "refused": Trouble(
        _("The server does not listen at this port."),
        _("Check the port: usually 993 for incoming letters, 587 or 465 for outgoing ones. A firewall may also block it."),
    ),
    "timeout": Trouble(
        _("The server does not answer in time."),
        _("Check name and port. If they are right, a firewall blocks the way or the line is too slow: it is tried again later."),
    ),
    "silent": Trouble(
        _("The server is reached but says nothing."),
        _("The port probably wants encryption first: choose “TLS from the beginning” (usual for the ports 993 and 465)."),
    ),
    "greeting": Trouble(
        _("What answers there is no mail server of this kind."),
        _("Check name and port, and that the servers for incoming (IMAP) and outgoing letters (SMTP) are not swapped."),
    ),
    "disconnected": Trouble(
        _("The server closed the connection."),
        _("It is tried again by itself. If it stays so, ask your e-mail provider whether this computer is blocked."),
    ),
    # encryption
    "not_tls": Trouble(
        _("The port does not speak TLS from the beginning."),
        _("Choose STARTTLS for the ports 587 and 143, or take the port 465 or 993."),
    ),
    "no_starttls": Trouble(
        _("The server does not offer STARTTLS."),
        _("Choose “TLS from the beginning” with port 993 (incoming) or 465 (outgoing)."),
    ),
    "tls_needed": Trouble(
        _("The server takes a password only over an encrypted line."),
        _("Choose “TLS from the beginning” or STARTTLS instead of none."),
    ),
    "tls": Trouble(
        _("No encrypted line could be agreed on with the server."),
        _("The server is probably too old for today's encryption. Ask your e-mail provider for a newer one."),
    ),
    "certificate": Trouble(
        _("The certificate of the server is not trusted."),
        _(
            "Nobody known vouches for it. Use the server name your provider gives; for the office's own server set KENTONGAN_MAIL_CA."
        ),
    ),
    "certificate_expired": Trouble(
        _("The certificate of the server has expired."),
        _("Check the date of this computer. If it is right, your e-mail provider must renew the certificate."),
    ),
    "certificate_name": Trouble(
        _("The certificate of the server is for another name."),
        _("Use exactly the server name your provider gives, not a number or another name that leads there."),
    ),
    "clock": Trouble(
        _("The clock of this computer is wrong."),
        _("To it, the certificate of the server is not valid yet. Set date and time of this computer, then try again."),
    ),
    # logging in
    "password": Trouble(
        _("The server refuses the user name or the password."),
        _(
            "Type both again. Gmail and Yahoo need an app password: switch on two-step verification in the account and make one there. "
            "Outlook and Microsoft 365 take an OAuth2 token only."
        ),
    ),
    "token": Trouble(
        _("The server refuses the access token."),
        _("It has expired or was made for another purpose. Make a new one with your provider and put it in."),
    ),
    "no_login": Trouble(
        _("The server does not offer this way to log in."),
        _(
            "Choose the other way under “Log in with”, or another port. A server without any login needs none: untick “Log in to send”."
        ),
    ),
    "login_needed": Trouble(
        _("The server takes letters only after a login."),
        _("Tick “Log in to send” in the settings."),
    ),
    # the mailbox
    "folder": Trouble(
        _("There is no such folder in the mailbox."),
        _("New letters are almost always in INBOX. Write the folder exactly as the server does."),
    ),
    "quota": Trouble(
        _("The mailbox is full."),
        _("New letters are sent back to those who write. Delete old letters in the mailbox, or ask your provider for more room."),
    ),
    "busy": Trouble(
        _("The server is busy at the moment."),
        _("Nothing to do: it is tried again by itself."),
    ),
    "limit": Trouble(
        _("The provider lets no more letters out for now."),
        _("The limit of an hour or a day is reached. The letters go out later by themselves."),
    ),
    # one letter
    "sender_refused": Trouble(
        _("The server does not accept the sender's address."),
        _("The e-mail address in the settings must be the one of the account that logs in."),
    ),
    "recipient_refused": Trouble(
        _("The recipient's address does not exist."),
        _("Look for a typing mistake, or reach the person another way."),
    ),
    "recipient_full": Trouble(
        _("The recipient's mailbox is full."),
        _("Reach the person another way, or try again in some days."),
    ),
    "relay": Trouble(
        _("The server does not send letters for us."),
        _("Use the outgoing server of your own provider, and tick “Log in to send”."),
    ),
    "size": Trouble(
        _("The letter is too large for the server."),
        _("Send it without attachments, or hand the papers over at the office."),
    ),
    "rejected": Trouble(
        _("The server refuses the letter."),
        _("It may take it for advertising, or block this computer. Reach the person another way and ask your e-mail provider."),
    ),
    "unsure": Trouble(
        _("The line broke while the letter was handed over."),
        _(
            "It may have gone out, and is not sent again by itself. Ask the person, or look among the sent letters of the mailbox."
        ),
    ),
}
