"""A ``kentongan`` command on the database of the tests: ``python -m tests.command <database> <command> …``."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """Run one command in a process of its own, on what the calling test has committed."""
    from django.db import connection

    whole = [sys.executable, "-m", "tests.command", str(connection.settings_dict["NAME"]), *command]
    return subprocess.run(whole, input=given, cwd=ROOT, capture_output=True, timeout=120, check=False)


def main(database: str, *command: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kentongan.settings")
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    from kentongan.__main__ import main as kentongan

    return kentongan(command)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
