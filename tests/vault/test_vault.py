"""What is sealed opens with its key at its place, and nowhere else."""

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.vault import DecryptionError, KeyRing, SealContext, Vault, VaultError, make_key_ring, read_key_ring

PLACE = SealContext("connection", "access_token", "7", "anna", "shop.example.se")
SECRET = Secret("5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b")


@pytest.fixture(scope="module")
def vault() -> Vault:
    return Vault(KeyRing.new())


def places() -> st.SearchStrategy[SealContext]:
    return st.builds(SealContext, *[st.text(max_size=12)] * len(SealContext._fields))


@given(text=st.text(max_size=300), context=places())
def test_any_secret_comes_back_as_it_was(vault: Vault, text: str, context: SealContext) -> None:
    assert vault.open(vault.seal(Secret(text), context), context) == Secret(text)


@pytest.mark.parametrize("text", ["", "\x00", "a\x00\x00", "\x80", "a" * 63, "a" * 64, "å" * 32, "𝕏", "a\n"])
def test_padding_takes_nothing_away(vault: Vault, text: str) -> None:
    assert vault.open(vault.seal(Secret(text), PLACE), PLACE) == Secret(text)


@pytest.mark.parametrize("part", SealContext._fields)
def test_a_token_moved_to_another_place_does_not_open(vault: Vault, part: str) -> None:
    token = vault.seal(SECRET, PLACE)
    with pytest.raises(DecryptionError):
        vault.open(token, PLACE._replace(**{part: "another"}))


def test_two_rows_that_swapped_their_tokens_do_not_open(vault: Vault) -> None:
    rows = [PLACE._replace(row=row) for row in ("1", "2")]
    tokens = [vault.seal(SECRET, context) for context in rows]
    for token, context in zip(reversed(tokens), rows, strict=True):
        with pytest.raises(DecryptionError):
            vault.open(token, context)


def test_a_place_cannot_be_read_in_another_way(vault: Vault) -> None:
    token = vault.seal(SECRET, SealContext("a", "b", "c", "d", '","e'))
    with pytest.raises(DecryptionError):
        vault.open(token, SealContext("a", "b", "c", 'd","', "e"))


def test_no_single_character_of_a_token_can_be_changed(vault: Vault) -> None:
    token = vault.seal(SECRET, PLACE)
    for at, character in enumerate(token):
        for other in "A9-.=":
            if other != character:
                with pytest.raises(DecryptionError):
                    vault.open(token[:at] + other + token[at + 1 :], PLACE)


@given(st.text())
def test_any_other_text_does_not_open(vault: Vault, text: str) -> None:
    with pytest.raises(DecryptionError):
        vault.open(text, PLACE)


@given(st.text(max_size=80))
def test_a_token_with_more_or_less_of_it_does_not_open(vault: Vault, more: str) -> None:
    token = vault.seal(SECRET, PLACE)
    for changed in (token + (more or " "), (more or " ") + token, token[: -1 - len(more)], token + "\n"):
        with pytest.raises(DecryptionError):
            vault.open(changed, PLACE)


def test_a_token_of_a_ring_that_is_not_ours_does_not_open(vault: Vault) -> None:
    with pytest.raises(DecryptionError):
        vault.open(Vault(KeyRing.new()).seal(SECRET, PLACE), PLACE)


def test_a_key_under_the_same_name_is_still_another_key(vault: Vault) -> None:
    other = Vault(KeyRing(vault.ring.current, dict.fromkeys(vault.ring.keys, b"k" * 32)))
    with pytest.raises(DecryptionError):
        other.open(vault.seal(SECRET, PLACE), PLACE)


def test_an_old_key_of_the_ring_still_opens_and_only_the_current_one_seals(vault: Vault) -> None:
    fresh = KeyRing.new()
    both = Vault(KeyRing(fresh.current, {**vault.ring.keys, **fresh.keys}))
    assert both.open(vault.seal(SECRET, PLACE), PLACE) == SECRET
    assert both.seal(SECRET, PLACE).split(".")[1] == fresh.current


