"""A log handed to the machine's own log service as well, line by line, for it to send elsewhere."""

import logging
import os
import socket
import sys
from pathlib import Path

FACILITY = 10  # security and authorization, RFC 5424, table 1
GRAVITY = {logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3}  # RFC 5424, table 2


class SystemLog(logging.Handler):
    """Datagrams to a socket of the machine (``/dev/log``); no request waits for it, or fails.

    The service sends them on, encrypted: what has left the machine, nobody on it can alter.
    """

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        self.path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._away = False

    def emit(self, record: logging.LogRecord) -> None:
        """Send the line. That the service is away is said once, until it is back."""
        try:
            self._socket.sendto(self._line(record), self.path)
        except OSError as problem:
            if not self._away:
                print(f"log service {self.path}: not sent: {problem}", file=sys.stderr)
            self._away = True
        else:
            self._away = False

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.close()
        super().close()

    def _line(self, record: logging.LogRecord) -> bytes:
        """``<priority>yiwang[process]: {…}``, as ``/dev/log`` takes it (RFC 3164, 4.1)."""
        priority = FACILITY * 8 + GRAVITY.get(record.levelno, 6)
        return f"<{priority}>yiwang[{os.getpid()}]: {self.format(record)}".encode()
