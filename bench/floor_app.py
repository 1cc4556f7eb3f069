"""The floor as granian loads it."""

from django.core.wsgi import get_wsgi_application

from bench import floor

floor.configure()
floor.create_table()
application = get_wsgi_application()
