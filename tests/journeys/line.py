"""A line to the server: cut, it reaches nobody; deaf, requests arrive and answers do not."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit

BLOCK = 65_536


class Line:
    """A TCP relay on a port of its own. ``cut`` and ``deaf`` may be set at any moment."""

    def __init__(self, target: str) -> None:
        there = urlsplit(target)
        self.target = (there.hostname or "127.0.0.1", there.port or 80)
        self.cut = False
        self.deaf = False
        self.answers_lost = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.open: set[socket.socket] = set()

    def __enter__(self) -> "Line":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Drop what is connected; new connections follow ``cut``."""
        for end in list(self.open):
            self._close(end)

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            if self.cut:
                caller.close()
                continue
            try:
                called = socket.create_connection(self.target)
            except OSError:
                caller.close()
                continue
            self.open |= {caller, called}
            threading.Thread(target=self._pass, args=(caller, called, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(called, caller, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, answering: bool) -> None:
        try:
            while block := source.recv(BLOCK):
                if self.cut or (answering and self.deaf):
                    self.answers_lost += answering
                    break
                target.sendall(block)
        except OSError:
            pass
        self._close(source)
        self._close(target)

    def _close(self, end: socket.socket) -> None:
        self.open.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
