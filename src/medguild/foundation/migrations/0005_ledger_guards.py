"""The guards of the ledger and of signatures, and the word index of codes."""

from __future__ import annotations

from django.db import migrations

_LEDGER = """
-- An account or month of another entity cannot be used: both are held together with their entity.
alter table foundation_posting
    add constraint posting_account_of_its_entity foreign key (ledger_account_id, entity_id)
        references foundation_ledgeraccount (id, entity_id),
    add constraint posting_period_of_its_entity foreign key (period_id, entity_id)
        references foundation_accountingperiod (id, entity_id);

-- The transaction that made the entry; always the true one.
alter table foundation_entry add column xid xid8 not null default pg_current_xact_id();
create function foundation_entry_names_its_transaction() returns trigger language plpgsql as $$
begin
    new.xid := pg_current_xact_id();
    return new;
end $$;
create trigger entry_names_its_transaction before insert on foundation_entry
    for each row execute function foundation_entry_names_its_transaction();

-- Final: what is wrong is reversed by another entry.
create function foundation_ledger_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'entries and postings are never changed or deleted: reverse the entry'
        using errcode = 'check_violation', constraint = tg_name;
end $$;
create trigger entry_is_final before update or delete on foundation_entry
    for each row execute function foundation_ledger_is_final();
create trigger posting_is_final before update or delete on foundation_posting
    for each row execute function foundation_ledger_is_final();
create trigger period_month_is_final before update of entity_id, month on foundation_accountingperiod
    for each row execute function foundation_ledger_is_final();

-- Once per statement: postings belong to the transaction of their entry, and to an open month that holds their day.
-- Locking the months makes a closing in progress wait or be seen.
create function foundation_posting_guard() returns trigger language plpgsql as $$
declare
    late uuid;
begin
    perform 1 from foundation_accountingperiod p
      where p.id in (select distinct period_id from fresh) order by p.id for key share;
    select n.entry_id into late from fresh n
      join foundation_accountingperiod p on p.id = n.period_id
     where p.status <> 'open' or date_trunc('month', n.booked_on)::date <> p.month limit 1;
    if found then
        raise exception 'entry % posts into a closed month or outside its month', late
            using errcode = 'check_violation', constraint = 'posting_in_open_period';
    end if;
    select e.id into late from (select distinct entry_id from fresh) n
      join foundation_entry e on e.id = n.entry_id
     where e.xid <> pg_current_xact_id() limit 1;
    if found then
        raise exception 'entry % was made by another transaction', late
            using errcode = 'check_violation', constraint = 'posting_with_its_entry';
    end if;
    return null;
end $$;
create trigger posting_guard after insert on foundation_posting
    referencing new table as fresh
    for each statement execute function foundation_posting_guard();

-- At commit, once per entry: it has postings, and every entity balances.
create function foundation_entry_balances() returns trigger language plpgsql as $$
declare
    entities integer;
    wrong integer;
begin
    select count(*), count(*) filter (where left_over <> 0) into entities, wrong
      from (select sum(amount) as left_over from foundation_posting where entry_id = new.id group by entity_id) s;
    if entities = 0 then
        raise exception 'entry % has no postings', new.id
            using errcode = 'check_violation', constraint = 'entry_has_postings';
    end if;
    if wrong > 0 then
        raise exception 'entry % does not balance in % of its entities', new.id, wrong
            using errcode = 'check_violation', constraint = 'entry_balances_per_entity';
    end if;
    return null;
end $$;
create constraint trigger entry_balances after insert on foundation_entry
    deferrable initially deferred for each row execute function foundation_entry_balances();
"""
_LEDGER_BACK = """
drop trigger entry_balances on foundation_entry;
drop trigger posting_guard on foundation_posting;
drop trigger period_month_is_final on foundation_accountingperiod;
drop trigger posting_is_final on foundation_posting;
drop trigger entry_is_final on foundation_entry;
drop trigger entry_names_its_transaction on foundation_entry;
drop function foundation_entry_balances(), foundation_posting_guard(), foundation_ledger_is_final(),
    foundation_entry_names_its_transaction();
alter table foundation_entry drop column xid;
alter table foundation_posting
    drop constraint posting_period_of_its_entity, drop constraint posting_account_of_its_entity;
"""
_SIGNATURES = """
create function foundation_content_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'signatures and the content of documents never change'
        using errcode = 'check_violation', constraint = tg_name;
end $$;
create trigger signature_is_final before update or delete on foundation_signature
    for each row execute function foundation_content_is_final();
create trigger document_content_is_final before update of sha256, size, media_type on foundation_document
    for each row execute function foundation_content_is_final();
"""
_SIGNATURES_BACK = """
drop trigger document_content_is_final on foundation_document;
drop trigger signature_is_final on foundation_signature;
drop function foundation_content_is_final();
"""
_CODES = """
create index code_by_word on foundation_code using gin (to_tsvector('simple', words)) with (fastupdate = off);
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0004_money_documents_codes")]

    operations = [
        migrations.RunSQL(_LEDGER, _LEDGER_BACK),
        migrations.RunSQL(_SIGNATURES, _SIGNATURES_BACK),
        migrations.RunSQL(_CODES, "drop index code_by_word;"),
    ]
