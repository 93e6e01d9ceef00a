"""A passkey without hardware: registers and signs as a telephone or security key does."""

import json
import os
import re
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode

ORIGIN = "http://testserver"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


class Device:
    """One passkey; `verifies` off is a security key without PIN or fingerprint."""

    def __init__(self, *, verifies: bool = True) -> None:
        self.verifies = verifies
        self.rp_id = ""
        self.user_handle = b""
        self.credential_id = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.used = 0

    def register(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """The answer to a page that wants a new passkey, as its script sends it."""
        wanted = options["publicKey"]
        assert {"type": "public-key", "alg": -7} in wanted["pubKeyCredParams"]
        self.rp_id, self.user_handle = wanted["rp"]["id"], websafe_decode(wanted["user"]["id"])
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        about = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        signed = self._signed(WITH_KEY) + about + public
        attested = {"fmt": "none", "attStmt": {}, "authData": signed}
        response = {
            "clientDataJSON": _said("webauthn.create", wanted["challenge"], origin),
            "attestationObject": cbor.encode(attested),
        }
        return self._answer(response, {"credProps": {"rk": self.verifies}})

    def sign(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """The answer to a page that asks who is there."""
        wanted = options["publicKey"]
        self.used += 1
        said = _said("webauthn.get", wanted["challenge"], origin)
        signed = self._signed(0)
        signature = self.key.sign(signed + sha256(said), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": said, "authenticatorData": signed, "signature": signature,
            "userHandle": self.user_handle,
        }  # fmt: skip
        return self._answer(response, {})

    def _signed(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return sha256(self.rp_id.encode()) + bytes([flags]) + struct.pack(">I", self.used)

    def _answer(self, response: dict[str, bytes], extensions: dict[str, Any]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": name, "rawId": name, "type": "public-key",
                "response": {key: websafe_encode(value) for key, value in response.items()},
                "clientExtensionResults": extensions,
            }
        )  # fmt: skip


def _said(kind: str, challenge: str, origin: str) -> bytes:
    """What the browser says of the page; a part of what is signed."""
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()


def options_of(page: str) -> dict[str, Any]:
    """What a page hands to its script."""
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)
    assert found
    (options,) = json.loads(found.group(1)).values()
    return dict(options)


def add_passkey(client: Client, device: Device, **answers: Any) -> Any:
    """Register the device on the page for it."""
    address = reverse("mfa_add_webauthn")
    options = options_of(client.get(address).content.decode())
    credential = device.register(options)
    return client.post(address, {"name": "phone", "credential": credential, **answers})


def passkey_options(client: Client) -> dict[str, Any]:
    """What the sign-in page's script asks for."""
    answer = client.get(
        reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"}
    )
    return dict(answer.json()["request_options"])


def log_in_with_passkey(client: Client, device: Device, **options: Any) -> Any:
    """Without a password."""
    credential = device.sign(passkey_options(client), **options)
    return client.post(reverse("mfa_login_webauthn"), {"credential": credential})
