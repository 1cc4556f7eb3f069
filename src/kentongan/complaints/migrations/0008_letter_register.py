"""The register of outgoing letters, filled with every number that events, referrals, meetings and sent reports know.

The serial of an older number is read with the village's pattern of today; where that does not fit, it stays empty. A number that was used
up by a report whose paper could not be made is known to nothing but the counter: its row is missing.
"""

import re
from zoneinfo import ZoneInfo

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

CODES = {"invitation": "005", "minutes": "140", "report": "145", "referral": "490", "answer": "490", "completion": "490"}
SERIES = {"answer": "referral", "completion": "referral"}


def serial_of(pattern, kind, number):
    parts = re.split(r"\{(\w+)\}", pattern.replace("{kind}", CODES[kind]))
    wanted = "".join(
        re.escape(part) if n % 2 == 0 else r"(?P<serial>\d+)" if part.startswith("serial") and "serial" not in parts[:n] and "serial3" not in parts[:n] else r".+?"
        for n, part in enumerate(parts)
    )
    found = re.fullmatch(wanted, number)
    return int(found["serial"]) if found and "serial" in found.groupdict() and len(found["serial"]) < 9 else None


def known_numbers(apps):
    """Each as (at, village, kind, number, what it belongs to)."""
    for event in apps.get_model("complaints", "Event").objects.filter(kind="letter_numbered").select_related("village").iterator():
        about = {"complaint_id": event.complaint_id, "by_id": event.by_id, "by_label": event.by_label}
        yield event.at, event.village, event.data["letter"], event.data["number"], about
    for row in apps.get_model("complaints", "Referral").objects.exclude(letter_number="").select_related("village").iterator():
        yield row.at, row.village, "referral", row.letter_number, {"complaint_id": row.complaint_id, "by_label": row.by_label}
    for row in apps.get_model("complaints", "Meeting").objects.select_related("village").iterator():
        about = {"meeting_id": row.pk, "by_label": row.by_label}
        if row.letter_number:
            yield row.at, row.village, "invitation", row.letter_number, about
        if row.minutes_number:
            yield row.minuted_at or row.at, row.village, "minutes", row.minutes_number, about
    for row in apps.get_model("complaints", "SentReport").objects.defer("data").select_related("village").iterator():
        about = {"period": row.period, "by_id": row.by_id, "by_label": row.by_label}
        yield row.at, row.village, "report", row.number, about


def fill(apps, schema_editor):
    made, seen = [], set()
    counters = apps.get_model("complaints", "LetterCounter").objects.all()
    last = {(row.village_id, row.kind, row.year): row.last for row in counters}
    LetterNumber = apps.get_model("complaints", "LetterNumber")
    for at, village, kind, number, about in sorted(known_numbers(apps), key=lambda known: known[0]):
        year, series = at.astimezone(ZoneInfo(village.zone)).year, SERIES.get(kind, kind)
        serial = serial_of(village.letter_pattern, kind, number)
        if serial and (serial > last.get((village.pk, series, year), 0) or (village.pk, series, year, serial) in seen):
            serial = None  # misread: the counter never came so far, or it is another's
        seen.add((village.pk, series, year, serial))
        made.append(LetterNumber(village=village, kind=kind, series=series, year=year, serial=serial, number=number, at=at, **about))
    LetterNumber.objects.bulk_create(made, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0007_report'),
        ('village', '0002_leave_and_clocks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LetterNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('series', models.CharField(max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField(null=True)),
                ('number', models.CharField(max_length=60)),
                ('period', models.CharField(blank=True, max_length=7)),
                ('at', models.DateTimeField()),
                ('by_label', models.CharField(blank=True, max_length=200)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('cancelled_by', models.CharField(blank=True, max_length=200)),
                ('cancelled_why', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('complaint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.complaint')),
                ('meeting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.meeting')),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='village.village')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PaperCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('letter', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='check_code', to='complaints.letternumber')),
                ('receipt', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.complaint')),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='village.village')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PrintedVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=16)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('check_code', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='complaints.papercheck')),
                ('village', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='village.village')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddIndex(
            model_name='letternumber',
            index=models.Index(fields=['village', 'year', '-id'], name='letter_number_newest'),
        ),
        migrations.AddIndex(
            model_name='letternumber',
            index=models.Index(fields=['village', 'number'], name='letter_number_printed'),
        ),
        migrations.AddConstraint(
            model_name='letternumber',
            constraint=models.UniqueConstraint(fields=('village', 'series', 'year', 'serial'), name='letter_number_once'),
        ),
        migrations.AddConstraint(
            model_name='printedversion',
            constraint=models.UniqueConstraint(fields=('check_code', 'digest'), name='printed_version_once'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
