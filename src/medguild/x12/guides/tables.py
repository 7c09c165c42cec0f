"""The guides that have a table, by kind of transaction."""

from __future__ import annotations

from medguild.x12.guides.model import Guide
from medguild.x12.guides.x221 import X221
from medguild.x12.guides.x222 import X222
from medguild.x12.guides.x223 import X223

TABLES: dict[str, Guide] = {guide.kind: guide for guide in (X221, X222, X223)}
