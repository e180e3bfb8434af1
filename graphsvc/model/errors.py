"""The one error family: every failure names what happened and how to mend it."""

from __future__ import annotations


class GraphsvcError(Exception):
    """A failure a person can act on.

    Parameters
    ----------
    message : str
        What happened, naming the place (file, line, server), in one line.
    remedy : str
        What to do about it, in one line; may be empty.

    Notes
    -----
    ``code`` is stable and machine-readable (kebab-case); ``status`` is the HTTP status the API answers with.
    Subclasses set both as class attributes.
    """

    code: str = "failed"
    status: int = 500

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class BadInput(GraphsvcError):
    """What was given cannot be used (a file, a value, an argument)."""

    code = "bad-input"
    status = 422


class NotFound(GraphsvcError):
    """The thing asked for is not in the store."""

    code = "not-found"
    status = 404


class StoreUnavailable(GraphsvcError):
    """The Neo4j server cannot be reached, refuses us, or lacks something we need."""

    code = "store-unavailable"
    status = 503


class Conflict(GraphsvcError):
    """What was asked contradicts the present state."""

    code = "conflict"
    status = 409
