"""How statements are named to the rooms below, and who reads their letters."""

from __future__ import annotations

from medguild.foundation.documents.ports import register_subject
from medguild.revenue.statements.selectors import readable

register_subject("statement", readable)
