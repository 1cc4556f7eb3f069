"""``kentongan``: the operator's command."""

import argparse
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    os.umask(0o077)  # the database, photos and keys are for the account that runs this, whatever the folder allows
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kentongan.settings")
    chosen = _parser().parse_args(arguments)
    from kentongan import commands  # late: --help answers at once

    return int(commands.COMMANDS[chosen.command](chosen) or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kentongan", description="The complaint desk of a village government.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="web and worker in one command")
    serve.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    serve.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    serve.add_argument("--without-worker", action="store_true", help="the web alone; run `kentongan work` elsewhere")
    work = commands.add_parser("work", help="the worker alone")
    work.add_argument("--parent", type=int, default=0, help=argparse.SUPPRESS)
    welcome = commands.add_parser("welcome", help="print the address and the demo accounts (serve does so by itself)")
    welcome.add_argument("address")
    commands.add_parser("migrate", help="create or update the tables and collect the static files")
    init = commands.add_parser("init", help="set up a village, its officer and its administrator")
    init.add_argument("--code", required=True, help="Kemendagri code, like 33.01.02.2014")
    init.add_argument("--name", required=True)
    init.add_argument("--district", default="")
    init.add_argument("--regency", default="")
    init.add_argument("--province", default="")
    init.add_argument("--hamlets", default="", help="names, separated by commas")
    demo = commands.add_parser("demo", help="load the demo village")
    demo.add_argument("--if-empty", action="store_true", help="only into a database without a village")
    commands.add_parser("lifecycle", help="print the life cycle as a diagram")
    mail = commands.add_parser("mail", help="take in letters from a mail server of your own")
    way = mail.add_mutually_exclusive_group(required=True)
    way.add_argument("--pipe", action="store_true", help="one letter from standard input, as a mail server hands it over")
    way.add_argument("--maildir", metavar="FOLDER", help="every letter in FOLDER/new, which then moves to FOLDER/cur")
    mail.add_argument("--village", default="", help="Kemendagri code; only where one installation serves several villages")
    doctor = commands.add_parser("doctor", help="say in words what is wrong with this installation")
    doctor.add_argument("what", nargs="?", choices=["mail"], help="mail: try each village's mailbox; nothing is sent")
    simulate = commands.add_parser("simulate", help="a service of others on this computer, for practice and tests")
    simulate.add_argument("what", choices=["meta"], help="meta: Instagram or WhatsApp, with a page to play the resident")
    simulate.add_argument("--channel", choices=["instagram", "whatsapp"], default="instagram")
    simulate.add_argument("--port", type=int, default=8400)
    simulate.add_argument("--product", default="http://127.0.0.1:8000", help="the address of Kentongan, where calls are sent")
    commands.add_parser("verify", help="check that the book is whole: no gaps, counters that agree")
    return parser


if __name__ == "__main__":
    sys.exit(main())
