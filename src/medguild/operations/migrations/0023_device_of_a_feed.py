from django.db import migrations, models

# A database may have the new name already: both ways lead to the same table.
_RENAME = """
do $$
begin
    if exists (
        select 1 from information_schema.columns
         where table_schema = current_schema() and table_name = 'operations_calendarfeed' and column_name = 'label'
    ) then
        alter table operations_calendarfeed rename column label to device;
    end if;
end $$;
alter table operations_calendarfeed drop constraint if exists feed_labelled;
alter table operations_calendarfeed drop constraint if exists feed_has_device_and_token;
alter table operations_calendarfeed
    add constraint feed_has_device_and_token check (device <> '' and token_hash <> '');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('operations', '0022_series_one_end'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_RENAME, migrations.RunSQL.noop)],
            state_operations=[
                migrations.RemoveConstraint(model_name='calendarfeed', name='feed_labelled'),
                migrations.RenameField(model_name='calendarfeed', old_name='label', new_name='device'),
                migrations.AddConstraint(
                    model_name='calendarfeed',
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(('device', ''), _negated=True), models.Q(('token_hash', ''), _negated=True)
                        ),
                        name='feed_has_device_and_token',
                    ),
                ),
            ],
        ),
    ]
