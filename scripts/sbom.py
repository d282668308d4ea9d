"""Writes dist/yiwang-<version>.cdx.json: what an installed Yiwang is made of (CycloneDX 1.6).

Python packages of requirements.lock with the digests pip checks, npm packages of package-lock.json
with theirs. A licence is what the package itself declares; one that declares none has none here.
Usage: python scripts/sbom.py [FOLDER]
"""

import base64
import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)(.*?)(?=^\S|\Z)",
                    re.MULTILINE | re.DOTALL)
DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
CLASSIFIER = "License :: OSI Approved :: "
LONGEST = 60  # characters; a longer “License” field is the text of one, not its name


def bill(root: Path = ROOT) -> dict[str, Any]:
    """The document; the same for the same locks."""
    version = metadata.version("yiwang")
    own = {"type": "application", "bom-ref": "yiwang", "name": "yiwang", "version": version,
           "licenses": [{"license": {"id": "Apache-2.0"}}], "purl": f"pkg:pypi/yiwang@{version}"}
    parts = [*python_parts(root / "requirements.lock"), *npm_parts(root / "package-lock.json")]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX",
        "specVersion": "1.6", "version": 1, "metadata": {"component": own}, "components": parts,
        "dependencies": [{"ref": "yiwang", "dependsOn": [part["bom-ref"] for part in parts]}],
    }


def python_parts(lock: Path) -> Iterator[dict[str, Any]]:
    """Every pinned package; pip takes any one of the files whose digests are listed."""
    for name, version, rest in PINNED.findall(lock.read_text(encoding="utf-8")):
        files = [{"type": "distribution", "url": f"https://pypi.org/project/{name}/{version}/",
                  "hashes": [{"alg": "SHA-256", "content": digest}]}
                 for digest in DIGEST.findall(rest)]
        yield _part(f"pkg:pypi/{name.lower()}@{version}", name, version, licence_of(name),
                    externalReferences=files)


def npm_parts(lock: Path) -> Iterator[dict[str, Any]]:
    """Every npm package a page may have code of; what only building needs is left out."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    for path, one in packages.items():
        if path and not one.get("dev"):
            name = path.rpartition("node_modules/")[2]
            algorithm, _, digest = one["integrity"].partition("-")
            hashes = [{"alg": algorithm.upper().replace("SHA", "SHA-"),
                       "content": base64.b64decode(digest).hex()}]
            purl = f"pkg:npm/{name.replace('@', '%40')}@{one['version']}"
            yield _part(purl, name, one["version"], one.get("license", ""), hashes=hashes)


def licence_of(name: str) -> str:
    """What the installed package declares: an expression, a short name, or a classifier."""
    try:
        said = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    short = next((said[field] for field in ("License-Expression", "License") if field in said), "")
    if short and len(short) <= LONGEST and "\n" not in short:
        return short
    return next((line.removeprefix(CLASSIFIER) for line in said.get_all("Classifier") or []
                 if line.startswith(CLASSIFIER)), "")


def _part(purl: str, name: str, version: str, licence: str, **more: Any) -> dict[str, Any]:
    licences = {"licenses": [{"license": {"name": licence}}]} if licence else {}
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            **licences, **more}


def main() -> None:
    """Write the bill beside the wheel."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    folder.mkdir(parents=True, exist_ok=True)
    made = bill()
    path = folder / f"yiwang-{made['metadata']['component']['version']}.cdx.json"
    path.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    without = [part["name"] for part in made["components"] if "licenses" not in part]
    print(f"{path.name}: {len(made['components'])} packages"
          + (f"; without a declared licence: {', '.join(without)}" if without else ""))


if __name__ == "__main__":
    main()
