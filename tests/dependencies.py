"""What growbot is made of: `make audit` looks for known weaknesses in it, `make sbom` writes the list of it.

Both read requirements.lock, which pins every package that runs, with the hashes of its files.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
SBOM = ROOT / "growbot.cdx.json"
SECONDS = 20
UNREACHED = (
    "dependencies: NOT audited: the database of advisories could not be reached. `make audit` insists on it."
)
WEAK, NOT_AUDITED = 1, 2


def audit(found: dict[str, Any] | None) -> tuple[int, list[str]]:
    """What pip-audit found, as an exit code and lines. What it could not look up counts as not audited, never as well."""
    known = [each for each in (found or {}).get("dependencies", ()) if "vulns" in each]
    lines = [
        f"{each['name']} {each['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'no version yet'}"
        for each in known
        for weakness in each["vulns"]
    ]
    if lines:
        return WEAK, ["dependencies: these have known weaknesses:", *lines]
    skipped = [each["name"] for each in (found or {}).get("dependencies", ()) if "vulns" not in each]
    if not known or skipped:
        return NOT_AUDITED, [UNREACHED]
    return 0, [f"dependencies: {len(known)} packages, no known weakness"]


def ask(seconds: float = SECONDS) -> dict[str, Any] | None:
    """pip-audit's own JSON; None where it got no answer in time."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--disable-pip", "--no-deps", "-f", "json"]
    try:
        ran = subprocess.run(
            [*command, "--progress-spinner", "off", "--timeout", "5"],
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        return dict(json.loads(ran.stdout))
    except (subprocess.TimeoutExpired, ValueError):
        return None


# --- the list -----------------------------------------------------------------------------------------------------


def sbom() -> dict[str, Any]:
    """CycloneDX, from the lock file; the same for the same lock file, on every machine that has installed it."""
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(LOCK)]
    options = [
        "--pyproject",
        str(ROOT / "pyproject.toml"),
        "--mc-type",
        "application",
        "--output-reproducible",
    ]
    ran = subprocess.run(
        [*command, *options], capture_output=True, check=True, env=os.environ | {"COLUMNS": "200"}
    )
    listed = json.loads(ran.stdout)
    components = sorted(
        (_component(each) for each in listed["components"]), key=lambda each: str(each["bom-ref"])
    )
    root = listed["metadata"]["component"]
    for each in (root, *listed["metadata"]["tools"]["components"]):
        each.pop("externalReferences", None)
    depends = [{"ref": root["bom-ref"], "dependsOn": [each["bom-ref"] for each in components]}]
    depends += [{"ref": each["bom-ref"]} for each in components]
    return listed | {"components": components, "dependencies": depends}


def _component(listed: dict[str, Any]) -> dict[str, Any]:
    """By its name in the registry, not by its line; with the hashes of its files, and no address of where they come from."""
    references = listed.get("externalReferences", ())
    hashes = [each for reference in references for each in reference.get("hashes", ())]
    kept = {name: listed[name] for name in ("type", "name", "version", "purl")}
    return {"bom-ref": listed["purl"], **kept, "hashes": hashes, "licenses": list(_licences(listed["name"]))}


def _licences(package: str) -> Iterator[dict[str, Any]]:
    """As the installed package declares it; none for one that this system does not need."""
    try:
        declared = metadata(package)
    except PackageNotFoundError:
        return
    if expression := declared.get("License-Expression"):
        yield {"expression": expression}
        return
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in declared.get_all("Classifier", [])
        if each.startswith("License")
    ]
    plain = (declared.get("License") or "").strip()
    for name in classifiers or ([plain] if plain and "\n" not in plain else []):
        yield {"license": {"name": name}}


def main(what: str, *options: str) -> int:
    if what == "sbom":
        SBOM.write_text(json.dumps(sbom(), indent=2, sort_keys=True) + "\n")
        print(f"wrote {SBOM.name}")
        return 0
    code, lines = audit(ask())
    print("\n".join(lines))
    return 0 if code == NOT_AUDITED and "--if-reachable" in options else code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
