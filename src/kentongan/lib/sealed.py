"""Secrets that must be read again (mailbox passwords): sealed with the installation's key before they reach the database."""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12  # bytes, AES-GCM's own size (NIST SP 800-38D)


class CannotOpen(ValueError):
    """It was sealed with another key, or was changed."""


def seal(secret: str, place: str, text: str) -> bytes:
    """``text`` under AES-256-GCM. ``place`` says where it belongs: moved to another row, it cannot be opened."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(secret)).encrypt(nonce, text.encode(), place.encode())


def unseal(secret: str, place: str, sealed: bytes) -> str:
    """What ``seal`` was given. Raises ``CannotOpen``."""
    try:
        return AESGCM(_key(secret)).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise CannotOpen("sealed with another key, or changed") from error


def _key(secret: str) -> bytes:
    return hmac.new(secret.encode(), b"sealed", hashlib.sha256).digest()
