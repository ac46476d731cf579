"""Names for captured constants: the module's own parameter names where a constant is a parameter."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from itertools import count

import mlx.core as mx
import numpy as np

from fairlead import dtypes
from fairlead.errors import ExportError

_VALUE_NAME = re.compile(r"v[0-9]+")


def digest(array: mx.array) -> bytes:
    """SHA-256 over dtype, shape and bytes."""
    hasher = hashlib.sha256(f"{dtypes.of(array).name}{tuple(array.shape)}".encode())
    hasher.update(memoryview(dtypes.to_numpy(array).reshape(-1)).cast("B") if array.size else b"")
    return hasher.digest()


class ConstantNames:
    """Names constants by the buffer that they share with a parameter, else by content, else by number."""

    def __init__(self, parameters: Mapping[str, mx.array], taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._by_buffer: dict[tuple, str] = {}
        self._by_digest: dict[bytes, list[str]] = {}
        self._digests: dict[tuple, bytes] = {}
        self._numbers = (f"constant.{number}" for number in count())
        self._parameters = {name: parameters[name] for name in sorted(parameters)}
        for name, array in self._parameters.items():
            self._by_buffer.setdefault(_buffer(array), name)
            self._by_digest.setdefault(self.identity(array), []).append(name)

    def identity(self, array: mx.array) -> bytes:
        """The content's digest; taken once for each buffer of a parameter."""
        key = _buffer(array)
        if key not in self._by_buffer:
            return digest(array)  # its buffer may be another's soon
        if key not in self._digests:
            self._digests[key] = digest(array)
        return self._digests[key]

    def assign(self, constants: Mapping[str, mx.array]) -> dict[str, str]:
        """A name for each constant's key, in order. Equal input gives equal names."""
        names: dict[str, str] = {}
        for key, array in constants.items():
            name = self._by_buffer.get(_buffer(array))
            if name is None or name in self._taken:
                candidates = self._by_digest.get(self.identity(array), []) if array.size > 1 else []
                name = next((candidate for candidate in candidates if candidate not in self._taken), None)
            if name is None or _VALUE_NAME.fullmatch(name):
                name = self._numbered(name)
            self._taken.add(name)
            names[key] = name
        return names

    def _numbered(self, name: str | None) -> str:
        if name is not None:
            return f"constant.{name}"
        return next(name for name in self._numbers if name not in self._taken)


def evaluated(parameters: Mapping[str, mx.array]) -> Mapping[str, mx.array]:
    """The parameters after evaluation, so that an initialiser isn't exported in a value's place."""
    try:
        mx.eval(list(parameters.values()))
    except (RuntimeError, ValueError) as error:
        raise ExportError(f"the parameters can't be evaluated: {error}") from error
    return parameters


def _buffer(array: mx.array) -> tuple:
    view = mx.view(array, mx.uint16) if array.dtype == mx.bfloat16 else array
    address = np.array(view, copy=False).__array_interface__["data"][0]
    return address, tuple(array.shape), dtypes.of(array).name
