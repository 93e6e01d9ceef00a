"""Fictional people and firms for trying the portal out. Refused in production by the settings.

Addresses, passwords and seeds are printed in the README: they protect nothing.
"""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import services
from accounts.enums import Country, Industry, Prefecture, SizeBand
from accounts.models import Membership, User
from accounts.models.seeds import seal_seed
from common.policy import Role


@dataclass(frozen=True)
class DemoAccount:
    """One fictional person; `seed` is the base32 TOTP seed of 160 bits."""

    name: str
    kana: str
    role: Role
    local: str
    password: str
    seed: str = ""

    @property
    def email(self) -> str:
        """The fixed address."""
        return f"{self.local}@demo.example"


ACCOUNTS = (
    DemoAccount("作例 一郎", "サクレイ イチロウ", Role.MEMBER, "sme", "Kawa-Nagare-2741"),
    DemoAccount("作例 花子", "サクレイ ハナコ", Role.MEMBER, "sme-clerk", "Yama-Kasumi-5839"),
    DemoAccount("見本 次郎", "ミホン ジロウ", Role.MEMBER, "sme2", "Umi-Hotaru-6120-b"),
    DemoAccount(
        "専門 太郎", "センモン タロウ", Role.EXPERT, "expert", "Mori-Shizuku-4417",
        "4NTBS46LAYPJHRBQIWQ26AN5W673XQNL",
    ),
    DemoAccount(
        "専門 春子", "センモン ハルコ", Role.EXPERT, "expert2", "Take-Kazeoto-9053",
        "EKQNSZ7WUZXY62FRDO77SEU5GYB7GGZR",
    ),
    DemoAccount(
        "査読 冬子", "サドク フユコ", Role.EXPERT, "reviewer", "Yuki-Akari-3386",
        "3YAEEZKSFITUMFGGR65WSU24HT7JZWOQ",
    ),
    DemoAccount(
        "事務 夏夫", "ジム ナツオ", Role.STAFF, "staff", "Hama-Chidori-7725",
        "66TXVHNPAJEFVWYFLGIFK56T3LHAXNJJ",
    ),
    DemoAccount(
        "編集 秋人", "ヘンシュウ アキト", Role.EDITOR, "editor", "Momiji-Ishidan-1948",
        "V6VV7OCUT3OBRXRTDJGFZTCH2G5YAQLU",
    ),
    DemoAccount(
        "窓口 みどり", "マドグチ ミドリ", Role.PARTNER, "partner", "Natsu-Yudachi-8264",
        "KZUZVQ6W2SOH7YTGDYLHJZZSFG4DJON5",
    ),
    DemoAccount(
        "監査 実", "カンサ ミノル", Role.AUDITOR, "auditor", "Tsuki-Kagami-5570",
        "3UPC3RRQB46XY2MDTRXFZHURP5MK5LIB",
    ),
)  # fmt: skip

FIRMS = {
    "sme": services.OrganisationDetails(
        name="作例精密工業株式会社",
        kana="サクレイセイミツコウギョウ",
        prefecture=Prefecture.NAGANO,
        industry=Industry.E,
        size=SizeBand.UP_TO_50,
        bases=[
            services.BaseDetails(Country.TH, "バンコク", "作例タイ工場"),
            services.BaseDetails(Country.VN, "ハノイ", "作例ベトナム事務所"),
        ],
    ),
    "sme2": services.OrganisationDetails(
        name="見本食品株式会社",
        kana="ミホンショクヒン",
        prefecture=Prefecture.FUKUOKA,
        industry=Industry.E,
        size=SizeBand.UP_TO_20,
    ),
}
#: Who works where, beside those who registered the firms.
COLLEAGUES = {"sme-clerk": "sme"}


def load() -> None:
    """Make whatever of this is missing; what is there stays as it is."""
    with transaction.atomic():
        people = {account.local: _person(account) for account in ACCOUNTS}
        for local, details in FIRMS.items():
            if people[local].organisation is None:
                services.register_organisation(details, actor=people[local])
        for local, boss in COLLEAGUES.items():
            if people[local].organisation is None:
                Membership.objects.create(
                    user=people[local],
                    organisation=people[boss].organisation,  # type: ignore[misc]
                )


def _person(account: DemoAccount) -> User:
    """The account, with a proved address and, where there is a seed, a second factor."""
    user = User.objects.filter(email=account.email).first()
    if user is not None:
        return user  # type: ignore[no-any-return]
    user = User.objects.create_user(
        account.email, account.password, role=account.role, name=account.name, kana=account.kana
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if account.seed:
        Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.TOTP,
            data={"secret": seal_seed(user, account.seed)},
        )
    return user
