"""Every kind of event once: its sentence on the timeline, whether the complainant reads it, and which data is personal."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class KindOfEvent:
    """``sentence``: what happened, for officials. ``public``: the same for the complainant, or None when it is not for him.

    ``text``: the key of ``data`` that is shown below the sentence. ``personal``: keys to blank when a person is forgotten.
    ``tone``: how the timeline draws it: "system", "note" (internal), "in" (from the complainant), "out" (to him).
    """

    sentence: Promise | str
    public: Promise | str | None = None
    text: str = ""
    personal: tuple[str, ...] = ()
    tone: str = "system"


KINDS: dict[str, KindOfEvent] = {
    "received": KindOfEvent(_("Received and entered in the complaint book"), _("Your complaint was received and entered in the complaint book")),
    "asked": KindOfEvent(_("Asked the complainant to complete it"), _("We need something from you"), "text", ("text",), "out"),
    "completed": KindOfEvent(_("Completed by the complainant"), _("You completed your complaint"), "text", ("text",), "in"),
    "verified": KindOfEvent(_("Verified"), _("Checked and found complete")),
    "reclassified": KindOfEvent(_("Classified anew")),
    "declined": KindOfEvent(_("Cannot be processed"), _("Your complaint cannot be processed"), "text", ("text",), "out"),
    "assigned": KindOfEvent(_("Distributed to the answering team"), _("Passed on to those who will answer"), "text", ("text",)),
    "reassigned": KindOfEvent(_("Distribution changed"), None, "text", ("text",)),
    "started": KindOfEvent(_("Work began"), _("Work on it has begun")),
    "followed_up": KindOfEvent(_("Followed up"), _("Followed up"), "text", ("text",)),
    "accepted": KindOfEvent(_("Taken on")),
    "handed_over": KindOfEvent(_("Handed over"), None, "text", ("text",)),
    "given_back": KindOfEvent(_("Given back"), None, "text", ("text",), "note"),
    "part_answered": KindOfEvent(_("Part of the answer written"), None, "text", ("text",), "note"),
    "task_added": KindOfEvent(_("Task given"), None, "text", ("text",)),
    "task_finished": KindOfEvent(_("Task done"), None, "text", ("text",)),
    "visited": KindOfEvent(_("Visited on the spot"), _("We visited the place"), "text", ("text",)),
    "convened": KindOfEvent(_("Meeting called"), _("A meeting was called about it"), "text", ("text",)),
    "meeting_changed": KindOfEvent(_("Meeting changed"), _("The meeting was changed"), "text", ("text",)),
    "invited": KindOfEvent(_("Further people invited to the meeting")),
    "minuted": KindOfEvent(_("Meeting held, minutes written"), _("The meeting was held"), "text", ("text",)),
    "chased": KindOfEvent(_("The agency was asked again"), _("We asked the agency again"), "text", ("text",)),
    "reminded": KindOfEvent(_("Reminder: the deadline")),
    "escalated": KindOfEvent(_("Late: passed up")),
    "agency_late": KindOfEvent(_("The agency is late: ask again")),
    "plan_due": KindOfEvent(_("What was planned should be there by now: ask")),
    "noted": KindOfEvent(_("Internal note"), None, "text", ("text",), "note"),
    "attached": KindOfEvent(_("Files added"), _("Files added")),
    "messaged": KindOfEvent(_("Message to the complainant"), _("Message from the village"), "text", ("text",), "out"),
    "added": KindOfEvent(_("The complainant added something"), _("You added"), "text", ("text",), "in"),
    "referred": KindOfEvent(_("Referred to an agency"), _("Passed on to the agency that decides"), "text", ("text",)),
    "referral_answered": KindOfEvent(_("The agency answered"), _("The agency answered"), "text", ("text",)),
    "response_drafted": KindOfEvent(_("Answer drafted"), None, "text", ("text",), "note"),
    "response_approved": KindOfEvent(_("Answer approved")),
    "response_returned": KindOfEvent(_("Answer sent back"), None, "text", ("text",), "note"),
    "responded": KindOfEvent(_("Answer delivered"), _("Answer from the village"), "text", ("text",), "out"),
    "delivered": KindOfEvent(_("Delivery recorded"), None, "text", ("text", "to")),
    "undelivered": KindOfEvent(_("A letter to the complainant did not arrive")),
    "appealed": KindOfEvent(_("The complainant objects; opened again"), _("You objected; the complaint is open again"), "text", ("text",), "in"),
    "reopened": KindOfEvent(_("Opened again"), _("Opened again"), "text", ("text",)),
    "letter_numbered": KindOfEvent(_("Letter numbered")),
    "number_cancelled": KindOfEvent(_("Number of a letter cancelled"), None, "text", ("text",)),
    "archived": KindOfEvent(_("The whole file was taken as an archive")),
    "closed": KindOfEvent(_("Closed"), _("Closed"), "text", ("text",)),
    "withdrawn": KindOfEvent(_("Withdrawn by the complainant"), _("You withdrew your complaint"), "text", ("text",), "in"),
    "merged": KindOfEvent(_("Joined with another complaint on the same matter"), _("Joined with another complaint on the same matter")),
    "split": KindOfEvent(_("Split: another matter got its own number"), _("Another matter in it got its own number")),
    "deadline_extended": KindOfEvent(_("Deadline extended"), _("We need more time"), "text", ("text",), "out"),
    "named": KindOfEvent(_("An official concerned was shut out")),
    "recused": KindOfEvent(_("An official stepped aside")),
    "rated": KindOfEvent(_("The complainant rated the answer"), _("You rated the answer"), "text", ("text",), "in"),
}  # fmt: skip
