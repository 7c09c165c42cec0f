"""What people keep of their lists."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from medguild.foundation.kernel.models import OpenModel
from medguild.foundation.kernel.phi import Phi


class SavedFilter(OpenModel):
    """A list as its reader likes to see it: the page, and the query string that filters and sorts it."""

    OPEN_REASON = "asked for by its owner's id only"
    # Somebody may have searched for a person.
    PHI: ClassVar = {"name": Phi.IDENTIFIER, "query": Phi.IDENTIFIER}

    owner_id = models.UUIDField()
    path = models.TextField()
    name = models.TextField()
    query = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "path", "name"], name="saved_filter_name_once"),
            models.CheckConstraint(name="saved_filter_named", condition=~Q(name="")),
        ]

    def label(self) -> str:
        return self.name
