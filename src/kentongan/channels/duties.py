"""What time does to messages, as durable jobs; ``worker.DUTIES`` says when."""

from datetime import timedelta

from django.utils import timezone

from kentongan.channels.meta import joining
from kentongan.channels.models import IncomingMessage
from kentongan.complaints.models import Attachment
from kentongan.jobs.backend import task

STAGED_FOR = timedelta(days=7)  # a form left open that long is not sent any more


@task()
def drop_staged_files() -> None:
    """Remove files of forms that were never sent. Those of a waiting message or a conversation keep its token and stay."""
    kept = [IncomingMessage.State.QUARANTINED, IncomingMessage.State.DISCARDED]
    waiting = IncomingMessage.objects.filter(state__in=kept).values("external_id")
    old = Attachment.objects.filter(complaint=None, at__lt=timezone.now() - STAGED_FOR).exclude(form_token__in=waiting)
    for attachment in old.exclude(form_token__startswith=joining.MARK)[:500]:
        attachment.file.delete(save=False)
        attachment.delete()
