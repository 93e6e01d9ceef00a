"""Publications with languages, editions with two dates, sections with opaque ids; earlier text is loaded anew."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_before = import_module("guidelines.migrations.0002_published_for_good")
DROP_GUARDS, MAKE_GUARDS = _before.BACKWARD, _before.FORWARD


class Migration(migrations.Migration):
    """The old tables go, the new ones come."""

    dependencies = [
        ("guidelines", "0002_published_for_good"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(DROP_GUARDS, MAKE_GUARDS),
        migrations.DeleteModel("SectionText"),
        migrations.DeleteModel("Section"),
        migrations.DeleteModel("Edition"),
        migrations.DeleteModel("Guideline"),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("key", models.SlugField(max_length=40, primary_key=True, serialize=False)),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("name_ja", models.CharField(max_length=200, verbose_name="法律名")),
                ("name_en", models.CharField(max_length=200, verbose_name="法律名（英語）")),
                ("number_ja", models.CharField(max_length=100, verbose_name="法律番号")),
                ("number_en", models.CharField(max_length=100, verbose_name="法律番号（英語）")),
            ],
            options={
                "verbose_name": "法律",
                "ordering": ["position", "key"],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("order", models.JSONField(default=dict)),
                ("content", models.BinaryField(null=True)),
                ("sha256", models.CharField(default="", editable=False, max_length=64)),
            ],
            options={
                "verbose_name": "PDF",
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="版")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("regular", "改訂"),
                            ("correction", "正誤"),
                            ("retrospective", "過去の法律に合わせて編んだ版"),
                        ],
                        default="regular",
                        max_length=15,
                        verbose_name="種類",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "作成中"),
                            ("scheduled", "公開待ち"),
                            ("published", "公開済み"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="題名")),
                ("summary", models.CharField(max_length=600, verbose_name="要約")),
                ("law_as_of", models.DateField(verbose_name="法律の基準日")),
                ("as_of", models.DateField(verbose_name="内容を確かめた日")),
                ("sources", models.JSONField(default=list, verbose_name="出典")),
                ("chapters", models.JSONField(default=list)),
                ("published_on", models.DateField(null=True, verbose_name="公開日")),
                ("effective_on", models.DateField(null=True, verbose_name="適用開始日")),
                ("publish_at", models.DateTimeField(null=True, verbose_name="公開予定日時")),
                ("published_at", models.DateTimeField(null=True, verbose_name="公開日時")),
                ("sha256", models.CharField(default="", editable=False, max_length=64)),
                ("previous_sha256", models.CharField(default="", editable=False, max_length=64)),
                ("checked_sha256", models.CharField(default="", max_length=64)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "based_on",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="guidelines.edition",
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "版",
                "ordering": ["publication", "number"],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("key", models.SlugField(max_length=60, primary_key=True, serialize=False)),
                ("ja", models.CharField(max_length=100, verbose_name="語")),
                ("reading", models.CharField(max_length=150, verbose_name="読み")),
                ("en", models.CharField(max_length=150, verbose_name="英語")),
                ("definition_ja", models.CharField(max_length=600, verbose_name="意味")),
                ("definition_en", models.CharField(max_length=600, verbose_name="意味（英語）")),
                ("statutes", models.JSONField(default=list)),
                ("also", models.JSONField(default=list, verbose_name="ほかの書き方")),
            ],
            options={
                "verbose_name": "用語",
                "ordering": ["reading", "key"],
            },
        ),
        migrations.CreateModel(
            name="EditionPage",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="page",
                        serialize=False,
                        to="guidelines.edition",
                    ),
                ),
                ("html", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, verbose_name="アドレス")),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "日本語"), ("en", "English")],
                        default="ja",
                        max_length=2,
                        verbose_name="言語",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("guideline", "ガイドライン"),
                            ("handbook", "手引き"),
                            ("country_manual", "国別マニュアル"),
                            ("template_set", "ひな形集"),
                        ],
                        max_length=20,
                        verbose_name="種類",
                    ),
                ),
                (
                    "jurisdiction",
                    models.CharField(default="JP", max_length=2, verbose_name="国・地域"),
                ),
                ("position", models.PositiveSmallIntegerField(default=1)),
                (
                    "twin_of",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="guidelines.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "刊行物",
                "ordering": ["position", "slug", "language"],
            },
        ),
        migrations.AddField(
            model_name="edition",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="editions",
                to="guidelines.publication",
            ),
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.SlugField(
                        max_length=12, primary_key=True, serialize=False, verbose_name="節の番号"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="guidelines.publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "節",
            },
        ),
        migrations.CreateModel(
            name="ChangeNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "新設"),
                            ("substance", "実質の変更"),
                            ("wording", "字句の変更"),
                            ("moved", "移動"),
                            ("deleted", "削除"),
                        ],
                        max_length=10,
                        verbose_name="変更の種類",
                    ),
                ),
                ("note", models.CharField(max_length=600, verbose_name="何が変わったか")),
                (
                    "reason",
                    models.CharField(blank=True, default="", max_length=600, verbose_name="理由"),
                ),
                ("affects", models.JSONField(default=list, verbose_name="関係する方")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="guidelines.edition",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="guidelines.section",
                    ),
                ),
            ],
            options={
                "verbose_name": "変更の説明",
            },
        ),
        migrations.CreateModel(
            name="SectionMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("moved", "移動"), ("split", "分割"), ("merged", "統合")],
                        max_length=10,
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="guidelines.edition",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves_out",
                        to="guidelines.section",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves_in",
                        to="guidelines.section",
                    ),
                ),
            ],
            options={
                "verbose_name": "節の移動",
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_profile", models.BooleanField(default=False)),
                (
                    "publication",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="guidelines.publication",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="guidelines.section",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guideline_subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "お知らせの申し込み",
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("number", models.PositiveSmallIntegerField(verbose_name="版")),
                (
                    "language",
                    models.CharField(choices=[("ja", "日本語"), ("en", "English")], max_length=2),
                ),
                ("title", models.CharField(max_length=200, verbose_name="題名")),
                ("use", models.CharField(max_length=400, verbose_name="使いどころ")),
                ("source", models.TextField(verbose_name="本文")),
                ("docx", models.BinaryField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
            ],
            options={
                "verbose_name": "ひな形",
                "ordering": ["key", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "number", "language"), name="template_version_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(default="", max_length=10, verbose_name="番号")),
                ("heading", models.CharField(max_length=200, verbose_name="見出し")),
                ("gist", models.CharField(default="", max_length=600, verbose_name="要点")),
                ("source", models.TextField(verbose_name="本文")),
                ("checklist", models.JSONField(default=list, verbose_name="確認項目")),
                ("statutes", models.JSONField(default=list)),
                ("facts", models.JSONField(default=list)),
                ("open_points", models.JSONField(default=list)),
                ("html", models.TextField(default="", editable=False)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="guidelines.edition",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="guidelines.section",
                    ),
                ),
                (
                    "templates",
                    models.ManyToManyField(
                        related_name="sections", to="guidelines.templateversion"
                    ),
                ),
            ],
            options={
                "verbose_name": "節の本文",
            },
        ),
        migrations.CreateModel(
            name="Tick",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=10)),
                ("rev", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="guidelines.section"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guideline_ticks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "済んだ確認項目",
            },
        ),
        migrations.CreateModel(
            name="Provision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                ("place_ja", models.CharField(max_length=100, verbose_name="条項")),
                ("place_en", models.CharField(max_length=100, verbose_name="条項（英語）")),
                ("gist_ja", models.CharField(max_length=900, verbose_name="内容")),
                ("gist_en", models.CharField(max_length=900, verbose_name="内容（英語）")),
                ("valid_from", models.DateField(null=True, verbose_name="適用の始まり")),
                ("valid_to", models.DateField(null=True, verbose_name="適用の終わり")),
                ("source", models.CharField(max_length=300, verbose_name="出典")),
                ("as_of", models.DateField(verbose_name="確かめた日")),
                ("position", models.PositiveSmallIntegerField(default=1)),
                (
                    "act",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="provisions",
                        to="guidelines.act",
                    ),
                ),
            ],
            options={
                "verbose_name": "条項",
                "ordering": ["position", "valid_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "valid_from"),
                        name="provision_interval_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_from__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="provision_interval_forward",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.UniqueConstraint(
                fields=("slug", "language"), name="publication_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["guideline", "handbook", "country_manual", "template_set"])
                ),
                name="publication_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("language", "ja"), ("twin_of__isnull", False), _connector="OR"),
                name="publication_original_japanese",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                fields=("publication", "number"), name="edition_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published"), _negated=True),
                fields=("publication",),
                name="edition_one_draft_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "scheduled", "published"])),
                name="edition_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(
                        ("effective_on__isnull", False),
                        ("published_at__isnull", False),
                        ("published_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="edition_publication_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "retrospective"),
                    ("effective_on__isnull", True),
                    ("published_on__isnull", True),
                    ("effective_on__gte", models.F("published_on")),
                    _connector="OR",
                ),
                name="edition_effect_after_publication",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "scheduled"), _negated=True),
                    models.Q(("effective_on__isnull", False), ("publish_at__isnull", False)),
                    _connector="OR",
                ),
                name="edition_schedule_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(
                fields=("publication", "key"), name="section_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="changenote",
            constraint=models.UniqueConstraint(
                fields=("edition", "section"), name="change_note_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="changenote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["new", "substance", "wording", "moved", "deleted"])
                ),
                name="change_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionmove",
            constraint=models.UniqueConstraint(
                fields=("edition", "origin", "target"), name="move_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", models.F("target")), _negated=True),
                    ("kind", "moved"),
                    _connector="OR",
                ),
                name="move_elsewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("user", "section", "publication", "by_profile"),
                name="subscription_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("by_profile", False),
                        ("publication__isnull", True),
                        ("section__isnull", False),
                    ),
                    models.Q(
                        ("by_profile", False),
                        ("publication__isnull", False),
                        ("section__isnull", True),
                    ),
                    models.Q(
                        ("by_profile", True),
                        ("publication__isnull", True),
                        ("section__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="subscription_to_one_thing",
            ),
        ),
        migrations.AddIndex(
            model_name="sectionversion",
            index=models.Index(fields=["section", "edition"], name="section_history"),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=models.UniqueConstraint(
                fields=("edition", "section"), name="section_once_an_edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="tick",
            constraint=models.UniqueConstraint(
                fields=("user", "section", "item", "rev"), name="tick_once"
            ),
        ),
    ]
