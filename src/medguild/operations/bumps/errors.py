"""What the bump list refuses."""

from __future__ import annotations

from medguild.foundation.kernel.errors import Conflict


class NotOnTheList(Conflict):
    """The visit has been settled already."""

    code = "not_on_the_list"
