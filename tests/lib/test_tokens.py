from hypothesis import given, settings
from hypothesis import strategies as st

from kentongan.lib.tokens import ALPHABET, CODE_LENGTH, clean_code, code_digest, new_salt, new_token, public_code, spaced

codes = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


@settings(deadline=None)
@given(codes)
def test_a_code_read_aloud_and_typed_is_the_same_code(code: str) -> None:
    assert clean_code(spaced(code)) == code
    assert clean_code(f"  {spaced(code).lower().replace('-', ' ')} ") == code


@settings(deadline=None)
@given(codes)
def test_letters_that_look_like_digits_are_forgiven(code: str) -> None:
    misread = code.replace("1", "l").replace("0", "o").replace("V", "u")
    assert clean_code(misread) == code
    assert clean_code(code.replace("1", "I").replace("0", "O")) == code


@settings(deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_becomes_a_code_or_nothing(typed: str) -> None:
    code = clean_code(typed)
    assert code == "" or (len(code) == CODE_LENGTH and set(code) <= set(ALPHABET))


def test_other_lengths_and_other_scripts_are_no_code() -> None:
    assert clean_code("") == ""
    assert clean_code("ABCD-EFGH-JKM") == ""
    assert clean_code("ABCD-EFGH-JKMN-P") == ""
    assert clean_code("АВСD-ЕFGН-JKМN") == ""  # Cyrillic look-alikes
    assert clean_code("A" * 1_000_000) == ""


def test_a_code_is_derived_from_secret_and_salt_together() -> None:
    salt = new_salt()
    assert public_code("secret", salt) == public_code("secret", salt)
    assert public_code("secret", salt) != public_code("other", salt)
    assert public_code("secret", salt) != public_code("secret", new_salt())
    assert clean_code(public_code("secret", salt)) == public_code("secret", salt)


def test_the_digest_tells_nothing_without_the_secret() -> None:
    code = public_code("secret", b"0" * 16)
    assert code_digest("secret", code) != code_digest("other", code)
    assert len(code_digest("secret", code)) == 32
    assert code.encode() not in code_digest("secret", code)


def test_codes_and_tokens_do_not_repeat() -> None:
    assert len({public_code("secret", new_salt()) for _ in range(2000)}) == 2000
    assert len({new_token() for _ in range(2000)}) == 2000
