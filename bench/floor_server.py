"""``python -m bench.floor_server PORT``: the floor under granian, started as ``kentongan serve`` starts the product."""

import os
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def main() -> None:
    Granian(
        "bench.floor_app:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("KENTONGAN_WEB_WORKERS", "1")),
        blocking_threads=int(os.environ.get("KENTONGAN_WEB_THREADS", "4")),
        backlog=1024,
        log_access=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
