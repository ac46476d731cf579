"""`python -m fairlead.mlxfn MODEL_FOLDER FILE.mlxfn`: a model folder as MLX's own file, which needs nothing of Fairlead to run.

MLX promises no stability of such files between its versions, so they are an end product: the folder is what is kept.
"""

import argparse
import errno
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import mlx.core as mx

from fairlead import model
from fairlead.errors import FairleadError
from fairlead.replay import Replayer

_ABOUT = """\
Writes a model folder of fairlead.export or of a conversion as a function that mx.import_function loads. It takes the inputs by
their names and gives the outputs in the order of model.json. Every --sizes adds a trace: it works at these sizes and no others.
"""


def export_mlxfn(folder: str | os.PathLike[str], path: str | os.PathLike[str], *sizes: Mapping[str, int]) -> None:
    """Writes the model in `folder` to `path`, traced once for each of `sizes`; it is there whole or not at all.

    Sizes are by symbol and 1 where none is given. Raises FairleadError, naming file and field, for a folder that is broken or has
    primitives without a replay, and for a symbol that the model doesn't have; OSError where the file can't be written.
    """
    loaded = model.load(Path(folder))
    write(loaded, Replayer(loaded), Path(path), sizes or ({},))


def write(loaded: model.Model, replayer: Replayer, path: Path, traces: Sequence[Mapping[str, int]]) -> None:
    """The same for a model that is loaded already."""
    symbols = {str(size) for declared in loaded.inputs for size in declared.shape if not isinstance(size, int)}
    for sizes in traces:
        for symbol, size in sizes.items():
            if symbol not in symbols:
                raise FairleadError(f"sizes: {symbol}: the model's symbols are {sorted(symbols)}", symbol, code="UnknownSymbol")
            if type(size) is not int or size < 1:
                raise FairleadError(f"sizes: {symbol}: must be a whole number above 0", symbol, code="InvalidSize")

    def outputs(**inputs: mx.array) -> list[mx.array]:
        return list(replayer.lazy(inputs).values())

    if not path.parent.is_dir():  # MLX says this as an error without a kind
        raise FileNotFoundError(errno.ENOENT, "no such folder", str(path.parent))
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial.mlxfn")
    try:
        with mx.exporter(str(partial), outputs) as exporter:
            for sizes in traces:
                filled = {symbol: sizes.get(symbol, 1) for symbol in symbols}
                exporter(**{value.name: mx.zeros(value.sizes(filled), dtype=value.dtype.mlx) for value in loaded.inputs})
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


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
