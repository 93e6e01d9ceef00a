"""A security key of Chromium's own, for pages that ask for a passkey."""

from playwright.sync_api import Page


def add_authenticator(page: Page) -> None:
    """From now on this page answers as if a finger were laid on a reader."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
