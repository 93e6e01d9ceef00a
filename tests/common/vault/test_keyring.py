"""The keyring file: what it may hold, and that it never shows."""

import base64
import copy
import logging
import pickle
import pprint

import pytest

from common.vault import KeyringInvalid, UnknownKek
from common.vault.keyring import load, ring
from common.vault.secret import Secret
from tests.common.vault.keyrings import line, write

RAW = bytes(range(32))
OTHER = bytes(range(100, 132))


def problems(path, *, strict=False):
    with pytest.raises(KeyringInvalid) as caught:
        load(path, strict=strict)
    return caught.value.problems


def test_the_first_line_is_active_and_the_rest_only_unwrap(tmp_path):
    path = write(
        tmp_path / "k", "# 2026", "", line("new", RAW) + "  # since May", line("old", OTHER)
    )
    rings = load(path, strict=True)
    assert rings.active_id == "new"
    assert list(rings.keys) == ["new", "old"]
    sealed = rings.active.encrypt(b"text", b"bound")
    assert Secret(RAW).decrypt(sealed, b"bound") == b"text"


def test_a_key_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnknownKek, match="'gone'"):
        load(write(tmp_path / "k", line("k1")), strict=True).key("gone")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "holds no key"),
        (["# only a comment"], "holds no key"),
        (["k1:" + base64.b64encode(RAW[:16]).decode()], "k1 is not 32 bytes"),
        (["k1:" + base64.b64encode(RAW + b"x").decode()], "k1 is not 32 bytes"),
        (["k1:***"], "k1 is not 32 bytes in base64"),
        (["k1"], "k1 is not 32 bytes"),
        (["K 1:" + base64.b64encode(RAW).decode()], "a name is 1 to 40"),
        ([":" + base64.b64encode(RAW).decode()], "a name is 1 to 40"),
        (["x" * 41 + ":" + base64.b64encode(RAW).decode()], "a name is 1 to 40"),
        ([line("k1", RAW), line("k1", OTHER)], "line 2: k1 stands twice"),
        ([line("k1", RAW), line("k2", RAW)], "k2 is the same key as k1"),
        ([line("k1", b"a" * 32)], "k1 is not random"),
        (["鍵:" + base64.b64encode(RAW).decode()], "cannot be read"),
    ],
)
def test_a_bad_file_is_refused_and_says_why(tmp_path, lines, says):
    found = problems(write(tmp_path / "k", *lines))
    assert len(found) == 1
    assert says in found[0]


def test_all_problems_are_named_at_once_and_no_key_is_repeated(tmp_path):
    encoded = base64.b64encode(RAW).decode()
    path = write(tmp_path / "k", f"k1:{encoded}", f"k1:{encoded}", f"K:{encoded}", "k3:abc")
    found = problems(path)
    assert len(found) == 3
    assert encoded not in " ".join(found)


def test_a_missing_file_says_how_to_make_one(tmp_path):
    assert "does not exist" in problems(tmp_path / "none")[0]
    assert "token_bytes(32)" in problems(tmp_path / "none")[0]


def test_a_folder_is_no_keyring(tmp_path):
    assert "cannot be read" in problems(tmp_path)[0]


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o660, 0o602])
def test_production_minds_who_may_read_the_file(tmp_path, mode):
    path = write(tmp_path / "k", line("k1"), mode=mode)
    assert "read by others" in problems(path, strict=True)[0]
    assert load(path, strict=False).active_id == "k1"


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440])
def test_a_file_closed_to_others_is_accepted_in_production(tmp_path, mode):
    assert load(write(tmp_path / "k", line("k1"), mode=mode), strict=True).active_id == "k1"


def test_a_running_process_learns_a_new_key_without_a_restart(keyring_file):
    assert ring().active_id == "k1"
    before = keyring_file.read_text().strip()
    write(keyring_file, line("k2"), before)
    assert ring().active_id == "k2"
    assert set(ring().keys) == {"k1", "k2"}


@pytest.mark.parametrize("damage", ["emptied", "garbage", "gone"])
def test_a_running_process_keeps_its_keys_when_the_file_goes_bad(keyring_file, damage, caplog):
    kept = ring()
    if damage == "gone":
        keyring_file.unlink()
    else:
        write(keyring_file, {"emptied": "", "garbage": "k1:!!"}[damage])
    with caplog.at_level(logging.ERROR):
        assert ring() is kept
    assert "unusable" in caplog.text
    write(keyring_file, line("k9"))
    assert ring().active_id == "k9"


def test_a_key_shows_in_no_text_pickle_or_copy():
    secret = Secret(RAW)
    for shown in (repr(secret), str(secret), f"{secret}", pprint.pformat({"key": secret})):
        assert shown in ("<Secret>", "{'key': <Secret>}")
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(secret)
    with pytest.raises(TypeError, match="never pickled"):
        copy.deepcopy(secret)
    with pytest.raises(TypeError, match="never pickled"):
        copy.copy(secret)
    assert not hasattr(secret, "__dict__")


def test_a_key_has_32_bytes():
    with pytest.raises(ValueError, match="32 bytes"):
        Secret(b"short")
