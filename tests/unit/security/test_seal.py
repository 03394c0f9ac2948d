"""Sealing: what is sealed opens only with a key of the ring, about the same thing, and unchanged."""

import base64

import pytest

from shared.security.seal import BadKey, PhoneIndex, SealBroken, Sealer, generate_key

OLD, NEW = generate_key(), generate_key()
ABOUT = "0199-complaint/name"


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(f"k1:{OLD}")


@pytest.mark.parametrize("text", ["张三", "", "马䶮𠅤 👨‍👩‍👧", "长" * 5_000])
def test_what_was_sealed_opens_again(sealer: Sealer, text: str) -> None:
    assert sealer.open(sealer.seal(text, about=ABOUT), about=ABOUT) == text


def test_a_sealed_text_shows_its_version_and_key_but_not_its_content(sealer: Sealer) -> None:
    sealed = sealer.seal("19900001001", about=ABOUT)

    assert sealed.startswith("y1.k1.")
    assert "19900001001" not in sealed
    assert sealed.isascii()


def test_the_same_text_never_seals_the_same_twice(sealer: Sealer) -> None:
    assert sealer.seal("张三", about=ABOUT) != sealer.seal("张三", about=ABOUT)


def test_a_sealed_text_does_not_open_about_something_else(sealer: Sealer) -> None:
    with pytest.raises(SealBroken):
        sealer.open(sealer.seal("张三", about=ABOUT), about="0199-complaint/address")


def test_a_new_first_key_seals_and_the_old_one_still_opens(sealer: Sealer) -> None:
    rotated = Sealer(f"k2:{NEW}, k1:{OLD}")

    assert rotated.open(sealer.seal("张三", about=ABOUT), about=ABOUT) == "张三"
    assert rotated.seal("张三", about=ABOUT).startswith("y1.k2.")


def test_a_key_that_has_left_the_ring_opens_nothing(sealer: Sealer) -> None:
    with pytest.raises(SealBroken):
        Sealer(f"k2:{NEW}").open(sealer.seal("张三", about=ABOUT), about=ABOUT)


def test_another_key_under_the_same_id_opens_nothing(sealer: Sealer) -> None:
    with pytest.raises(SealBroken):
        Sealer(f"k1:{NEW}").open(sealer.seal("张三", about=ABOUT), about=ABOUT)


def test_every_changed_byte_breaks_the_seal(sealer: Sealer) -> None:
    prefix, _, body = sealer.seal("张三", about=ABOUT).rpartition(".")
    held = bytearray(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    for place in range(len(held)):
        changed = held.copy()
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            sealer.open(f"{prefix}.{base64.urlsafe_b64encode(changed).decode().rstrip('=')}", about=ABOUT)


@pytest.mark.parametrize(
    "text", ["", "张三", "y1", "y1.k1", "y1.k1.", "y1.k1.AAAA", "y1.k1.***", "y1.k1.张", "y2.k1.AAAA", "."]
)
def test_what_was_never_sealed_is_told_as_broken(sealer: Sealer, text: str) -> None:
    with pytest.raises(SealBroken):
        sealer.open(text, about=ABOUT)


def test_fields_are_sealed_each_about_itself_and_what_is_missing_stays_missing(sealer: Sealer) -> None:
    fields = {"name": "张三", "address": "沈丘县", "contact_person": None}
    sealed = sealer.seal_fields(fields, "c1")

    assert sealer.open_fields(sealed, "c1") == fields
    with pytest.raises(SealBroken):
        sealer.open_fields(sealed, "c2")
    with pytest.raises(SealBroken):
        sealer.open_fields({"name": sealed["address"]}, "c1")
    some = sealed | {"address": "y1.lost.aaaa"}
    assert sealer.open_those_that_can_be(some, "c1") == fields | {"address": None}


@pytest.mark.parametrize(
    ("ring", "names"),
    [
        ("", "第1项"),
        (OLD, "第1项"),
        (f":{OLD}", "第1项"),
        (f"k.1:{OLD}", "第1项"),
        (f"k1:{OLD},", "第2项"),
        (f"k1:{OLD},k2:not base64", "k2"),
        ("k1:" + base64.b64encode(bytes(16)).decode(), "32字节"),
        (f"k1:{OLD},k1:{NEW}", "重复"),
    ],
    ids=["empty", "no id", "empty id", "dot in id", "empty second", "no base64", "too short", "same id twice"],
)
def test_a_bad_ring_is_refused_with_a_sentence_that_never_repeats_a_key(ring: str, names: str) -> None:
    with pytest.raises(BadKey, match=names) as refused:
        Sealer(ring)

    assert OLD not in str(refused.value)


def test_equal_phones_are_found_by_the_index_and_only_with_its_key() -> None:
    index = PhoneIndex(OLD)

    assert index.of("19900001001") == PhoneIndex(OLD).of("19900001001")
    assert index.of("19900001001") != index.of("19900001002")
    assert index.of("19900001001") != PhoneIndex(NEW).of("19900001001")
    assert len(index.of("19900001001")) == 64


def test_a_bad_index_key_is_refused() -> None:
    with pytest.raises(BadKey, match="YOUSU_PHONE_INDEX_KEY"):
        PhoneIndex("short")
