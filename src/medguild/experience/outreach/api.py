"""Replies over the API: what a text-message service passes on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from medguild.experience.outreach.answering import take_reply
from medguild.experience.outreach.permissions import OutreachRight
from medguild.foundation.access.api import TokenAuth, answer, idempotent, problem
from medguild.foundation.kernel.errors import Refusal
from medguild.patients.identity.rules.phones import normal_phone

router = Router(tags=["outreach"])


class ReplyIn(Schema):
    """Who wrote (a telephone number, or an e-mail address) and what."""

    sender: str = Field(max_length=200)
    text: str = Field(max_length=2000)


class ReplyOut(Schema):
    """`yes`, `no`, `stop`, `score` (0 to 10, to the question how a visit was); null when a person must read it."""

    understood: str | None


class ReplyProblemOut(Schema):
    code: str
    detail: str


@router.post(
    "/replies",
    auth=TokenAuth(OutreachRight.REPLIES),
    response={201: ReplyOut, 409: ReplyProblemOut, 422: ReplyProblemOut},
)
def add_reply(request: HttpRequest, body: ReplyIn) -> HttpResponse:
    """Take a reply to a message. Needs an `Idempotency-Key`."""

    def run() -> HttpResponse:
        said = take_reply(address=_address(body.sender), text=body.text)
        return answer({"understood": said}, status=201)

    try:
        return idempotent(request, body.dict(), run)
    except Refusal as refusal:
        return problem(refusal)


def _address(sender: str) -> str:
    if "@" in sender:
        return sender.strip()
    try:
        return normal_phone(sender)
    except ValueError:
        return sender.strip()
