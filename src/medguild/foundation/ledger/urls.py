"""URLs of the books."""

from __future__ import annotations

from django.urls import include, path

from medguild.foundation.ledger import views

_room = (
    [
        path("", views.trial_balance, name="trial_balance"),
        path("postings/", views.postings, name="postings"),
        path("accounts/<uuid:ledger_account_id>/", views.account, name="account"),
        path("entries/<uuid:entry_id>/", views.entry, name="entry"),
        path("<uuid:entity_id>/<slug:month>/close/", views.close, name="close"),
        path("<uuid:entity_id>/<slug:month>/reopen/", views.reopen, name="reopen"),
    ],
    "ledger",
)
urlpatterns = [path("ledger/", include(_room))]
