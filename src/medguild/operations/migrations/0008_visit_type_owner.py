import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Kinds of visits get an owner; those on file belong to the enterprise, as they did."""

    dependencies = [
        ("foundation", "0001_initial"),
        ("operations", "0007_calls"),
    ]

    operations = [
        migrations.AddField(
            model_name="visittype",
            name="owner",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.unit"
            ),
        ),
        migrations.RunSQL(
            """
            update operations_visittype set owner_id = (
                select id from foundation_unit where kind = 'enterprise' order by id limit 1
            );
            set constraints all immediate;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="visittype",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="foundation.unit"
            ),
        ),
        migrations.RemoveConstraint(model_name="visittype", name="visit_type_code_once"),
        migrations.AddConstraint(
            model_name="visittype",
            constraint=models.UniqueConstraint(fields=("owner", "code"), name="visit_type_code_once"),
        ),
    ]
