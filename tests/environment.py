"""Loaded before the settings: tests live in a data directory of their own and never touch a real one."""

import os
import tempfile

os.environ["KENTONGAN_DATA"] = os.environ.get("KENTONGAN_TEST_DATA") or tempfile.mkdtemp(prefix="kentongan-test-")
os.makedirs(os.path.join(os.environ["KENTONGAN_DATA"], "static"), exist_ok=True)
os.environ.setdefault("KENTONGAN_LOG_LEVEL", "ERROR")
os.environ["KENTONGAN_HOSTS"] = "localhost,127.0.0.1,testserver"
