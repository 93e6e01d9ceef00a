"""The tables of consultations."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import common.vault.fields
import consultations.models.cases


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_accounts"),
        ("common", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "ref",
                    models.CharField(
                        default=consultations.models.cases.new_reference,
                        max_length=12,
                        unique=True,
                        verbose_name="受付番号",
                    ),
                ),
                ("source_draft", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "shared_in_firm",
                    models.BooleanField(default=False, verbose_name="社内で共有する"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "受付済み"),
                            ("triage", "担当の専門家を選んでいます"),
                            ("conflict_check", "利益相反を確認しています"),
                            ("in_progress", "専門家が対応中"),
                            ("waiting_requester", "ご回答をお待ちしています"),
                            ("advice_review", "助言を査読しています"),
                            ("advised", "助言をお渡ししました"),
                            ("closed", "終了"),
                            ("withdrawn", "取り下げ"),
                        ],
                        default="submitted",
                        max_length=20,
                        verbose_name="状態",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("leak", "漏えいが起きた・疑いがある"),
                            ("management", "社内での管理のしかた"),
                            ("contract", "契約・秘密保持"),
                            ("employees", "退職者・採用"),
                            ("overseas", "海外拠点・海外取引"),
                            ("rights", "特許にするか、秘密にするか"),
                            ("other", "そのほか"),
                        ],
                        max_length=12,
                        verbose_name="相談の種類",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        choices=[
                            ("now", "今まさに起きている"),
                            ("week", "1週間以内に助言がほしい"),
                            ("normal", "急がない"),
                        ],
                        max_length=8,
                        verbose_name="急ぎ",
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("CN", "中国"),
                            ("HK", "香港"),
                            ("TW", "台湾"),
                            ("KR", "韓国"),
                            ("MN", "モンゴル"),
                            ("TH", "タイ"),
                            ("VN", "ベトナム"),
                            ("ID", "インドネシア"),
                            ("MY", "マレーシア"),
                            ("PH", "フィリピン"),
                            ("SG", "シンガポール"),
                            ("MM", "ミャンマー"),
                            ("KH", "カンボジア"),
                            ("LA", "ラオス"),
                            ("BN", "ブルネイ"),
                            ("IN", "インド"),
                            ("BD", "バングラデシュ"),
                            ("PK", "パキスタン"),
                            ("LK", "スリランカ"),
                            ("NP", "ネパール"),
                            ("UZ", "ウズベキスタン"),
                            ("KZ", "カザフスタン"),
                            ("AE", "アラブ首長国連邦"),
                            ("SA", "サウジアラビア"),
                            ("QA", "カタール"),
                            ("IL", "イスラエル"),
                            ("TR", "トルコ"),
                            ("EG", "エジプト"),
                            ("MA", "モロッコ"),
                            ("KE", "ケニア"),
                            ("NG", "ナイジェリア"),
                            ("ZA", "南アフリカ"),
                            ("US", "米国"),
                            ("CA", "カナダ"),
                            ("MX", "メキシコ"),
                            ("BR", "ブラジル"),
                            ("AR", "アルゼンチン"),
                            ("CL", "チリ"),
                            ("PE", "ペルー"),
                            ("CO", "コロンビア"),
                            ("GB", "英国"),
                            ("DE", "ドイツ"),
                            ("FR", "フランス"),
                            ("IT", "イタリア"),
                            ("ES", "スペイン"),
                            ("PT", "ポルトガル"),
                            ("NL", "オランダ"),
                            ("BE", "ベルギー"),
                            ("LU", "ルクセンブルク"),
                            ("IE", "アイルランド"),
                            ("CH", "スイス"),
                            ("AT", "オーストリア"),
                            ("DK", "デンマーク"),
                            ("SE", "スウェーデン"),
                            ("NO", "ノルウェー"),
                            ("FI", "フィンランド"),
                            ("PL", "ポーランド"),
                            ("CZ", "チェコ"),
                            ("SK", "スロバキア"),
                            ("HU", "ハンガリー"),
                            ("RO", "ルーマニア"),
                            ("BG", "ブルガリア"),
                            ("GR", "ギリシャ"),
                            ("UA", "ウクライナ"),
                            ("RU", "ロシア"),
                            ("AU", "オーストラリア"),
                            ("NZ", "ニュージーランド"),
                            ("ZZ", "その他の国・地域"),
                        ],
                        default="",
                        max_length=2,
                        verbose_name="関係する国・地域",
                    ),
                ),
                (
                    "filed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="受付日時",
                    ),
                ),
                (
                    "moved_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="最後に動いた日時",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("title", common.vault.fields.SealedTextField(max_length=200, verbose_name="件名")),
                ("answers", common.vault.fields.SealedJSONField(default=dict)),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "vault_key",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.datakey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "duty",
                    models.CharField(
                        choices=[("adviser", "担当専門家"), ("reviewer", "査読者")],
                        max_length=10,
                        verbose_name="役割",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "打診中"),
                            ("accepted", "担当中"),
                            ("declined", "辞退"),
                            ("ended", "担当終了"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "offered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("declared_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "expert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="consultations.consultation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AdviceReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafting", "作成中"),
                            ("in_review", "査読中"),
                            ("approved", "査読済み"),
                            ("issued", "発行済み"),
                        ],
                        default="drafting",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("content", common.vault.fields.SealedJSONField(default=dict)),
                (
                    "saved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("issued_at", models.DateTimeField(null=True)),
                ("pdf_path", models.CharField(blank=True, default="", max_length=80)),
                ("pdf_size", models.PositiveIntegerField(default=0)),
                ("pdf_sha256", models.CharField(blank=True, default="", max_length=64)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="consultations.consultation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    common.vault.fields.SealedTextField(max_length=500, verbose_name="理由"),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="disclosures",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("answers", common.vault.fields.SealedJSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "saved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "vault_key",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.datakey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("token", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "body",
                    common.vault.fields.SealedTextField(
                        max_length=20000, verbose_name="メッセージ"
                    ),
                ),
                ("from_expert", models.BooleanField(default=False)),
                ("asks_reply", models.BooleanField(default=False, verbose_name="回答をお願いする")),
                (
                    "sent_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="consultations.consultation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    common.vault.fields.SealedTextField(max_length=120, verbose_name="ファイル名"),
                ),
                (
                    "content_type",
                    models.CharField(editable=False, max_length=100, verbose_name="種類"),
                ),
                ("size", models.PositiveIntegerField(editable=False, verbose_name="大きさ")),
                ("path", models.CharField(editable=False, max_length=80, unique=True)),
                (
                    "scan_state",
                    models.CharField(
                        choices=[
                            ("pending", "検査待ち"),
                            ("clean", "検査済み"),
                            ("infected", "ウイルスを検出"),
                            ("error", "検査できません"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="ウイルス検査",
                    ),
                ),
                (
                    "scan_detail",
                    models.CharField(blank=True, default="", editable=False, max_length=60),
                ),
                ("scanned_at", models.DateTimeField(editable=False, null=True)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="受付",
                    ),
                ),
                (
                    "data_key",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.datakey",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="consultations.consultation",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="consultations.message",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Transition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("submitted", "受付済み"),
                            ("triage", "担当の専門家を選んでいます"),
                            ("conflict_check", "利益相反を確認しています"),
                            ("in_progress", "専門家が対応中"),
                            ("waiting_requester", "ご回答をお待ちしています"),
                            ("advice_review", "助言を査読しています"),
                            ("advised", "助言をお渡ししました"),
                            ("closed", "終了"),
                            ("withdrawn", "取り下げ"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("submitted", "受付済み"),
                            ("triage", "担当の専門家を選んでいます"),
                            ("conflict_check", "利益相反を確認しています"),
                            ("in_progress", "専門家が対応中"),
                            ("waiting_requester", "ご回答をお待ちしています"),
                            ("advice_review", "助言を査読しています"),
                            ("advised", "助言をお渡ししました"),
                            ("closed", "終了"),
                            ("withdrawn", "取り下げ"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transitions",
                        to="consultations.consultation",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["state", "filed_at"], name="consultation_queue"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["organisation", "-filed_at"], name="consultation_by_firm"),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "submitted",
                            "triage",
                            "conflict_check",
                            "in_progress",
                            "waiting_requester",
                            "advice_review",
                            "advised",
                            "closed",
                            "withdrawn",
                        ],
                    )
                ),
                name="consultation_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "category__in",
                        [
                            "leak",
                            "management",
                            "contract",
                            "employees",
                            "overseas",
                            "rights",
                            "other",
                        ],
                    ),
                    ("urgency__in", ["now", "week", "normal"]),
                ),
                name="consultation_codes_known",
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["expert", "state"], name="assignment_by_expert"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["offered", "accepted"])),
                fields=("consultation", "duty"),
                name="assignment_one_open_per_duty",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["offered", "accepted"])),
                fields=("consultation", "expert"),
                name="assignment_nobody_reviews_himself",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), _negated=True),
                    ("declared_at__isnull", False),
                    _connector="OR",
                ),
                name="assignment_declared_before_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="advicereport",
            constraint=models.UniqueConstraint(
                fields=("consultation", "number"), name="report_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="advicereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reviewer__isnull", True),
                    models.Q(("reviewer", models.F("author")), _negated=True),
                    _connector="OR",
                ),
                name="report_reviewed_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="advicereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "issued"]), _negated=True),
                    ("reviewer__isnull", False),
                    _connector="OR",
                ),
                name="report_reviewed_before_issue",
            ),
        ),
        migrations.AddConstraint(
            model_name="advicereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "issued"), _negated=True),
                    ("issued_at__isnull", False),
                    _connector="OR",
                ),
                name="report_issue_dated",
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["author", "-saved_at"], name="draft_by_author"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["consultation", "sent_at"], name="message_by_case"),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["consultation", "created_at"], name="attachment_by_case"),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("scan_state__in", ["pending", "clean", "infected", "error"])),
                name="consultations_attachment_scan_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan_state", "clean"), _negated=True),
                    ("scanned_at__isnull", False),
                    _connector="OR",
                ),
                name="consultations_attachment_clean_dated",
            ),
        ),
    ]
