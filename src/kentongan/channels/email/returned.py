"""What other mail servers report of our letters (RFC 3464): arrived, or came back."""

from django.utils import timezone

from kentongan.channels.email.bounces import Bounce
from kentongan.channels.models import OutgoingMessage
from kentongan.complaints import actions

states = OutgoingMessage.State


def take(bounce: Bounce, village_id: str) -> None:
    """Write the report down at the letter it is about; a letter that came back becomes a task of the officer.

    Only the Message-ID of a letter of ours counts, which nobody else can know: whoever forges a report has had our letter.
    """
    letter = OutgoingMessage.objects.filter(village=village_id, message_id__in=bounce.message_ids).exclude(message_id="").first()
    if letter is None:
        return
    if bounce.delivered and letter.state in {states.SENT, states.UNSURE}:
        OutgoingMessage.objects.filter(pk=letter.pk).update(state=states.SENT, delivered_at=timezone.now())
    elif bounce.failed and letter.state != states.BOUNCED:
        fail(letter, states.BOUNCED, "bounced")


def fail(letter: OutgoingMessage, state: str, reason: str) -> None:
    """Mark a letter as one that did not arrive; with its complaint, the officer is told and the answer counts as not delivered.

    Not of a letter to an official: it only points at the desk, and telling the officer of her own letters would not end.
    """
    letter.state, letter.reason = state, reason
    letter.save(update_fields=["state", "reason"])
    if letter.complaint and letter.to_id is None:
        actions.undelivered(letter.complaint, what=letter.kind, reason=reason)
