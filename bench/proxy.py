"""The shipped nginx file around a running instance: ports, names and a certificate of its own."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.journeys.conftest import free_port

SITE = Path(__file__).resolve().parents[1] / "docs" / "proxy" / "nginx.conf"
NAME = "xiapu.example"
AROUND = """{user}daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ }}
http {{ access_log {folder}/access.log;
client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
include {folder}/site.conf; }}
"""


class Proxy:
    """A running nginx: where it listens, and what trusts its certificate."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.inner = folder, port
        self.plain, self.safe = free_port(), free_port()

    def trusting(self) -> ssl.SSLContext:
        """A context that knows this certificate alone."""
        return ssl.create_default_context(cafile=str(self.folder / "cert.pem"))

    def write(self) -> None:
        """The shipped file with ports, paths and the certificate of this run."""
        _certificate(self.folder)
        site = SITE.read_text(encoding="utf-8")
        for old, new in (("listen 80;", f"listen 127.0.0.1:{self.plain};"),
                         ("listen 443 ", f"listen 127.0.0.1:{self.safe} "),
                         ("127.0.0.1:8000", f"127.0.0.1:{self.inner}"),
                         (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", f"{self.folder}/cert.pem"),
                         (f"/etc/letsencrypt/live/{NAME}/privkey.pem", f"{self.folder}/key.pem")):
            if old not in site:
                raise ValueError(f"the shipped file does not say {old!r}")
            site = site.replace(old, new)
        (self.folder / "site.conf").write_text(site, encoding="utf-8")
        (self.folder / "nginx.conf").write_text(AROUND.format(
            folder=self.folder, user="" if os.geteuid() else "user root; "))


def program() -> str:
    """Where nginx is; Debian keeps it out of most people's path."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise FileNotFoundError("nginx is missing: sudo apt-get install nginx-light")
    return found


@contextmanager
def proxied(folder: Path, port: int) -> Iterator[Proxy]:
    """nginx in front of the instance at ``port``; stopped at the end."""
    proxy = Proxy(folder, port)
    proxy.write()
    command = [program(), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        try:
            _await_port(proxy.safe)
            yield proxy
        finally:
            running.terminate()
            running.wait(10)


def _await_port(port: int) -> None:
    """Wait until somebody listens there; raises where nobody does in 10 seconds."""
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _certificate(folder: Path) -> None:
    """Self-made, for a day, for the name of the shipped file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string(f"CN={NAME}")
    now = datetime.now(UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(
                [x509.DNSName(NAME), x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .sign(key, hashes.SHA256()))
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
