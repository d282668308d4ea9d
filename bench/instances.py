"""Running instances with a data folder each: started, asked, killed, started again."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.journeys.conftest import free_port, wait_for
from tests.journeys.hand import Hand

from bench.serving import children

COMMAND = [sys.executable, "-c", "import sys; from yiwang.cli import main; sys.exit(main())"]


@dataclass
class Instance:
    """One instance; several may talk to each other on this machine."""

    data: Path
    port: int = field(default_factory=free_port)
    server: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.hand = Hand(self.environment)

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items()
                 if not name.startswith("YIWANG_")}
        return plain | {
            "YIWANG_DATA": str(self.data), "YIWANG_PORT": str(self.port), "YIWANG_WORKERS": "1",
            "YIWANG_SECOND_FACTOR": "offered",
            "YIWANG_OUTGOING_HOSTS": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "yiwang.config.settings"}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve; ``ready`` waits for the first answer."""
        with (self.data / "server.log").open("ab") as log:
            self.server = subprocess.Popen([*COMMAND, "serve"], env=self.environment, stdout=log,
                                           stderr=log)

    def ready(self) -> None:
        assert self.server
        wait_for(f"{self.address}/healthz", self.server)

    def kill(self) -> None:
        """SIGKILL to the supervisor and all its processes, at once."""
        assert self.server
        family, waiting = [self.server.pid], [self.server.pid]
        while waiting:
            found = children(waiting.pop())
            family += found
            waiting += found
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait(10)

    def close(self) -> None:
        """Stop it, and the hand in its data."""
        self.hand.close()
        if self.server and self.server.poll() is None:
            self.server.terminate()
            self.server.wait(30)

    def command(self, *words: str) -> Any:
        """What a command answers with ``--json``."""
        said = subprocess.run([*COMMAND, *words, "--json"], env=self.environment, check=True,
                              capture_output=True, text=True)
        return json.loads(said.stdout)

    def ask(self, expression: str) -> Any:
        """The value of an expression in the instance's data, with the usual models at hand."""
        return json.loads(self.hand.run(
            "import json\nfrom bench.handing import *\n"
            f"print(json.dumps({expression}, default=str))"))
