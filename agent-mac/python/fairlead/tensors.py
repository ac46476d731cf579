"""Reads and writes safetensors files: a little-endian u64 header length, a JSON header, the data without gaps.

Written here and not taken from MLX because the bytes must depend on the content alone, and because a reader of hostile files
checks every length before it allocates.
"""

import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path

import mlx.core as mx
import numpy as np

from fairlead import dtypes
from fairlead.errors import InvalidFileError

MAX_HEADER_BYTES = 100_000_000
MAX_RANK = 32

Tensor = mx.array | np.ndarray


def save(path: str | os.PathLike[str], tensors: Mapping[str, Tensor]) -> None:
    """Writes tensors by name, in the order of their names. NumPy arrays keep their dtype; equal content gives equal bytes.

    The file appears whole or not at all. Raises InvalidFileError for a dtype that the format lacks.
    """
    path = Path(path)
    header: dict[str, object] = {}
    offset = 0
    chunks: list[np.ndarray] = []
    for name in sorted(tensors):
        code, values = _storage(path.name, name, tensors[name])
        header[name] = {"dtype": code, "shape": list(values.shape), "data_offsets": [offset, offset + values.nbytes]}
        offset += values.nbytes
        chunks.append(values)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    partial = path.with_name(path.name + ".partial")
    with open(partial, "wb") as out:
        out.write(struct.pack("<Q", len(text)))
        out.write(text)
        for values in chunks:
            out.write(values.tobytes())
    partial.replace(path)


def load(path: str | os.PathLike[str]) -> dict[str, mx.array]:
    """All tensors of a file by name. Raises InvalidFileError, naming the file and the tensor, before it reads any bad data."""
    path = Path(path)
    try:
        with open(path, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            entries, start = _header(path.name, file, size)
            tensors = {}
            for name, (dtype, shape, begin, end) in entries.items():
                file.seek(start + begin)
                values = np.frombuffer(file.read(end - begin), dtype=dtype.storage).reshape(shape)
                tensors[name] = dtypes.to_mlx(values, dtype)
            return tensors
    except OSError as error:
        raise InvalidFileError(path.name, "file", error.strerror or "can't be read") from error


def _storage(file: str, name: str, tensor: Tensor) -> tuple[str, np.ndarray]:
    if isinstance(tensor, mx.array):
        return dtypes.of(tensor).safetensors, dtypes.to_numpy(tensor)
    for dtype in dtypes.ALL:
        if dtype.name == tensor.dtype.name:
            # ascontiguousarray makes a scalar one-dimensional
            return dtype.safetensors, np.ascontiguousarray(tensor, dtype=dtype.storage).reshape(tensor.shape)
    raise InvalidFileError(file, name, f"dtype {tensor.dtype} can't be stored")


_Entry = tuple[dtypes.DType, tuple[int, ...], int, int]


def _header(file: str, source, size: int) -> tuple[dict[str, _Entry], int]:
    if size < 8:
        raise InvalidFileError(file, "header", f"the file has {size} bytes, fewer than the header's length takes")
    (length,) = struct.unpack("<Q", source.read(8))
    if length > min(MAX_HEADER_BYTES, size - 8):
        raise InvalidFileError(file, "header", f"says {length} bytes, of a file with {size}")
    try:
        header = json.loads(source.read(length), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise InvalidFileError(file, "header", f"is no JSON object: {error}") from error
    if not isinstance(header, dict):
        raise InvalidFileError(file, "header", "is no JSON object")
    header.pop("__metadata__", None)
    entries = {name: _entry(file, name, entry) for name, entry in header.items()}
    _check_layout(file, entries, size - 8 - length)
    return entries, 8 + length


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result


def _entry(file: str, name: str, entry: object) -> _Entry:
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise InvalidFileError(file, name, "must have dtype, shape and data_offsets")
    dtype = dtypes.BY_SAFETENSORS.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
    if dtype is None:
        raise InvalidFileError(file, f"{name}.dtype", f"unknown: {entry['dtype']!r}"[:200])
    shape, offsets = entry["shape"], entry["data_offsets"]
    if not _is_sizes(shape) or len(shape) > MAX_RANK:
        raise InvalidFileError(file, f"{name}.shape", "must be a list of at most 32 sizes")
    if not _is_sizes(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise InvalidFileError(file, f"{name}.data_offsets", "must be a begin and an end")
    needed = dtype.size
    for extent in shape:
        needed *= extent
    if needed != offsets[1] - offsets[0]:
        raise InvalidFileError(
            file, f"{name}.data_offsets", f"span {offsets[1] - offsets[0]} bytes where shape and dtype need {needed}"
        )
    return dtype, tuple(shape), offsets[0], offsets[1]


def _is_sizes(value: object) -> bool:
    return isinstance(value, list) and all(type(item) is int and 0 <= item < 2**63 for item in value)


def _check_layout(file: str, entries: Mapping[str, _Entry], data: int) -> None:
    position = 0
    for name, (_, _, begin, end) in sorted(entries.items(), key=lambda item: item[1][2:]):
        if begin != position:
            problem = "overlap the tensor before" if begin < position else "leave a gap after the tensor before"
            raise InvalidFileError(file, f"{name}.data_offsets", problem)
        if end > data:
            raise InvalidFileError(file, f"{name}.data_offsets", f"end at {end} of {data} bytes of data")
        position = end
    if position != data:
        raise InvalidFileError(file, "data", f"has {data} bytes where the header describes {position}")
