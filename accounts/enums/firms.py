"""Trades and sizes of firms."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Industry(TextChoices):
    """Divisions of the Japan Standard Industrial Classification, 14th revision (2023)."""

    A = "A", _("農業，林業")
    B = "B", _("漁業")
    C = "C", _("鉱業，採石業，砂利採取業")
    D = "D", _("建設業")
    E = "E", _("製造業")
    F = "F", _("電気・ガス・熱供給・水道業")
    G = "G", _("情報通信業")
    H = "H", _("運輸業，郵便業")
    I = "I", _("卸売業，小売業")  # noqa: E741
    J = "J", _("金融業，保険業")
    K = "K", _("不動産業，物品賃貸業")
    L = "L", _("学術研究，専門・技術サービス業")
    M = "M", _("宿泊業，飲食サービス業")
    N = "N", _("生活関連サービス業，娯楽業")
    O = "O", _("教育，学習支援業")  # noqa: E741
    P = "P", _("医療，福祉")
    Q = "Q", _("複合サービス事業")
    R = "R", _("サービス業（他に分類されないもの）")
    S = "S", _("公務（他に分類されるものを除く）")
    T = "T", _("分類不能の産業")


class SizeBand(TextChoices):
    """Regular employees, in the bounds of the Small and Medium-sized Enterprise Basic Act."""

    UP_TO_5 = "1-5", _("5人以下")
    UP_TO_20 = "6-20", _("6〜20人")
    UP_TO_50 = "21-50", _("21〜50人")
    UP_TO_100 = "51-100", _("51〜100人")
    UP_TO_300 = "101-300", _("101〜300人")
    OVER_300 = "301-", _("301人以上")
