"""Users, organisations, memberships, invitations."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.invitations
import common.vault.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("common", "0002_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, unique=True, verbose_name="メールアドレス"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("member", "企業の方"),
                            ("expert", "専門家"),
                            ("staff", "事務局"),
                            ("editor", "編集担当"),
                            ("partner", "連携窓口"),
                            ("auditor", "監査担当"),
                        ],
                        default="member",
                        max_length=20,
                        verbose_name="役割",
                    ),
                ),
                (
                    "name",
                    common.vault.fields.SealedTextField(
                        blank=True, default="", max_length=100, verbose_name="氏名"
                    ),
                ),
                (
                    "kana",
                    common.vault.fields.SealedTextField(
                        blank=True, default="", max_length=100, verbose_name="氏名（カナ）"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ja", "日本語"), ("en", "English")],
                        default="ja",
                        max_length=5,
                        verbose_name="表示する言語",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="利用中")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="登録"
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
            options={
                "verbose_name": "利用者",
                "verbose_name_plural": "利用者",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "name",
                    common.vault.fields.SealedTextField(max_length=200, verbose_name="企業名"),
                ),
                (
                    "kana",
                    common.vault.fields.SealedTextField(
                        blank=True, default="", max_length=200, verbose_name="企業名（カナ）"
                    ),
                ),
                (
                    "corporate_number",
                    common.vault.fields.SealedTextField(
                        blank=True, default="", max_length=13, verbose_name="法人番号"
                    ),
                ),
                (
                    "phone",
                    common.vault.fields.SealedTextField(
                        blank=True, default="", max_length=20, verbose_name="電話番号"
                    ),
                ),
                (
                    "prefecture",
                    models.CharField(
                        choices=[
                            ("01", "北海道"),
                            ("02", "青森県"),
                            ("03", "岩手県"),
                            ("04", "宮城県"),
                            ("05", "秋田県"),
                            ("06", "山形県"),
                            ("07", "福島県"),
                            ("08", "茨城県"),
                            ("09", "栃木県"),
                            ("10", "群馬県"),
                            ("11", "埼玉県"),
                            ("12", "千葉県"),
                            ("13", "東京都"),
                            ("14", "神奈川県"),
                            ("15", "新潟県"),
                            ("16", "富山県"),
                            ("17", "石川県"),
                            ("18", "福井県"),
                            ("19", "山梨県"),
                            ("20", "長野県"),
                            ("21", "岐阜県"),
                            ("22", "静岡県"),
                            ("23", "愛知県"),
                            ("24", "三重県"),
                            ("25", "滋賀県"),
                            ("26", "京都府"),
                            ("27", "大阪府"),
                            ("28", "兵庫県"),
                            ("29", "奈良県"),
                            ("30", "和歌山県"),
                            ("31", "鳥取県"),
                            ("32", "島根県"),
                            ("33", "岡山県"),
                            ("34", "広島県"),
                            ("35", "山口県"),
                            ("36", "徳島県"),
                            ("37", "香川県"),
                            ("38", "愛媛県"),
                            ("39", "高知県"),
                            ("40", "福岡県"),
                            ("41", "佐賀県"),
                            ("42", "長崎県"),
                            ("43", "熊本県"),
                            ("44", "大分県"),
                            ("45", "宮崎県"),
                            ("46", "鹿児島県"),
                            ("47", "沖縄県"),
                        ],
                        max_length=2,
                        verbose_name="都道府県",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        choices=[
                            ("A", "農業，林業"),
                            ("B", "漁業"),
                            ("C", "鉱業，採石業，砂利採取業"),
                            ("D", "建設業"),
                            ("E", "製造業"),
                            ("F", "電気・ガス・熱供給・水道業"),
                            ("G", "情報通信業"),
                            ("H", "運輸業，郵便業"),
                            ("I", "卸売業，小売業"),
                            ("J", "金融業，保険業"),
                            ("K", "不動産業，物品賃貸業"),
                            ("L", "学術研究，専門・技術サービス業"),
                            ("M", "宿泊業，飲食サービス業"),
                            ("N", "生活関連サービス業，娯楽業"),
                            ("O", "教育，学習支援業"),
                            ("P", "医療，福祉"),
                            ("Q", "複合サービス事業"),
                            ("R", "サービス業（他に分類されないもの）"),
                            ("S", "公務（他に分類されるものを除く）"),
                            ("T", "分類不能の産業"),
                        ],
                        max_length=1,
                        verbose_name="業種",
                    ),
                ),
                (
                    "size",
                    models.CharField(
                        choices=[
                            ("1-5", "5人以下"),
                            ("6-20", "6〜20人"),
                            ("21-50", "21〜50人"),
                            ("51-100", "51〜100人"),
                            ("101-300", "101〜300人"),
                            ("301-", "301人以上"),
                        ],
                        max_length=8,
                        verbose_name="従業員の数",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="登録"
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
            options={
                "verbose_name": "企業",
                "verbose_name_plural": "企業",
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_owner", models.BooleanField(default=False, verbose_name="管理者")),
                (
                    "joined_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="参加"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終了")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "所属",
                "verbose_name_plural": "所属",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("email", models.EmailField(max_length=254, verbose_name="メールアドレス")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("member", "企業の方"),
                            ("expert", "専門家"),
                            ("staff", "事務局"),
                            ("editor", "編集担当"),
                            ("partner", "連携窓口"),
                            ("auditor", "監査担当"),
                        ],
                        max_length=20,
                        verbose_name="役割",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="招待"
                    ),
                ),
                (
                    "expires_at",
                    models.DateTimeField(
                        default=accounts.models.invitations.invitation_expiry, verbose_name="期限"
                    ),
                ),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="参加")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="取り消し"),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "招待",
                "verbose_name_plural": "招待",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="OverseasBase",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "country",
                    models.CharField(
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
                        max_length=2,
                        verbose_name="国・地域",
                    ),
                ),
                (
                    "city",
                    common.vault.fields.SealedTextField(
                        blank=True, default="", max_length=100, verbose_name="都市"
                    ),
                ),
                (
                    "name",
                    common.vault.fields.SealedTextField(
                        blank=True, default="", max_length=200, verbose_name="拠点の名前"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bases",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "海外拠点",
                "verbose_name_plural": "海外拠点",
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["member", "expert", "staff", "editor", "partner", "auditor"])
                ),
                name="user_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="user_email_lower",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("user",),
                name="membership_one_active",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None), ("ended_at__gte", models.F("joined_at")), _connector="OR"
                ),
                name="membership_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("accepted_at", None), ("withdrawn_at", None)),
                fields=("email", "organisation"),
                name="invitation_one_waiting",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", False), ("role", "member")),
                    models.Q(models.Q(("role", "member"), _negated=True), ("organisation", None)),
                    _connector="OR",
                ),
                name="invitation_members_into_firms",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("accepted_at", None), ("withdrawn_at", None), _connector="OR"),
                name="invitation_accepted_or_withdrawn",
            ),
        ),
    ]
