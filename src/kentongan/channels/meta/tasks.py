"""What the worker does for chats, as durable jobs."""

from kentongan.channels.meta import reading
from kentongan.channels.models import HookCall
from kentongan.jobs.backend import task


@task(atomic=False)
def read_new() -> None:
    """Read every call that is written down and new."""
    while HookCall.objects.filter(state=HookCall.State.NEW).exists():
        reading.read_new()
