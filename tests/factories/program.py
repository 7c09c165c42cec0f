"""A program that calls the API with a token of a role."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client

from medguild.foundation.access.rules import Role
from medguild.foundation.access.services import create_token
from tests.factories.world import HOUSE

API = "/api/v1"


class Program:
    """Each `post` has a new idempotency key unless one is given."""

    def __init__(self, role: Role, unit: Any) -> None:
        _, secret = create_token(name="test", role=role, unit=unit, by=HOUSE)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{API}{path}", query)

    def post(self, path: str, body: dict[str, Any], key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key or str(uuid4())}
        return self.client.post(f"{API}{path}", body, content_type="application/json", headers=headers)
