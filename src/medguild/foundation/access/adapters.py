"""How allauth fits the house: nobody signs themselves up, and every sign-in is recorded."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from medguild.foundation.access import signing_in
from medguild.foundation.access.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Logins are made by administrators, so that each has a person and grants behind it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        signing_in.signed_in(user)

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        if isinstance(user, User):
            signing_in.signed_out(user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        signing_in.sign_in_failed(str(credentials.get("email") or ""))
        super().authentication_failed(request, **credentials)
