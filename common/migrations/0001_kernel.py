"""The kernel's tables."""

import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import common.vault.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField(default=b"")),
            ],
        ),
        migrations.CreateModel(
            name="KekSentinel",
            fields=[
                ("kek_id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Pulse",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="日時"
                    ),
                ),
                ("verb", models.CharField(max_length=60, verbose_name="操作")),
                ("actor_id", models.UUIDField(null=True, verbose_name="操作者")),
                ("role", models.CharField(default="", max_length=20, verbose_name="役割")),
                (
                    "resource",
                    models.CharField(default="", max_length=40, verbose_name="対象の種類"),
                ),
                ("object_id", models.CharField(default="", max_length=40, verbose_name="対象")),
                ("related", models.JSONField(default=dict, verbose_name="関連する番号")),
                ("request_id", models.CharField(default="", max_length=32)),
                ("network", models.CharField(default="", max_length=16)),
                ("prev", models.BinaryField(db_default=b"")),
                ("hash", models.BinaryField(db_default=b"")),
            ],
            options={
                "ordering": ["seq"],
                "indexes": [
                    models.Index(fields=["resource", "object_id", "seq"], name="audit_by_object"),
                    models.Index(fields=["actor_id", "seq"], name="audit_by_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kek_id", models.CharField(db_index=True, editable=False, max_length=40)),
                ("wrapped", models.BinaryField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="作成",
                    ),
                ),
                (
                    "destroyed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="破棄"),
                ),
                (
                    "destroyed_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("retention", "保存期間が終わった"),
                            ("request", "本人の求め"),
                            ("draft", "下書きを捨てた"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="破棄の理由",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("destroyed_at__isnull", True), ("wrapped__isnull", False)),
                            models.Q(("destroyed_at__isnull", False), ("wrapped__isnull", True)),
                            _connector="OR",
                        ),
                        name="data_key_wrapped_or_destroyed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=60, verbose_name="種類")),
                ("subject", models.CharField(max_length=40, verbose_name="対象")),
                ("key", models.CharField(max_length=120, null=True, unique=True)),
                ("queue", models.CharField(default="default", max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "順番待ち"),
                            ("running", "実行中"),
                            ("done", "完了"),
                            ("dead", "失敗"),
                            ("cancelled", "取り消し"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="試行回数")),
                ("token", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                (
                    "not_before",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("poked_at", models.DateTimeField(null=True)),
                (
                    "error_code",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="理由"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="受付"
                    ),
                ),
                ("finished_at", models.DateTimeField(null=True, verbose_name="終了")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["queued", "running"])),
                        fields=["not_before"],
                        name="job_open",
                    ),
                    models.Index(fields=["kind", "subject"], name="job_by_subject"),
                    models.Index(
                        condition=models.Q(("state", "dead")),
                        fields=["finished_at"],
                        name="job_dead",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "running", "done", "dead", "cancelled"])
                        ),
                        name="job_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            ("lease_until__isnull", False),
                            _connector="OR",
                        ),
                        name="job_leased",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "running"]),
                            ("finished_at__isnull", False),
                            _connector="OR",
                        ),
                        name="job_finish_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mail",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("event", models.CharField(max_length=120, verbose_name="出来事")),
                ("notice", models.CharField(max_length=60, verbose_name="種類")),
                ("address", models.EmailField(max_length=254, verbose_name="宛先")),
                ("language", models.CharField(default="ja", max_length=2)),
                ("url", common.vault.fields.SealedTextField(default="", max_length=2000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "送信待ち"),
                            ("sending", "送信中"),
                            ("sent", "送信済み"),
                            ("kept", "記録のみ"),
                            ("failed", "届かない宛先"),
                            ("uncertain", "送信できたか不明"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "error_code",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="理由"),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="受付"
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="送信")),
            ],
            options={
                "indexes": [models.Index(fields=["-created_at"], name="mail_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "notice", "address"),
                        name="mail_once_per_event_and_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["queued", "sending", "sent", "kept", "failed", "uncertain"],
                            )
                        ),
                        name="mail_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=80)),
                ("language", models.CharField(max_length=2)),
                ("title", models.CharField(max_length=300)),
                ("body", models.TextField()),
                ("url", models.CharField(max_length=300)),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["vector"], name="search_by_lexeme"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "key", "language"), name="search_entry_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SystemKey",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "data_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.datakey",
                    ),
                ),
            ],
        ),
    ]
