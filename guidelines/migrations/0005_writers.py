"""Who wrote in an edition, so that somebody else checks it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table between editions and people."""

    dependencies = [
        ("guidelines", "0004_published_for_good"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="edition",
            name="writers",
            field=models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL),
        ),
    ]
