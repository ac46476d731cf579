"""Where each node comes from: the module's path and the line of the user's source.

While the function is traced, a hook watches the Python frames. Each new array in a local variable or a return value is recorded
with its place; the arrays become extra outputs of a second trace, which tells their values. Values of the two traces are the
same where their computation is.
"""

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

import mlx.core as mx
import mlx.nn as nn

from fairlead import source
from fairlead.constants import ConstantNames
from fairlead.errors import ExportError
from fairlead.trace import Trace, trace

_MOST_ITEMS = 64  # of a container in a local variable


@dataclass(frozen=True)
class Origin:
    """`file` is relative to the script's folder. What isn't known is None."""

    module: str | None
    file: str | None
    line: int | None

    def as_json(self) -> dict[str, object]:
        """The known fields."""
        fields = {"module": self.module, "file": self.file, "line": self.line}
        return {name: value for name, value in fields.items() if value is not None}


class Recorder:
    """A sys.settrace hook that notes new arrays. Keeps them alive, so that an id stands for one array."""

    def __init__(self, paths: Mapping[int, str]) -> None:
        self._paths = paths
        self._lines: dict[FrameType, int] = {}
        self._known: dict[int, mx.array] = {}
        self.found: list[tuple[mx.array, Origin]] = []

    def know(self, arrays: Sequence[mx.array]) -> None:
        """Arrays that were there before: inputs and parameters."""
        for array in arrays:
            self._known[id(array)] = array

    def __call__(self, frame: FrameType, event: str, argument: object):
        if event == "call":
            if frame.f_code.co_filename == __file__:
                return None
            # an unseen argument is a temporary of the caller's line
            self._look(frame, None, frame.f_back)
            self._lines[frame] = frame.f_lineno
        elif event == "line":
            self._look(frame, None, frame)
            self._lines[frame] = frame.f_lineno
        elif event == "return":
            self._look(frame, argument, frame)
            self._lines.pop(frame, None)
        return self

    def _look(self, frame: FrameType, returned: object, place: FrameType | None) -> None:
        for value in (*frame.f_locals.values(), returned):
            for item in _items(value):
                if isinstance(item, mx.array) and id(item) not in self._known:
                    self._known[id(item)] = item
                    self.found.append((item, self._place(place)))

    def _place(self, frame: FrameType | None) -> Origin:
        module = file = line = None
        current = frame
        while current is not None and (module is None or file is None):
            if current.f_code.co_filename == __file__:
                break  # the exporter's own callers are no origin
            if module is None:
                # the root's own path is empty, and says nothing
                module = self._paths.get(id(current.f_locals.get("self"))) or None
            if file is None:
                file = source.user_file(current.f_code.co_filename)
                # the innermost frame already stands at its next line
                started = self._lines.get(current, current.f_lineno) if current is frame else current.f_lineno
                line = started if file else None
            current = current.f_back
        return Origin(module, file, line)


def _items(value: object) -> Sequence[object]:
    if isinstance(value, dict) and not isinstance(value, nn.Module):
        value = tuple(value.values())
    return value if isinstance(value, list | tuple) and len(value) <= _MOST_ITEMS else (value,)


def find_origins(
    plain: Trace,
    function: Callable[..., Sequence[mx.array]],
    arguments: Sequence[mx.array],
    paths: Mapping[int, str],
    names: ConstantNames,
    parameters: Sequence[mx.array],
) -> list[Origin | None]:
    """The origin of each node of `plain`; None for a node that nothing downstream of it was seen of."""
    recorder = Recorder(paths)
    outputs = 0

    def tapped(*traced: mx.array) -> list[mx.array]:
        nonlocal outputs
        recorder.found.clear()
        recorder.know([*parameters, *traced])
        before = sys.gettrace()
        sys.settrace(recorder)
        try:
            results = list(function(*traced))
        finally:
            sys.settrace(before)
        outputs = len(results)
        return [*results, *(array for array, _ in recorder.found)]

    try:
        watched = trace(tapped, arguments)
    except ExportError:
        # an array of a nested transformation can't leave it: then origins stay unknown
        return [None] * len(plain.nodes)
    hashes = value_hashes(watched, names)
    places: dict[bytes, Origin] = {}
    for value, (_, origin) in zip(watched.outputs[outputs:], recorder.found, strict=True):
        places.setdefault(hashes.get(value.key, b""), origin)
    return _spread(plain, value_hashes(plain, names), places)


def value_hashes(traced: Trace, names: ConstantNames) -> dict[str, bytes]:
    """A hash of each value's whole computation, back to inputs and constants."""
    hashes = {value.key: f"input {index}".encode() for index, value in enumerate(traced.inputs)}
    for key, array in traced.constants.items():
        try:
            hashes[key] = names.identity(array)
        except RuntimeError:
            # a placeholder of a nested transformation, which only a tap can bring in: it equals nothing else
            hashes[key] = f"placeholder {key}".encode()
    for node in traced.nodes:
        hasher = hashlib.sha256(f"{node.op}{node.arguments}".encode())
        for key in node.inputs:
            hasher.update(hashlib.sha256(hashes[key]).digest())
        for index, value in enumerate(node.outputs):
            hashes[value.key] = hasher.digest() + str(index).encode()
    return hashes


def _spread(plain: Trace, hashes: Mapping[str, bytes], places: Mapping[bytes, Origin]) -> list[Origin | None]:
    """Nodes without a record of their own take that of the nearest recorded one downstream."""
    nearest: dict[str, tuple[int, Origin]] = {}
    origins: list[Origin | None] = [None] * len(plain.nodes)
    for index in range(len(plain.nodes) - 1, -1, -1):
        node = plain.nodes[index]
        found = [(0, places[hashes[value.key]]) for value in node.outputs if hashes[value.key] in places]
        found += [nearest[value.key] for value in node.outputs if value.key in nearest]
        if not found:
            continue
        distance, origin = min(found, key=lambda item: item[0])
        origins[index] = origin
        for key in node.inputs:
            if key not in nearest or nearest[key][0] >= distance + 1:
                nearest[key] = (distance + 1, origin)
    return origins
