"""An HTTP client that costs next to nothing: it shares the processors with what it measures."""

import socket
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(slots=True)
class Ask:
    """One request: its name in the table, and who sends it (a signed-in role, or a resident)."""

    name: str
    method: str
    path: str
    who: str
    form: dict[str, str] | None = None
    fragment: bool = False


@dataclass(slots=True)
class Reply:
    """What came back; ``head`` is the header block as sent."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """A header's value; empty where there is none."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode("latin-1")
        return ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a signed-in browser carries."""

    cookies: str = ""
    token: str = ""


class Line:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, asked: Ask, ticket: Ticket) -> Reply:
        """Send and wait; an idle connection the server has closed is opened anew, once."""
        message = message_of(asked, ticket)
        if self.socket is not None:
            try:
                return self._exchange(self.socket, message)
            except ConnectionError:
                self.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._exchange(self.socket, message)

    def close(self) -> None:
        """Hang up."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _exchange(self, line: socket.socket, message: bytes) -> Reply:
        line.sendall(message)
        data = bytearray()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += _more(line)
        head = bytes(data[:end])
        length = _length(head)
        while len(data) < end + 4 + length:
            data += _more(line)
        if b"connection: close" in head.lower():
            self.close()
        return Reply(int(head[9:12]), head, bytes(data[end + 4 :]))


def _more(line: socket.socket) -> bytes:
    got = line.recv(262_144)
    if not got:
        raise ConnectionResetError("the server hung up")
    return got


def _length(head: bytes) -> int:
    low = head.lower()
    place = low.find(b"content-length:")
    return int(low[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0


def message_of(asked: Ask, ticket: Ticket) -> bytes:
    """The request as bytes."""
    lines = [f"{asked.method} {asked.path} HTTP/1.1", "Host: 127.0.0.1"]
    if ticket.cookies:
        lines.append(f"Cookie: {ticket.cookies}")
    if asked.fragment:
        lines.append("HX-Request: true")
    body = b""
    if asked.form is not None:
        body = urlencode(asked.form).encode()
        lines += [f"X-CSRFToken: {ticket.token}", f"Content-Length: {len(body)}",
                  "Content-Type: application/x-www-form-urlencoded"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def sign_in(port: int, account: str, password: str) -> Ticket:
    """Sign in through the page itself; raises ``RuntimeError`` where it does not let in."""
    line = Line(port)
    jar = _cookies(line.ask(Ask("", "GET", "/sign-in", ""), Ticket()))
    form = {"account": account, "password": password}
    first = Ticket(_jar_text(jar), jar.get("csrftoken", ""))
    answer = line.ask(Ask("", "POST", "/sign-in", "", form), first)
    jar |= _cookies(answer)
    line.close()
    if answer.status != 302 or "sessionid" not in jar:
        raise RuntimeError(f"{account} was not let in: {answer.status}")
    return Ticket(_jar_text(jar), jar["csrftoken"])


def visitor(port: int) -> Ticket:
    """A resident's browser: a form token, no session."""
    line = Line(port)
    jar = _cookies(line.ask(Ask("", "GET", "/r", ""), Ticket()))
    line.close()
    return Ticket(_jar_text(jar), jar.get("csrftoken", ""))


def _cookies(reply: Reply) -> dict[str, str]:
    jar = {}
    for line in reply.head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == b"set-cookie":
            name, _, rest = value.strip().decode("latin-1").partition("=")
            jar[name] = rest.split(";", 1)[0]
    return jar


def _jar_text(jar: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())
