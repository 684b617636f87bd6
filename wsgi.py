"""The application as a WSGI server wants it: ``granian --interface wsgi wsgi:app``, or gunicorn the same."""

from shopkit.serving import serving

app = serving()
