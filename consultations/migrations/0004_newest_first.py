"""The secretariat's list, newest first, takes as long among 20,000 cases as among 1,000."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index in the list's order."""

    dependencies = [("consultations", "0003_allowed_moves")]

    operations = [
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["-filed_at", "id"], name="consultation_newest"),
        ),
    ]
