"""A receiver on this machine: answers as it is told, remembers what came."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What to answer: a status, headers, a body; after so many seconds."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wait: float = 0.0
    drip: float = 0.0  # seconds between two bytes of the body


@dataclass
class Receiver:
    """Answers ``replies`` in turn, the last one for ever."""

    address: str = ""
    replies: list[Reply] = field(default_factory=lambda: [Reply()])
    got: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def reply(self) -> Reply:
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@contextmanager
def receiving(*replies: Reply) -> Iterator[Receiver]:
    """A receiver at work."""
    receiver = Receiver(replies=list(replies) or [Reply()])

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *said: Any) -> None: ...

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append((self.command, self.path, headers, body))
            self.give(receiver.reply())

        def give(self, reply: Reply) -> None:
            time.sleep(reply.wait)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            for at in range(0, len(reply.body), 1 if reply.drip else 65536):
                time.sleep(reply.drip)
                try:
                    self.wfile.write(reply.body[at:at + (1 if reply.drip else 65536)])
                except OSError:
                    return

        do_POST = do_OPTIONS = do_GET = answer  # noqa: N815  (names of http.server)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
