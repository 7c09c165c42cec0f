"""The event log: partitioned by month on its version-7 id, append-only by trigger."""

from __future__ import annotations

import datetime as dt

from django.db import migrations

from medguild.foundation.events.partitions import ensure_partitions

_TABLE = """
create table foundation_event (
    id uuid not null,
    version smallint not null,
    type text not null,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    xid xid8 not null default pg_current_xact_id(),
    actor_kind text not null,
    actor_id uuid,
    actor_label text not null,
    cause text not null default '',
    subject_type text not null,
    subject_id uuid,
    subject_label text not null default '',
    unit_id uuid,
    patient_id uuid,
    patient_ids uuid[],
    data jsonb not null default '{}',
    primary key (id)
) partition by range (id);
create index event_commit_order on foundation_event (xid, id);
create index event_of_subject on foundation_event (subject_type, subject_id, id);
create index event_of_patient on foundation_event (patient_id, id) where patient_id is not null;
create index event_readers on foundation_event using gin (patient_ids) where patient_ids is not null;

create function foundation_event_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'events are never changed or deleted' using errcode = 'integrity_constraint_violation';
end $$;
create trigger event_append_only before update or delete on foundation_event
    for each row execute function foundation_event_is_final();
create trigger event_never_emptied before truncate on foundation_event
    for each statement execute function foundation_event_is_final();
"""


def first_partitions(apps, schema_editor):
    ensure_partitions(today=dt.datetime.now(dt.UTC).date(), back=24, ahead=3)


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]

    operations = [
        migrations.RunSQL(_TABLE, "drop table foundation_event; drop function foundation_event_is_final();"),
        migrations.RunPython(first_partitions, migrations.RunPython.noop),
    ]