def test_a_secret_is_never_sealed_to_the_same_token_twice(vault: Vault) -> None:
    assert len({vault.seal(SECRET, PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize(("shortest", "longest"), [(0, 63), (64, 127)])
def test_the_length_of_a_token_says_little(vault: Vault, shortest: int, longest: int) -> None:
    lengths = {len(vault.seal(Secret("x" * length), PLACE)) for length in range(shortest, longest + 1)}
    assert len(lengths) == 1


def test_a_token_names_its_version_and_its_key_and_shows_nothing_else(vault: Vault) -> None:
    version, key_id, sealed = vault.seal(Secret("plain-marker"), PLACE).split(".")
    assert (version, key_id) == ("v1", vault.ring.current)
    assert "marker" not in sealed


def test_what_does_not_open_says_nothing_of_what_was_tried(vault: Vault) -> None:
    with pytest.raises(DecryptionError) as error:
        vault.open("v1.marker.marker", PLACE)
    assert "marker" not in str(error.value)
    assert error.value.__suppress_context__


def test_equal_values_have_equal_fingerprints_in_any_order(vault: Vault) -> None:
    one = vault.fingerprint("draft", {"access_token": SECRET, "api_url": "a.se"})
    assert one == vault.fingerprint(
        "draft", {"api_url": "a.se", "access_token": Secret("5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b")}
    )
    assert one == Vault(vault.ring).fingerprint("draft", {"api_url": "a.se", "access_token": SECRET})


def test_another_purpose_value_name_or_ring_has_another_fingerprint(vault: Vault) -> None:
    prints = {
        vault.fingerprint("draft", {"a": "1", "b": "2"}),
        vault.fingerprint("other", {"a": "1", "b": "2"}),
        vault.fingerprint("draft", {"a": "1", "b": "3"}),
        vault.fingerprint("draft", {"a": "2", "b": "1"}),
        vault.fingerprint("draft", {"a": "1", "c": "2"}),
        vault.fingerprint("draft", {"a": '1", "b": "2'}),
        vault.fingerprint("draft", {"a": "1"}),
        vault.fingerprint("draft", {}),
        Vault(KeyRing.new()).fingerprint("draft", {"a": "1", "b": "2"}),
    }
    assert len(prints) == 9
    assert all(len(digest) == 64 for digest in prints)


def test_a_ring_does_not_print_its_keys() -> None:
    ring = KeyRing("k", {"k": b"marker-marker-marker-marker-mark"})
    assert "marker" not in f"{ring!r} {Vault(ring)!r}"


def test_a_ring_is_read_as_it_was_written() -> None:
    ring = KeyRing.new()
    assert KeyRing.from_json(ring.to_json()) == ring


DAMAGED = [
    "",
    "marker",
    "[]",
    "{}",
    '{"current": "marker"}',
    '{"current": "a", "keys": {}}',
    '{"current": "a", "keys": ["marker"]}',
    '{"current": "a", "keys": {"a": "marker!"}}',
    '{"current": "a", "keys": {"a": 5}}',
    '{"current": "a", "keys": {"a": "bWFya2Vy"}}',
    '{"current": "b", "keys": {"a": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}}',
]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_ring_is_refused_and_not_printed(text: str) -> None:
    with pytest.raises(VaultError) as error:
        KeyRing.from_json(text)
    assert "marker" not in str(error.value)
    assert error.value.__cause__ is None


def test_a_new_ring_is_its_owners_alone_whatever_the_mask(tmp_path: Path) -> None:
    file = tmp_path / "made" / "wizard.keys"
    before = os.umask(0)
    try:
        ring = make_key_ring(file)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_key_ring(file) == ring
    assert list(file.parent.iterdir()) == [file]


def test_a_ring_is_never_written_over_another(tmp_path: Path) -> None:
    file = tmp_path / "wizard.keys"
    first = make_key_ring(file)
    with pytest.raises(FileExistsError):
        make_key_ring(file)
    assert read_key_ring(file) == first
    assert list(tmp_path.iterdir()) == [file]


def test_a_ring_appears_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, seen = tmp_path / "wizard.keys", []
    monkeypatch.setattr(os, "fsync", lambda descriptor: seen.append(file.exists()))
    make_key_ring(file)
    assert seen == [False]


def test_no_file_is_no_ring(tmp_path: Path) -> None:
    assert read_key_ring(tmp_path / "wizard.keys") is None


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o620, 0o601])
def test_a_ring_that_others_can_reach_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "wizard.keys"
    make_key_ring(file)
    file.chmod(mode)
    with pytest.raises(VaultError, match="chmod 600"):
        read_key_ring(file)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", "nyckelån".encode("latin-1"), json.dumps({}).encode()])
def test_a_file_that_is_no_ring_is_one_sentence_and_no_traceback(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "wizard.keys"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(VaultError):
        read_key_ring(file)


def test_a_folder_in_place_of_the_ring_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(VaultError):
        read_key_ring(tmp_path)


def test_a_vault_is_a_value(vault: Vault) -> None:
    assert replace(vault) == vault
