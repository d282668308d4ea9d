"""The facts of the machine that the figures were measured on."""

import os
import platform
import subprocess
from pathlib import Path


def facts() -> dict[str, str]:
    """What a reader needs to compare: processor, cores, memory, disk, system, versions, commit."""
    return {
        "processor": _processor(), "cores": str(os.cpu_count()), "memory": _memory(),
        "disk": _disk(), "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(), "Django": _django(), "commit": _commit(),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    line = next(line for line in Path("/proc/meminfo").read_text().splitlines()
                if line.startswith("MemTotal"))
    return f"{int(line.split()[1]) / 1024**2:.0f} GB"


def _disk() -> str:
    """Where the checkout lies, and whether that device says that it turns."""
    device = os.stat(Path(__file__)).st_dev
    block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}").resolve()
    for folder in (block, block.parent):
        turning = folder / "queue" / "rotational"
        if turning.exists():
            kind = "rotational" if turning.read_text().strip() == "1" else "not rotational"
            return f"{folder.name}, {kind}"
    return "unknown"


def _django() -> str:
    import django

    return django.get_version()


def _commit() -> str:
    said = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True,
                          text=True, check=False, cwd=Path(__file__).parent)
    return said.stdout.strip() or "not committed"
