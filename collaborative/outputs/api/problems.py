"""Errors as problem documents (RFC 9457), with a sentence that a person can read."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.http import JsonResponse
from pydantic import ConfigDict, Field

from collaborative.outputs.api.addresses import absolute
from collaborative.outputs.api.schemas import Out

PROBLEM = "application/problem+json"
DOCS = "/api/v1/docs/"

KINDS = {
    "unknown-parameter": (400, "Unknown parameter", "A parameter that this address does not know; known lists those."),
    "bad-parameter": (400, "A parameter cannot be read", "A value that its parameter does not take, or one too many."),
    "bad-cursor": (400, "The cursor cannot be used", "A cursor that was not made here, or for another list or order."),
    "not-found": (404, "Nothing stands at this address", "It never was, or it is not public."),
    "bad-method": (405, "Only reading is possible here", "Allow names what is possible: GET, HEAD and OPTIONS."),
    "not-acceptable": (406, "Answers are JSON", "The Accept header leaves no room for application/json."),
    "gone": (410, "Withdrawn", "It could once be read here; the document says what it was and why it went."),
    "precondition-failed": (412, "It has changed meanwhile", "If-Match or If-Unmodified-Since do not hold."),
    "too-many-requests": (429, "Too many requests", "Retry-After says how many seconds to wait."),
    "our-mistake": (500, "Something went wrong on our side", "It is noted. Trying again later may help."),
}
"""Every sort of problem: its status, its title and what it means."""


class ProblemDocument(Out):
    """What went wrong, as RFC 9457 has it."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")

    type: str = Field(examples=["https://portal.example/api/v1/docs/#problem-bad-parameter"])
    """The sort of problem, as the address at which it is explained."""
    title: str = Field(examples=["A parameter cannot be read"])
    """The sort of problem in words."""
    status: int = Field(examples=[400])
    """The HTTP status."""
    detail: str = Field(examples=["The parameter “limit” cannot be read: Input should be less than or equal to 100."])
    """What went wrong here, in a sentence."""
    parameter: str | None = Field(None, examples=["limit"])
    """The parameter that is at fault."""
    known: list[str] | None = Field(None, examples=[["cursor", "limit", "q"]])
    """The parameters that this address knows."""


class Problem(Exception):
    """Ends a request with a problem document; ``headers`` go with it, ``members`` into it."""

    def __init__(self, kind, detail, *, headers=None, **members):
        super().__init__(detail)
        self.kind, self.detail, self.headers, self.members = kind, detail, headers or {}, members

    @property
    def status(self):
        """The HTTP status of this sort of problem."""
        return KINDS[self.kind][0]

    def response(self):
        """Return the document."""
        document = {
            "type": absolute(f"{DOCS}#problem-{self.kind}"),
            "title": KINDS[self.kind][1],
            "status": self.status,
            "detail": str(self.detail),
            **self.members,
        }
        headers = {"Cache-Control": "no-store", **self.headers}
        return JsonResponse(document, status=self.status, content_type=PROBLEM, headers=headers)


@dataclass(frozen=True)
class Tombstone:
    """What is left of a thing that was withdrawn: what it was, since when it is gone and why, and what is instead."""

    name: str
    withdrawn_at: datetime | None
    reason: str
    citation: str = ""
    instead: str | None = None

    def problem(self):
        """Return the answer 410 that says so."""
        at = self.withdrawn_at.isoformat().replace("+00:00", "Z") if self.withdrawn_at else None
        return Problem(
            "gone",
            f"“{self.name}” was withdrawn: {self.reason}",
            name=self.name,
            withdrawn_at=at,
            reason=self.reason,
            citation=self.citation or None,
            instead=self.instead,
        )


def in_words(status):
    """Return what HTTP calls a status."""
    return HTTPStatus(status).phrase
