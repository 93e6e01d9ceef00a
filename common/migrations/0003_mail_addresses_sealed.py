"""Addresses in the mail ledger are sealed; a keyed digest keeps a mail from leaving twice."""

from django.db import migrations, models

import common.vault.fields


def seal(apps, schema_editor):
    """Seal what stands there in clear, under the key that seals the mails' links."""
    from common.mail import Mail
    from common.vault.system import SystemKey

    rows = apps.get_model("common", "Mail").objects
    key = SystemKey.named("mail") if rows.exists() else None
    for pk, event, notice, plain in rows.values_list("pk", "event", "notice", "plain"):
        context = f"common_mail|address|{pk}|1".encode()
        rows.filter(pk=pk).update(
            address=key.seal(context, plain.encode()), digest=Mail.digest_of(event, notice, plain)
        )


def unseal(apps, schema_editor):
    """Back into clear."""
    from common.vault.system import SystemKey

    rows = apps.get_model("common", "Mail").objects
    key = SystemKey.named("mail") if rows.exists() else None
    for pk, sealed in rows.values_list("pk", "address"):
        context = f"common_mail|address|{pk}|1".encode()
        rows.filter(pk=pk).update(plain=key.open(context, bytes(sealed)).decode())


class Migration(migrations.Migration):
    """The old column is emptied by being dropped; a backup from before still holds it."""

    dependencies = [("common", "0002_guards")]

    operations = [
        migrations.RemoveConstraint("mail", "mail_once_per_event_and_address"),
        migrations.RenameField("mail", "address", "plain"),
        migrations.AlterField("mail", "plain", models.EmailField(max_length=254, default="")),
        migrations.AddField("mail", "address", models.BinaryField(null=True)),
        migrations.AddField(
            "mail", "digest", models.CharField(max_length=64, default="", editable=False)
        ),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField("mail", "plain"),
        migrations.AlterField(
            "mail",
            "address",
            common.vault.fields.SealedTextField(max_length=254, verbose_name="宛先"),
        ),
        migrations.AlterField("mail", "digest", models.CharField(max_length=64, editable=False)),
        migrations.AddConstraint(
            "mail",
            models.UniqueConstraint(fields=["digest"], name="mail_once_per_event_and_address"),
        ),
    ]
