"""The door of the API: bearer tokens, a right per operation, reads declared, answers kept for lost clients."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError
from ninja.security import HttpBearer

from medguild.foundation.access.guard import note_reads
from medguild.foundation.access.limits import BAD_TOKENS, Bucket, TooManyRequests, count_stranger, refuse_flood
from medguild.foundation.access.models import IdempotencyKey
from medguild.foundation.access.selectors import actor_of_token
from medguild.foundation.kernel.actor import Actor
from medguild.foundation.kernel.clock import now
from medguild.foundation.kernel.errors import Conflict, NotAllowed, NotVisible, Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.kernel.sql import planned_cursor

LONGEST_KEY = 200
JSON = "application/json"


_CALLS = Bucket(settings.API_RATE)


class TokenAuth(HttpBearer):
    """`Authorization: Bearer mg_...` of a token that holds the right; 401 for a bad token, 403 without the right."""

    def __init__(self, right: str) -> None:
        super().__init__()
        self.right = right

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Strangers, with a bad token or none, are counted; 429 when there were too many from their address."""
        actor: Actor | None = super().__call__(request)
        if actor is None:
            count_stranger(request, "api", BAD_TOKENS)
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = actor_of_token(token, cause=f"request:{new_id()}")
        if actor is None:
            return None
        refuse_flood(_CALLS, actor.id)
        request.actor = actor  # type: ignore[attr-defined]
        if not actor.may(self.right):
            raise HttpError(403, "This token does not hold the right for this operation.")
        return actor


def actor_of(request: HttpRequest) -> Actor:
    """The authenticated actor of an API request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def answer(data: Any, *, status: int = 200) -> HttpResponse:
    """JSON written directly, for operations whose shape is documented but need not be validated on the way out."""
    return HttpResponse(orjson.dumps(data), status=status, content_type=JSON)


def show(request: HttpRequest, data: Any, *, patients: Iterable[UUID]) -> HttpResponse:
    """An answer that shows data of these patients."""
    note_reads(request, patients)
    return answer(data)


def problem(refusal: Refusal) -> HttpResponse:
    """A refusal as an answer: 404, 403, 409, 429, or 422 with a stable code."""
    status = {NotVisible: 404, NotAllowed: 403, TooManyRequests: 429}.get(
        type(refusal), 409 if isinstance(refusal, Conflict) else 422
    )
    body: dict[str, Any] = {"code": refusal.code, "detail": refusal.message, **refusal.more}
    if refusal.field:
        body["field"] = refusal.field
    response = answer(body, status=status)
    if isinstance(refusal, TooManyRequests):
        response["Retry-After"] = str(refusal.seconds)
    return response


def idempotent(request: HttpRequest, body: Any, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Run once per `Idempotency-Key` of this caller and keep the answer with the rows, in one transaction.

    The same key with the same body gives the first answer again (header `Idempotent-Replay: true`); with another body
    it is refused. A request that arrives while the first still runs waits for it. Refusals roll the key back, so that
    a client may try again.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key or len(key) > LONGEST_KEY:
        return answer(
            {"code": "idempotency_key_needed", "detail": "Send an Idempotency-Key header of 1 to 200 characters."},
            status=400,
        )
    actor_id = actor_of(request).id
    if actor_id is None:
        raise NotAllowed("Sign in with a token first.")
    seed = f"{request.method} {request.path}\n".encode() + orjson.dumps(body, default=str, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(seed).digest()
    try:
        with transaction.atomic():
            _hold(actor_id, key, digest)
            response = run()
            _keep(actor_id, key, response)
            return response
    except _KeyHeldError:
        return _replay(actor_id, key, digest)
    except Refusal as refusal:
        return problem(refusal)


class _KeyHeldError(Exception):
    """The key was used before."""


_HOLD = """
    insert into foundation_idempotencykey (id, actor_id, key, request_digest, created_at) values (%s, %s, %s, %s, %s)
    on conflict (actor_id, key) do nothing"""
_KEEP = "update foundation_idempotencykey set status = %s, response = %s where actor_id = %s and key = %s"


def _hold(actor_id: UUID, key: str, digest: bytes) -> None:
    """Take the key; whoever holds it in a transaction that still runs is waited for."""
    with planned_cursor() as cursor:
        cursor.execute(_HOLD, [new_id(), actor_id, key, digest, now()])
        if cursor.rowcount == 0:
            raise _KeyHeldError


def _keep(actor_id: UUID, key: str, response: HttpResponse) -> None:
    with planned_cursor() as cursor:
        cursor.execute(_KEEP, [response.status_code, response.content, actor_id, key])


def _replay(actor_id: UUID, key: str, digest: bytes) -> HttpResponse:
    held = IdempotencyKey.objects.get(actor_id=actor_id, key=key)
    if bytes(held.request_digest) != digest:
        return answer(
            {"code": "idempotency_key_reused", "detail": "This key was used for another request; send a new one."},
            status=409,
        )
    response = HttpResponse(bytes(held.response or b""), status=held.status or 200, content_type=JSON)
    response["Idempotent-Replay"] = "true"
    return response
