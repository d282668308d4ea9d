"""The pictures of the READMEs: a fresh demo town, a browser, docs/images/*.png of at most 250 KB.

``make screenshots`` runs it, and nothing else does: pictures change only when somebody wants it.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 250_000
COLOURS = (256, 192, 128, 96, 64, 48)  # tried in turn until the picture is small enough
CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/google-chrome")
                 if Path(path).exists()), None)
ARGUMENTS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
             "--enable-unsafe-swiftshader"]
ASKED = """
import django; django.setup()
from yiwang.kernel.cases.models import Case
from yiwang.practices.events.demo.people import PASSWORD
print(PASSWORD, Case.objects.filter(channel="resident", is_open=False, stars__gte=4)
    .order_by("-closed_at").values_list("follow_code", flat=True)[0])
"""


@dataclass(frozen=True)
class Picture:
    """One picture: its file, who looks, at what, how wide and high in CSS pixels."""

    name: str
    account: str
    path: str
    size: tuple[int, int]
    language: str = "zh"
    sharp: int = 1  # device pixels to a CSS pixel


@dataclass(frozen=True)
class Demo:
    """A served demo: its address, everybody's password, a follow code worth looking at."""

    address: str
    password: str
    code: str


PICTURES = (
    Picture("desk-zh", "diaodu", "/events/?tab=open", (1440, 900)),
    Picture("desk-en", "diaodu", "/events/?tab=open", (1440, 900), "en"),
    Picture("phone-zh", "wangge", "/phone", (390, 780)),
    Picture("report-zh", "", "/r", (390, 780)),
    Picture("follow-zh", "", "/f/{code}", (390, 780)),
    Picture("follow-en", "", "/f/{code}", (390, 780), "en"),
    Picture("cockpit-zh", "lingdao", "/cockpit/", (1440, 900)),
    Picture("cockpit-en", "lingdao", "/cockpit/", (1440, 900), "en"),
    Picture("cells-zh", "zhuren", "/cells/330206005221001001/shape", (1440, 900)),
    Picture("playbook-zh", "zhuren", "/playbooks/event", (1440, 900)),
    Picture("playbook-en", "zhuren", "/playbooks/event", (1440, 900), "en"),
)


@contextmanager
def demo_town() -> Iterator[Demo]:
    """A demo town of its own, served while it is needed."""
    with tempfile.TemporaryDirectory() as data, socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
        probe.close()
        env = os.environ | {"YIWANG_DATA": data, "YIWANG_PORT": port, "YIWANG_DATABASE": "",
                            "DJANGO_SETTINGS_MODULE": "yiwang.config.settings"}
        command = [sys.executable, "-c", "from yiwang.cli import main; main()"]
        subprocess.run([*command, "demo", "--no-serve"], env=env, check=True, stdout=sys.stderr)
        told = subprocess.run([sys.executable, "-c", ASKED], env=env, check=True,
                              capture_output=True, text=True).stdout.split()
        server = subprocess.Popen([*command, "serve"], env=env, stderr=subprocess.DEVNULL)
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            yield Demo(f"http://127.0.0.1:{port}", *told)
        finally:
            server.terminate()
            server.wait(30)


def wait_for(address: str) -> None:
    """Until the server answers, a minute at most."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  (our own server)
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"no answer from {address}")


def take(browser: Browser, demo: Demo, picture: Picture) -> bytes:
    """The picture as the browser draws it."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=picture.sharp,
        locale="zh-CN" if picture.language == "zh" else "en-GB", timezone_id="Asia/Shanghai")
    context.add_cookies([{"name": "language", "value": picture.language, "url": demo.address}])
    page = context.new_page()
    if picture.account:
        page.goto(f"{demo.address}/sign-in")
        page.locator("main input:not([type=hidden])").first.fill(picture.account)
        page.locator("main input[type=password]").fill(demo.password)
        page.locator("main input[type=password]").press("Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(demo.address + picture.path.format(code=demo.code))
    page.wait_for_load_state("networkidle")
    for drawing in page.locator(".map:visible").all():
        drawing.and_(page.locator("[data-drawn]")).wait_for()
    shot = page.screenshot(animations="disabled")
    context.close()
    return shot


def keep(shot: bytes, name: str) -> int:
    """Write it with as many colours as fit the bound; returns the bytes."""
    picture = Image.open(BytesIO(shot)).convert("RGB")
    for colours in COLOURS:
        buffer = BytesIO()
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT,
                               dither=Image.Dither.NONE)
        few.save(buffer, "PNG", optimize=True)
        if buffer.tell() <= MOST_BYTES:
            break
    (IMAGES / f"{name}.png").write_bytes(buffer.getvalue())
    return buffer.tell()


def main() -> None:
    """Take all pictures, saying each one's size."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo_town() as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for picture in PICTURES:
            size = keep(take(browser, demo, picture), picture.name)
            print(f"{picture.name}.png  {size // 1000} kB", file=sys.stderr)
        browser.close()


if __name__ == "__main__":
    main()
