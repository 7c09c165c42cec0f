"""Rows of the exchange wing."""

from medguild.exchange.files.models import QuarantinedFile

__all__ = ["QuarantinedFile"]
