"""What ``kentongan`` does for an operator. Everything is imported late: a command loads only what it needs."""

import os
import signal
import subprocess
import sys
import threading
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any


def serve(arguments: Namespace) -> int:
    """Web and worker in one command; a worker that dies is started again."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    worker = None if arguments.without_worker else _Worker()
    server = Granian(
        "kentongan.wsgi:application",
        address=arguments.host,
        port=arguments.port,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("KENTONGAN_WEB_WORKERS", "1")),
        blocking_threads=int(os.environ.get("KENTONGAN_WEB_THREADS", "4")),
        backlog=1024,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    shown = "127.0.0.1" if arguments.host in {"0.0.0.0", "::"} else arguments.host  # noqa: S104 - compared, not bound
    # In a process of its own: this one stays small, it only watches over the others.
    subprocess.Popen([sys.executable, "-m", "kentongan", "welcome", f"http://{shown}:{arguments.port}/"])
    if worker:
        server.on_startup(worker.start)
        server.on_shutdown(worker.stop)
    server.serve()
    return 0


class _Worker:
    """``kentongan work`` beside the web, watched over."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self.stopping.is_set():
            self.process = subprocess.Popen([sys.executable, "-m", "kentongan", "work", "--parent", str(os.getpid())])
            self.process.wait()
            self.stopping.wait(1)

    def stop(self) -> None:
        self.stopping.set()
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()


def welcome(arguments: Namespace) -> int:
    """Print where the desk is to be found, and how one gets in."""
    _django()
    from kentongan import setup_commands

    print(f"\n  Kentongan: {arguments.address}\n")
    key = setup_commands.setup_key()
    if key:
        print(f"  No village yet. Open {arguments.address}kantor/mulai/ and give the setup key: {key}\n")
    setup_commands.print_demo_accounts()
    print(flush=True)
    return 0


def work(arguments: Namespace) -> int:
    """The worker alone; leaves when its parent (``serve``) is gone."""
    _django()
    from kentongan import worker

    stop = threading.Event()
    if arguments.parent:
        os.nice(5)  # beside the web: whoever waits for a page goes first
        threading.Thread(target=_leave_with, args=(arguments.parent, stop), daemon=True).start()
    worker.run(stop)
    return 0


def _leave_with(parent: int, stop: threading.Event) -> None:
    while os.getppid() == parent:
        if stop.wait(2):
            return
    stop.set()


def migrate(arguments: Namespace) -> int:
    """Tables and static files."""
    _django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    return 0


def lifecycle(arguments: Namespace) -> int:
    _django()
    from kentongan.complaints.lifecycle import diagram

    print(diagram())
    return 0


def verify(arguments: Namespace) -> int:
    """Whether the book is whole; exit code 1 when it is not."""
    _django()
    from kentongan.complaints import ledger

    faults = list(ledger.faults())
    for fault in faults:
        print(fault)
    print(f"{len(faults)} faults" if faults else "The book is whole.")
    return 1 if faults else 0


def mail(arguments: Namespace) -> int:
    """Letters from a mail server of the village's own. Exit codes as mail servers read them (sysexits.h): 67 no such village, 75 try again later."""
    _django()
    from django.db import DatabaseError

    from kentongan.channels.email import maildir, store, tasks
    from kentongan.village.models import Village

    try:
        found = Village.objects.filter(pk=arguments.village) if arguments.village else Village.objects.all()
        villages = list(found.values_list("pk", flat=True)[:2])
        if len(villages) != 1:
            what = f"no village {arguments.village}" if arguments.village else "say which: --village CODE"
            print(f"kentongan mail: {what}", file=sys.stderr)
            return 67
        if arguments.pipe:
            maildir.hand_over(sys.stdin.buffer.read(store.MAX_BYTES + 1), villages[0])
        else:
            maildir.take(Path(arguments.maildir), villages[0])
        tasks.understand_new.using(unique_key="letters").enqueue()
    except (DatabaseError, OSError) as error:
        print(f"kentongan mail: {type(error).__name__}, try again later", file=sys.stderr)
        return 75
    return 0


def doctor(arguments: Namespace) -> int:
    """What is wrong with this installation or its mailboxes, in words; exit code 1 when something is."""
    _django()
    from django.utils import translation

    from kentongan import checks
    from kentongan.channels.email import doctor as mailboxes

    sick = False
    with translation.override("en"):
        for well, sentence in mailboxes.examination() if arguments.what == "mail" else checks.examination():
            print(("ok    " if well else "FAULT ") + sentence)
            sick |= not well
    return 1 if sick else 0


def init(arguments: Namespace) -> int:
    _django()
    from kentongan import setup_commands

    return int(setup_commands.init(arguments) or 0)


def demo(arguments: Namespace) -> int:
    _django()
    from kentongan import setup_commands

    return int(setup_commands.demo(arguments) or 0)


def _django() -> None:
    import django

    django.setup()


def simulate(arguments: Namespace) -> int:
    """Play Meta until Ctrl-C. Needs no database: the product meets it by its settings alone."""
    from kentongan.channels.meta.simulator import practising

    try:
        with practising(arguments.channel, arguments.port, arguments.product) as meta:
            print(
                f"Meta is simulated at {meta.url}/ (open it to play the resident).\n"
                f"Type in the office, under {arguments.channel.capitalize()}:\n"
                f"  account number        {meta.account_id}\n"
                f"  app secret            {meta.app_secret}\n"
                f"  verify token          any word\n"
                f"  access token          {meta.token}\n"
                f"  address (Interface)   {meta.url}",
                flush=True,
            )
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"Port {arguments.port} cannot be used ({error.strerror}). Choose another: --port 8401", file=sys.stderr)
        return 1
    return 0


COMMANDS: dict[str, Callable[[Namespace], Any]] = {
    "serve": serve,
    "work": work,
    "welcome": welcome,
    "migrate": migrate,
    "init": init,
    "demo": demo,
    "lifecycle": lifecycle,
    "verify": verify,
    "doctor": doctor,
    "mail": mail,
    "simulate": simulate,
}
