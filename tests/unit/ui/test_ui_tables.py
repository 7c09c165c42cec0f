"""Tables: sorted, filtered, paged, exported, acted upon, and never more than was handed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.db.models.functions import Upper
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext

from medguild.foundation.access.models import User
from medguild.foundation.kernel.errors import Refusal
from medguild.foundation.kernel.ids import new_id
from medguild.foundation.ui import tables
from medguild.foundation.ui.tables import paging

pytestmark = pytest.mark.django_db
Ask = Callable[..., HttpRequest]


def _count(request: HttpRequest, rows: Any) -> str:
    return f"{rows.count()} rows"


def _refuse(request: HttpRequest, rows: Any) -> str:
    raise Refusal("Not today.")


class KindFilters(tables.FilterSet):
    q = tables.SearchFilter(fields=["model__icontains", "app_label__startswith"])
    app = tables.ChoiceFilter(field_name="app_label", choices=[("auth", "auth"), ("foundation", "foundation")])
    users = tables.FlagFilter(field_name="model", value="user", label="Users only")


class KindTable(tables.Table):
    model = tables.Column("Model", linkify=lambda record: f"/kinds/{record.pk}/")
    app_label = tables.Column("Wing")
    id = tables.NumberColumn("Number", total=True)
    hidden = tables.Column("Hidden", accessor="app_label", in_csv=False)

    class Meta:
        order_by = ("model",)
        per_page = 5

    key = "kinds"
    caption = "Kinds"
    filters = KindFilters
    bulk = (
        tables.BulkAct("count", "Count", run=_count),
        tables.BulkAct("refuse", "Refuse", run=_refuse),
        tables.BulkAct("secret", "Secret", run=_count, permission="kinds.secret"),
    )


class PlainTable(tables.Table):
    name = tables.Column("Name")
    cents = tables.MoneyColumn("Balance", total=True)
    state = tables.StatusColumn("State", tones={"open": "info"}, labels={"open": "Open & new"})

    key = "plain"
    patient_id = "patient"


def _rows() -> Any:
    return ContentType.objects.filter(app_label__in=["foundation", "auth", "sessions"])


def _page(request: HttpRequest, rows: Any = None, table: type[tables.Table] = KindTable) -> str:
    response = tables.table_response(request, table, _rows() if rows is None else rows, "ui/_board_fragment.html")
    return response.content.decode()  # type: ignore[attr-defined]


def _fragment(ask: Ask, path: str = "/kinds/", **options: Any) -> str:
    return _page(ask(path, target="table-kinds", **options))


def _csv(request: HttpRequest, table: type[tables.Table] = KindTable, rows: Any = None) -> list[str]:
    response = tables.table_response(request, table, _rows() if rows is None else rows, "none.html")
    return b"".join(response.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]


def test_fragment_has_five_rows_and_says_how_many_there_are(ask: Ask) -> None:
    made = _fragment(ask)
    assert made.count('<tr role="row" id="table-kinds-') == 5
    assert f"1–5 of {_rows().count()}" in made
    assert "<html" not in made


def test_default_and_asked_sort(ask: Ask) -> None:
    table = tables.build(ask("/kinds/?sort=-model"), KindTable, _rows())
    names = [record.model for record in table.records]
    assert names == sorted(names, reverse=True)
    heads = list(table.heads)
    assert heads[0]["sorted"] == "descending"
    assert heads[0]["query"] == "?sort=model"


def test_unknown_sort_and_page_do_no_harm(ask: Ask) -> None:
    assert len(tables.build(ask("/kinds/?sort=password&page=x"), KindTable, _rows()).records) == 5
    assert tables.build(ask("/kinds/?page=999"), KindTable, _rows()).page.number == 1


def test_pages_share_no_row(ask: Ask) -> None:
    seen: list[Any] = []
    pages = tables.build(ask("/kinds/?sort=app_label"), KindTable, _rows()).page.paginator.num_pages
    for page in range(1, pages + 1):
        seen += [row.pk for row in tables.build(ask(f"/kinds/?sort=app_label&page={page}"), KindTable, _rows()).records]
    assert sorted(seen) == sorted(_rows().values_list("pk", flat=True))


def test_search_wants_every_word(ask: Ask) -> None:
    table = tables.build(ask("/kinds/?q=user+found"), KindTable, _rows())
    assert [record.model for record in table.records] == ["user"]
    assert table.filtered


def test_choice_and_flag_filters(ask: Ask) -> None:
    chosen = tables.build(ask("/kinds/?app=auth"), KindTable, _rows())
    assert {record.app_label for record in chosen.records} == {"auth"}
    flagged = tables.build(ask("/kinds/?users=on"), KindTable, _rows())
    assert {record.model for record in flagged.records} == {"user"}


def test_wrong_choice_is_ignored_not_obeyed(ask: Ask) -> None:
    assert tables.build(ask("/kinds/?app=admin"), KindTable, _rows()).page.paginator.count == _rows().count()


def test_empty_and_filtered_empty_say_different_things(ask: Ask) -> None:
    assert "Nothing matches the filter" in _fragment(ask, "/kinds/?q=zzz")
    assert "Nothing here yet" in _page(ask("/kinds/", target="table-kinds"), ContentType.objects.none())


def test_sort_keeps_the_filter_and_the_filter_keeps_the_sort(ask: Ask) -> None:
    made = _fragment(ask, "/kinds/?q=a&sort=-model")
    assert 'hx-get="?q=a&amp;sort=model"' in made
    assert '<input type="hidden" name="sort" value="-model">' in made


def test_long_lists_are_counted_up_to_a_limit(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNT_LIMIT", 7)
    monkeypatch.setattr(paging, "LONG", 1)
    assert tables.build(ask(), KindTable, _rows()).range_words == "1–5 of 7+"


@pytest.mark.parametrize(
    "address", ["/kinds/", "/kinds/?page=3", "/kinds/?sort=-model&page=2", "/kinds/?app=foundation"]
)
def test_long_lists_show_the_same_rows_when_their_keys_are_found_first(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    whole = [row.pk for row in tables.build(ask(address), KindTable, _rows()).records]
    monkeypatch.setattr(paging, "LONG", 1)
    assert [row.pk for row in tables.build(ask(address), KindTable, _rows()).records] == whole


def test_what_is_computed_for_each_row_is_shown_but_not_counted(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "LONG", 1)
    rows = _rows().annotate(shout=Upper("model"))
    with CaptureQueriesContext(connection) as captured:
        table = tables.build(ask(), KindTable, rows)
    assert all(row.shout == row.model.upper() for row in table.records)
    assert [("UPPER" in query["sql"]) for query in captured.captured_queries] == [False, False, False, True]


def test_of_a_short_list_the_filters_are_asked_once(ask: Ask) -> None:
    rows = _rows().filter(model__startswith="u")
    with CaptureQueriesContext(connection) as captured:
        table = tables.build(ask("/kinds/?sort=-model"), KindTable, rows)
        found = [row.model for row in table.records]
    assert found == sorted(rows.values_list("model", flat=True), reverse=True)[:5]
    assert sum("LIKE" in query["sql"] for query in captured.captured_queries) == 1


def test_total_is_that_of_all_filtered_rows(ask: Ask) -> None:
    table = tables.build(ask("/kinds/?app=auth"), KindTable, _rows())
    assert table.totals == {"id": sum(_rows().filter(app_label="auth").values_list("id", flat=True))}


def test_csv_has_all_filtered_rows_and_no_hidden_column(ask: Ask) -> None:
    lines = _csv(ask("/kinds/?_export=kinds&app=foundation&page=2"))
    assert lines[0] == "Model,Wing,Number"
    assert len(lines) == 1 + _rows().filter(app_label="foundation").count()


def test_csv_of_plain_rows_defuses_formulas_and_writes_amounts(ask: Ask) -> None:
    rows = [{"name": "=cmd|' /C calc'!A0", "cents": -123450, "state": "open", "patient": None}]
    lines = _csv(ask("/?_export=plain"), PlainTable, rows)
    assert lines[1] == "'=cmd|' /C calc'!A0,-1234.50,Open & new"


def test_patients_shown_and_exported_are_noted(ask: Ask) -> None:
    patients = [new_id() for _ in range(30)]
    rows = [{"name": str(index), "cents": 1, "state": "open", "patient": one} for index, one in enumerate(patients)]
    shown, exported = ask("/"), ask("/?_export=plain")
    tables.build(shown, PlainTable, rows)
    assert _noted(shown) == set(patients[:25])
    _csv(exported, PlainTable, rows)
    assert _noted(exported) == set(patients)


def _noted(request: HttpRequest) -> set[UUID]:
    return request.__dict__["noted_reads"]  # type: ignore[no-any-return]


def test_status_and_text_are_escaped(ask: Ask) -> None:
    rows = [{"name": "<script>x</script>", "cents": 0, "state": "open", "patient": None}]
    made = _page(ask("/", target="table-plain"), rows, PlainTable)
    assert "<script>" not in made
    assert "Open &amp; new" in made
    assert "tone-info" in made


def _bulk(ask: Ask, act: str, ids: list[Any], **options: Any) -> tuple[Any, list[str]]:
    request = ask("/kinds/?q=user", post={"_bulk": act, "ids": ids}, **options)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    response = tables.table_response(request, KindTable, _rows(), "none.html")
    return response, [str(message) for message in get_messages(request)]


def test_bulk_act_gets_only_rows_of_the_given_queryset(ask: Ask) -> None:
    inside = _rows().get(app_label="foundation", model="user").pk
    outside = ContentType.objects.exclude(app_label__in=["foundation", "auth", "sessions"]).first()
    assert outside is not None
    response, said = _bulk(ask, "count", [inside, outside.pk])
    assert said == ["1 rows"]
    assert response.status_code == 302
    assert response["Location"] == "/kinds/?q=user"


def test_bulk_refusal_is_told(ask: Ask) -> None:
    inside = _rows().get(app_label="foundation", model="user").pk
    assert _bulk(ask, "refuse", [inside])[1] == ["Not today."]


def test_bulk_without_rows_says_so(ask: Ask) -> None:
    assert _bulk(ask, "count", [])[1] == ["Select rows first."]


def test_bulk_act_needs_its_right(ask: Ask) -> None:
    with pytest.raises(PermissionDenied):
        _bulk(ask, "secret", ["1"])
    assert _bulk(ask, "secret", ["1"], rights={"kinds.secret"})[0].status_code == 302
    assert "Secret" not in _fragment(ask)
    assert "Secret" in _fragment(ask, rights={"kinds.secret"})


def test_bulk_with_ids_that_are_none_is_a_bad_request(ask: Ask) -> None:
    class UserTable(tables.Table):
        email = tables.Column("Mail")
        key = "users"
        bulk = (tables.BulkAct("count", "Count", run=_count),)

    with pytest.raises(BadRequest):
        tables.table_response(
            ask("/", post={"_bulk": "count", "ids": ["x"]}), UserTable, User.objects.all(), "none.html"
        )


def test_rows_cost_one_query_each_page_two(ask: Ask, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):  # count, rows, total, saved filters
        _fragment(ask)
