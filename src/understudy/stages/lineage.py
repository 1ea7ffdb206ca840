"""Where an artifact came from, back to the raw files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.artifact import MANIFEST, Artifact
from understudy.core.recipe.reading import step_of


def lineage(path: Path, folder: Path | None = None) -> dict[str, Any]:
    """The artifact and, under ``inputs``, everything it was made from.

    Args:
        folder: of the run; none: where the artifact lies.

    Raises:
        UserError: ``path`` is no artifact.
    """
    path = path.resolve()  # the parent of "." is "."
    artifact = Artifact.load(path)
    manifest, run = artifact.manifest, folder or path.parent
    inputs = []
    for name, fingerprint in manifest.inputs.items():
        source = run / name
        if not (source / MANIFEST).is_file():  # a part of a step, unless the step handed another's on
            source = run / step_of(name)
        if not source.exists():
            inputs.append({"step": name, "fingerprint": fingerprint, "state": "no longer there"})
            continue
        entry = lineage(source, run)
        if entry["fingerprint"] != fingerprint:
            entry["state"] = f"made again since; {fingerprint} was read"
        inputs.append(entry)
    return {
        "step": manifest.step,
        "stage": manifest.stage,
        "fingerprint": manifest.fingerprint,
        "started": manifest.started,
        "code_version": manifest.code_version,
        "sources": manifest.sources,
        "inputs": inputs,
    }


def as_tree(entry: dict[str, Any], indent: str = "", seen: set[str] | None = None) -> list[str]:
    """Lines of text: a step a line, what it read below it where the step first stands."""
    seen = set() if seen is None else seen
    state = f"  ({entry['state']})" if "state" in entry else ""
    line = f"{indent}{entry['step']}  {entry.get('stage', '')}  {entry['fingerprint'][:12]}{state}"
    if entry["fingerprint"] in seen:
        return [f"{line}  (see above)"]
    seen.add(entry["fingerprint"])
    lines = [line]
    lines += [f"{indent}  {file}  sha256:{digest[:12]}" for file, digest in entry.get("sources", {}).items()]
    for source in entry.get("inputs", []):
        lines += as_tree(source, indent + "  ", seen)
    return lines
