"""Computes cases in float64: `mlx_reference.py FOLDER`, or all values of one case: `mlx_reference.py FOLDER CASE`.

Beside a case's inputs comes `reference.safetensors`, its outputs; with a case named, `values.safetensors`, what every node makes.
`references.json` says why a case has none. Complex numbers have one more axis of two.
"""

import json
import sys
from pathlib import Path

from fairlead import model, tensors
from fairlead.errors import FairleadError
from fairlead.reference import Reference
from fairlead.reference.values import storable


def compute(folder: Path, file: str, *, all_values: bool) -> str | None:
    """Runs a case; the reason where the reference refuses it."""
    try:
        loaded = model.load(folder)
        tap = [value.name for node in loaded.nodes for value in node.outputs] if all_values else []
        found = Reference(loaded).run(tensors.load(folder / "inputs.safetensors"), tap)
    except FairleadError as error:
        return str(error)
    tensors.save(folder / file, {name: storable(array) for name, array in found.items()})
    return None


def main() -> None:
    """Runs the command."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(f"usage: {sys.argv[0]} FOLDER [CASE]")
    folder = Path(sys.argv[1])
    if len(sys.argv) == 3:
        compute(folder / sys.argv[2], "values.safetensors", all_values=True)
        return
    listed = json.loads((folder / "cases.json").read_text(encoding="utf-8"))["cases"]
    cases = [entry["case"] for entry in listed if len(entry) == 1]
    refusals = {case: compute(folder / case, "reference.safetensors", all_values=False) for case in cases}
    text = json.dumps({case: reason for case, reason in refusals.items() if reason is not None}, indent=1)
    (folder / "references.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
