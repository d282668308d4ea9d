"""A process that works in a town's data beside the server: Python in, what it prints out.

Starting Django anew for each question would take longer than the journeys themselves.
"""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOP = """
import contextlib, io, json, sys, traceback
import django
django.setup()
for line in sys.stdin:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(json.loads(line), "<journey>", "exec"), {})
        answer = {"said": said.getvalue().strip()}
    except BaseException:
        answer = {"wrong": traceback.format_exc()}
    print(json.dumps(answer), flush=True)
"""


class Hand:
    """Started at the first question, ended by ``close``."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment | {"PYTHONPATH": str(ROOT)}
        self.process: subprocess.Popen[str] | None = None

    def run(self, code: str) -> str:
        """What the code prints; an assertion with its traceback where it fails."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-c", LOOP], env=self.environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process = self.process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(textwrap.dedent(code)) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert "wrong" not in answer, answer["wrong"]
        return str(answer["said"])

    def close(self) -> None:
        """End the process, if it was ever started."""
        if self.process and self.process.stdin and self.process.stdout:
            self.process.stdin.close()
            self.process.wait(10)
            self.process.stdout.close()
