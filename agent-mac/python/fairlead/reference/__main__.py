"""`python -m fairlead.reference MODEL_FOLDER INPUTS.safetensors OUTPUTS.safetensors`: one run of a model in float64."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from fairlead import model, tensors
from fairlead.errors import FairleadError
from fairlead.reference.run import Reference
from fairlead.reference.values import storable

_ABOUT = """\
Computes a model folder of fairlead.export in float64, apart from MLX. Every output is a tensor of OUTPUTS by its name: real
floating types as F64, integers and booleans in their own type, complex numbers as F64 with one more axis of two, real part first.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0, or 1 after a line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m fairlead.reference", description=_ABOUT)
    parser.add_argument(
        "model", metavar="MODEL_FOLDER", type=Path, help="the folder with model.json, graph.json and weights.safetensors"
    )
    parser.add_argument("inputs", metavar="INPUTS.safetensors", type=Path, help="a tensor for each input, by its name")
    parser.add_argument("outputs", metavar="OUTPUTS.safetensors", type=Path, help="the file to write")
    parser.add_argument(
        "--tap", metavar="VALUE", action="append", default=[], help="also write this value of graph.json; may be repeated"
    )
    options = parser.parse_args(arguments)
    try:
        reference = Reference(model.load(options.model))
        found = reference.run(tensors.load(options.inputs), options.tap, source=options.inputs.name)
        tensors.save(options.outputs, {name: storable(array) for name, array in found.items()})
    except (FairleadError, OSError) as error:
        print(f"fairlead.reference: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
