"""The words of a service are its name; `label` is what every row is called by."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("operations", "0002_visits_and_charts")]

    operations = [migrations.RenameField("noteservice", "label", "name")]
