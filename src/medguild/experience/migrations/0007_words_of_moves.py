from django.db import migrations, models

# Messages of moves went as reminders until now; their source tells them apart.
_NAME = "update experience_notice set kind = 'moved' where kind = 'reminder' and source like 'moved:%';"
_BACK = "update experience_notice set kind = 'reminder' where kind = 'moved';"


class Migration(migrations.Migration):

    dependencies = [
        ('experience', '0006_ratings'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.RunSQL(_NAME, _BACK),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reminder', 'offer', 'recall', 'called', 'moved'])), name='notice_kind_known'),
        ),
    ]
