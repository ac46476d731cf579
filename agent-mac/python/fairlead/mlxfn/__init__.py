"""A model folder as MLX's own file, which needs nothing of Fairlead to run.

MLX promises no stability of such files between its versions, so they are an end product: the folder is what is kept.
"""

import errno
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import mlx.core as mx

from fairlead import model
from fairlead.errors import FairleadError
from fairlead.replay import Replayer


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
