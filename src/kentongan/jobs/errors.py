"""What a task may raise to say more than "it did not work"."""


class JobError(Exception):
    """A failure whose message is kept on the job and shown to the operator: it must hold no personal data.

    ``permanent`` says that trying again is useless: the job becomes a dead letter at once.
    """

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class LeaseLostError(Exception):
    """Somebody else has taken the job since; what this worker did for it is rolled back."""


class NotATaskError(Exception):
    """The path of a job leads to something that is not a task."""
