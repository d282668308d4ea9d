"""Nothing of one machine in the files; files and functions stay small."""

import ast
import re
from statistics import median, quantiles

from tests.conventions.source import ROOT, Function, modules, tracked

# Written in halves, so that this file does not find itself.
HOSTS = ("files.python" + "hosted", "pypi" + ".org/simple", "registry.npm" + "js",
         "deb.deb" + "ian.org", "artifact-" + "registry")
FOLDERS = re.compile(r"(?<![\w.}$~*-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me|op" + r"t|tm" + r"p)/")
MOST_LINES_OF_A_FILE = 300  # at the ninetieth of a hundred; CONTRIBUTING.md
MOST_LINES_OF_A_FUNCTION = 30


def test_no_machine_path_and_no_registry_host() -> None:
    found = []
    for path in tracked():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if FOLDERS.search(line) or any(host in line for host in HOSTS):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}")
    assert not found, "\n".join(found)


def test_files_and_functions_stay_small() -> None:
    files = [len(m.path.read_text(encoding="utf-8").splitlines()) for m in modules().values()]
    files = [lines for lines in files if lines]
    functions = [(node.end_lineno or 0) - node.lineno + 1 for m in modules().values()
                 for node in ast.walk(m.tree) if isinstance(node, Function)]
    for name, sizes in (("files", files), ("functions", functions)):
        print(f"{name}: {len(sizes)}, median {median(sizes):g}, "
              f"p90 {_p90(sizes):g}, largest {max(sizes)}")
    assert _p90(files) <= MOST_LINES_OF_A_FILE
    assert _p90(functions) <= MOST_LINES_OF_A_FUNCTION


def _p90(sizes: list[int]) -> float:
    return quantiles(sizes, n=10)[-1]
