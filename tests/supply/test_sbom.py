"""The bill of materials names what the locks install, in a form other tools read."""

import json
import re
import tomllib
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from scripts.sbom import ROOT, bill, npm_parts, python_parts


def test_the_bill_is_valid_cyclonedx() -> None:
    """The schema takes seconds a package: one of each kind meets it, all meet the model."""
    made = bill()
    assert len(Bom.from_json(made).components) == len(made["components"])  # type: ignore[attr-defined]
    parts = [*made["components"][:1], *made["components"][-1:]]
    few = made | {"components": parts, "dependencies": []}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(few)) is None
    few["components"] = [{**parts[0], "type": "no such type"}]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(few)) is not None


def test_every_locked_package_is_in_it_with_digest_and_licence() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pinned = set(re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", lock, re.MULTILINE))
    parts = list(python_parts(ROOT / "requirements.lock"))
    assert {(part["name"], part["version"]) for part in parts} == pinned
    assert all(part["externalReferences"] for part in parts)
    assert sum(len(part["externalReferences"]) for part in parts) == lock.count("--hash=")
    assert [part["name"] for part in parts if "licenses" not in part] == []


def test_what_pages_load_is_in_it() -> None:
    names = {part["name"] for part in npm_parts(ROOT / "package-lock.json")}
    assert {"maplibre-gl", "echarts"} <= names


def test_packages_only_for_building_are_left_out(tmp_path: Path) -> None:
    lock = tmp_path / "package-lock.json"
    one = {"version": "1.0.0", "integrity": "sha512-" + "AAAA", "license": "MIT"}
    lock.write_text(json.dumps({"packages": {
        "": {}, "node_modules/@a/b": one, "node_modules/c": {**one, "dev": True}}}))
    (part,) = npm_parts(lock)
    assert part["purl"] == "pkg:npm/%40a/b@1.0.0"
    assert part["hashes"] == [{"alg": "SHA-512", "content": "000000"}]


def test_the_bill_lists_the_locked_packages_and_nothing_else() -> None:
    """Python's by the lock, npm's by what is not only for building; each once."""
    named = [(part["purl"].split("/")[0], part["name"]) for part in bill()["components"]]
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    locked = {("pkg:npm", path.rpartition("node_modules/")[2]) for path, one in lock.items()
              if path and not one.get("dev")}
    python = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==", (ROOT / "requirements.lock").read_text(),
                        re.MULTILINE)
    assert set(named) == locked | {("pkg:pypi", name) for name in python}
    assert len(named) == len(set(named))


def test_everything_the_wheel_asks_for_is_locked_and_in_the_bill() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.split(r"[\[<>=~! ]", line)[0].lower() for line in project["dependencies"]}
    assert asked <= {part["name"].lower() for part in bill()["components"]}
