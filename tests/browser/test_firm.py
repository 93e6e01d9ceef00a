"""A firm's first visit, its members, and the end of a membership."""

import secrets

import pytest
from playwright.sync_api import Page, expect

from tests.browser.authenticator import add_authenticator
from tests.browser.conftest import Opens
from tests.browser.hands import (
    assert_sound,
    control,
    fill,
    heading,
    mailed_link,
    press,
    sign_in,
)
from tests.browser.world import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("portal")]
#: Thirteen digits whose check digit does not fit, as typed with a Japanese keyboard.
WIDE = "１２３４－５６７８－９０１２３"


def address() -> str:
    """Nobody's yet."""
    return f"p{secrets.token_hex(4)}@mail.example"


def signed_up(page: Page, email: str) -> None:
    """From the sign-in page to one's own start page, by the mailed link."""
    page.goto("/accounts/login/")
    press(page, "登録する")
    fill(page, 氏名="髙﨑 𠮷郎", メールアドレス=email, パスワード=PASSWORD)
    control(page, "パスワード（もう一度）").fill(PASSWORD)
    press(page, "登録する")
    assert heading(page) == "メールを確かめてください"
    page.goto(mailed_link(page, email, "/confirm-email/"))
    press(page, "確認する")
    sign_in(page, email)


def test_a_firm_signs_up_and_registers(opens: Opens) -> None:
    """The number is taken as typed, its check digit only warns, and the name is shown back."""
    page = opens("", "/")
    signed_up(page, address())
    press(page, "企業の情報を登録する")
    fill(page, 企業名="㈱髙﨑製作所", 法人番号="１２３", 電話番号="０３－１２３４－５６７８")
    control(page, "企業名（カナ）").fill("たかさきせいさくしょ")
    press(page, "保存する")
    assert page.title().startswith("エラー：")
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("法人番号は13桁です（今は3桁です）。")
    expect(summary).to_be_focused()
    assert_sound(page)
    summary.get_by_role("link", name="法人番号").click()
    expect(control(page, "法人番号")).to_be_focused()

    control(page, "法人番号").fill(WIDE)
    for label, choice in {
        "本社の都道府県": "長野県",
        "業種": "製造業",
        "従業員の数": "21〜50人",
    }.items():
        control(page, label).select_option(label=choice)
    press(page, "保存する")
    warning = page.locator(".notice--warning")
    expect(warning).to_contain_text("㈱髙﨑製作所")
    expect(warning).to_contain_text("1234567890123")
    assert_sound(page)
    press(page, "このまま保存")
    assert heading(page) == "企業の情報"
    facts = page.locator(".summary").inner_text()
    assert "㈱髙﨑製作所" in facts, "the name is kept as it was typed"
    assert "タカサキセイサクショ" in facts
    assert "1234567890123" in facts


def test_a_colleague_joins_and_loses_access_at_once_when_removed(opens: Opens) -> None:
    """Invited by mail, seen among the members; removed, the next click already fails."""
    owner, colleague, email = opens("sme", "/my/"), opens("", "/"), address()
    press(owner, "同僚を招待する")
    fill(owner, 招待する方のメールアドレス=email)
    press(owner, "招待を送る")
    assert heading(owner) == "メンバー"
    expect(owner.locator(".table").last).to_contain_text(email)

    colleague.goto(mailed_link(colleague, email, "/invitations/accept/"))
    assert heading(colleague) == "アカウントを作って参加する"
    expect(colleague.locator("main")).to_contain_text("作例精密工業株式会社")
    fill(colleague, 氏名="作例 若葉", パスワード=PASSWORD)
    control(colleague, "パスワード（もう一度）").fill(PASSWORD)
    press(colleague, "アカウントを作って参加する")
    colleague.goto("/consultations/")
    assert heading(colleague) == "相談の一覧"

    owner.reload()
    press(owner, "作例 若葉さんを外す")
    assert_sound(owner)
    press(owner, "外す")
    expect(owner.locator("main")).not_to_contain_text("作例 若葉さんを外す")
    colleague.reload()
    assert heading(colleague) == "ログイン"
    sign_in(colleague, email)
    colleague.goto("/consultations/")
    expect(colleague.locator("main")).to_contain_text("当てはまる相談はありません。")


def test_a_passkey_alone_signs_in(opens: Opens) -> None:
    """Without password and code, by a finger on the reader."""
    page, email = opens("", "/"), address()
    add_authenticator(page)
    signed_up(page, email)
    page.goto("/accounts/2fa/webauthn/add/")
    if "/reauthenticate/" in page.url:
        fill(page, パスワード=PASSWORD)
        press(page, "確認する")
    control(page, "パスワードなしのログインに使う").check()
    press(page, "加える")
    page.get_by_text("パスキーを加えました。").wait_for()
    page.goto("/accounts/logout/")
    press(page, "ログアウトする")
    page.goto("/accounts/login/")
    press(page, "パスキーでログインする")
    page.wait_for_url("**/my/")
