"""Public codes and signed marks: nothing here can be guessed, and comparisons take constant time."""

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U to misread
CODE_LENGTH = 12  # 60 bits
LONG_LENGTH = 26  # 128 bits
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_salt() -> bytes:
    """16 random bytes that, with the installation's secret, give one complaint its public code."""
    return secrets.token_bytes(16)


def public_code(secret: str, salt: bytes) -> str:
    """The 12 characters (60 bits) that open a tracking page. Derived, so that a stolen database alone holds no codes."""
    digest = hmac.new(secret.encode(), b"public-code" + salt, hashlib.sha256).digest()
    number = int.from_bytes(digest[:8], "big") >> 4
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(55, -5, -5))


def long_code(secret: str, mark: str) -> str:
    """The 26 characters (128 bits) that open one page to somebody outside, derived like the public code. ``mark``: what is opened, and until when."""
    digest = hmac.new(secret.encode(), b"long-code" + mark.encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:16], "big")
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -5, -5))


def code_digest(secret: str, code: str) -> bytes:
    """What is stored to find a complaint by its code: 32 bytes, useless without the secret."""
    return hmac.new(secret.encode(), b"code-digest" + code.encode(), hashlib.sha256).digest()


def clean_code(typed: str, length: int = CODE_LENGTH) -> str:
    """A code as people type it (spaces, dashes, lower case, O for 0) in its one form, or "" when it cannot be a code."""
    code = "".join(character for character in typed.upper() if character.isalnum())[:64].translate(_MISREAD)
    return code if len(code) == length and all(character in ALPHABET for character in code) else ""


def spaced(code: str) -> str:
    """``ABCD-EFGH-JKMN``, as it is printed and read aloud."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def new_code(length: int) -> str:
    """Random characters to be read and typed: five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_token() -> str:
    """128 random bits for a form or a file name."""
    return secrets.token_urlsafe(16)
