"""`python -m fairlead.mlxfn MODEL_FOLDER FILE.mlxfn`: writes MLX's own file."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from fairlead.errors import FairleadError
from fairlead.mlxfn import export_mlxfn

_ABOUT = """\
Writes a model folder of fairlead.export or of a conversion as a function that mx.import_function loads. It takes the inputs by
their names and gives the outputs in the order of model.json. Every --sizes adds a trace: it works at these sizes and no others.
"""


def _sizes(text: str) -> dict[str, int]:
    sizes = {}
    for part in text.split(","):
        symbol, _, number = part.partition("=")
        if not symbol or not number.isdecimal():
            raise argparse.ArgumentTypeError(f"want SYMBOL=SIZE,…, got {text!r}")
        sizes[symbol] = int(number)
    return sizes


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0, or 1 after a line on standard error."""
    parser = argparse.ArgumentParser(prog="python -m fairlead.mlxfn", description=_ABOUT)
    parser.add_argument(
        "model", metavar="MODEL_FOLDER", type=Path, help="the folder with model.json, graph.json and weights.safetensors"
    )
    parser.add_argument("path", metavar="FILE.mlxfn", type=Path, help="the file to write")
    parser.add_argument(
        "--sizes",
        metavar="SYMBOL=SIZE,…",
        type=_sizes,
        action="append",
        default=[],
        help="the symbols' sizes, 1 where none is given; may be repeated",
    )
    options = parser.parse_args(arguments)
    try:
        export_mlxfn(options.model, options.path, *options.sizes)
    except (FairleadError, OSError) as error:
        print(f"fairlead.mlxfn: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
