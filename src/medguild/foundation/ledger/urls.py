"""URLs of the books."""

from __future__ import annotations

from django.urls import include, path

from medguild.foundation.ledger import journal_views, views

_room = (
    [
        path("", views.trial_balance, name="trial_balance"),
        path("postings/", views.postings, name="postings"),
        path("accounts/<uuid:ledger_account_id>/", views.account, name="account"),
        path("journal/", journal_views.journal, name="journal"),
        path("journal/new/", journal_views.new_entry, name="new_entry"),
        path("months/", journal_views.months, name="months"),
        path("between/", journal_views.between, name="between"),
        path("entries/<uuid:entry_id>/take-back/", journal_views.take_back_entry, name="take_back"),
        path("entries/<uuid:entry_id>/", views.entry, name="entry"),
        path("<uuid:entity_id>/<slug:month>/close/", views.close, name="close"),
        path("<uuid:entity_id>/<slug:month>/reopen/", views.reopen, name="reopen"),
    ],
    "ledger",
)
urlpatterns = [path("ledger/", include(_room))]
