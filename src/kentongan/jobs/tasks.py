"""The engine's own housekeeping."""

from kentongan.jobs import engine
from kentongan.jobs.backend import task


@task(atomic=False)
def delete_finished() -> None:
    engine.delete_finished()
