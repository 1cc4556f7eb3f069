"""A real worker process for the tests: ``python -m tests.jobs.child <database> <lease s> <grace s>``."""

import os
import sys
from datetime import timedelta


def main(database: str, lease: float, grace: float) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kentongan.settings")
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from kentongan import worker
    from kentongan.jobs import engine, heartbeat
    from kentongan.jobs.cron import Duty, Every

    engine.LEASE = timedelta(seconds=lease)
    heartbeat.BEAT = lease / 3
    worker.GRACE = grace
    worker.DUTIES = (Duty("test duty", "tests.jobs.duties.effect", Every(60)),)
    print("ready", flush=True)
    sys.stdin.readline()
    worker.run()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
