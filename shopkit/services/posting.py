"""Letters leave by a thread of their own: how long a mail server takes tells nobody whether an address is known.

Letters wait in memory: a link that opens an account is not written down anywhere. What waits when a process ends is
lost, and whoever waits for it asks again.
"""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from shopkit.mail.port import Letter, Mail, MailError
from shopkit.plugins import MAIL, plugin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopkit.config import Settings

_LOG: Final = logging.getLogger(__name__)
PAUSES_S: Final = (1.0, 10.0, 60.0)
_SECURE: Final = {"smtps": "smtp"}
_ROOM: Final = 1000


def mail_of(settings: Settings) -> Mail:
    """Return the way of sending that is set; ``PluginError`` and ``MailSettingsError`` where there is none."""
    url = settings.mail_url or "console:"
    scheme = urlsplit(url).scheme
    adapter = plugin(MAIL, _SECURE.get(scheme, scheme))
    found: Mail = adapter(url, settings.mail_from)
    return found


class Postman:
    """Takes letters and sends them one after the other; what may succeed later is tried again after ``pauses_s``."""

    def __init__(self, mail: Mail, pauses_s: Sequence[float] = PAUSES_S) -> None:
        self.mail = mail
        self._pauses_s = pauses_s
        self._waiting: queue.Queue[Letter] = queue.Queue(_ROOM)
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None
        self._never = threading.Event()

    def send(self, letter: Letter) -> None:
        """Take a letter; where too many wait already, it is dropped with a word in the log."""
        with self._start:
            # Not at construction: a server's workers are made by splitting a process, and threads do not come along.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="postman", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(letter)
        except queue.Full:
            _LOG.error("too many letters wait; one was dropped")

    def drain(self) -> None:
        """Wait until every letter that was taken is sent or given up."""
        self._waiting.join()

    def _work(self) -> None:
        while True:
            letter = self._waiting.get()
            try:
                self._deliver(letter)
            except Exception:  # noqa: BLE001  # the thread must live on: the next letter is somebody else's
                _LOG.exception("a letter could not be sent")
            finally:
                self._waiting.task_done()

    def _deliver(self, letter: Letter) -> None:
        for pause_s in (*self._pauses_s, None):
            try:
                self.mail.send(letter)
            except MailError as error:
                if not error.again or pause_s is None:
                    _LOG.error("a letter was given up: %s", error)  # the reason is enough
                    return
                self._never.wait(pause_s)
            else:
                return
