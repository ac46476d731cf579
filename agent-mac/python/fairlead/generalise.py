"""Makes one graph with symbolic sizes out of several traces with baked ones."""

import math
from collections.abc import Sequence

import mlx.core as mx

from fairlead import dtypes
from fairlead.constants import ConstantNames
from fairlead.errors import ExportError
from fairlead.expression import Expression
from fairlead.fit import Fitter
from fairlead.origin import Origin
from fairlead.trace import Trace, Value


class Generaliser:
    """The traces' common graph. Raises ExportError where they differ in more than sizes."""

    def __init__(
        self,
        traces: Sequence[Trace],
        fitter: Fitter,
        names: ConstantNames,
        inputs: Sequence[str],
        origins: Sequence[Origin | None],
    ) -> None:
        self._traces = traces
        self._first = traces[0]
        self._fitter = fitter
        self._input_names = inputs
        self._origins = origins
        self._keys = [_positions(trace) for trace in traces]
        self._check_inputs()
        self._check_random()
        self._check_structure()
        used = {key for node in self._first.nodes for key in node.inputs} | {v.key for v in self._first.outputs}
        ordered = {key: array for key, array in self._first.constants.items() if key in used}
        self._check_constants(names, ordered)
        constant_names = names.assign(ordered)
        self.constants: dict[str, mx.array] = {constant_names[key]: array for key, array in ordered.items()}
        self._names = {v.key: name for v, name in zip(self._first.inputs, inputs, strict=True)} | constant_names
        taken = set(self._names.values())
        free = (name for name in (f"v{number}" for number in range(10**9)) if name not in taken)
        for node in self._first.nodes:
            for value in node.outputs:
                self._names[value.key] = next(free)

    def inputs(self) -> list[dict[str, object]]:
        """The graph's inputs by their names in the signature."""
        return [
            self._value(name, [trace.inputs[index] for trace in self._traces], f"input {name}")
            for index, name in enumerate(self._input_names)
        ]

    def output_signature(self, names: Sequence[str]) -> list[dict[str, object]]:
        """Dtype and shape of each output."""
        return [
            self._value(name, [trace.outputs[index] for trace in self._traces], f"output {name}")
            for index, name in enumerate(names)
        ]

    def output_values(self) -> list[str]:
        """The value behind each output."""
        return [self._names[value.key] for value in self._first.outputs]

    def node(self, index: int) -> dict[str, object]:
        """A node's entry, without its origin."""
        nodes = [trace.nodes[index] for trace in self._traces]
        first = nodes[0]
        place = self._place(index)
        return {
            "op": first.op,
            "inputs": [self._names[key] for key in first.inputs],
            "outputs": [
                self._value(self._names[value.key], [node.outputs[position] for node in nodes], place)
                for position, value in enumerate(first.outputs)
            ],
            "arguments": [
                self._argument([node.arguments[position] for node in nodes], f"{place}: argument {position}")
                for position in range(len(first.arguments))
            ],
        }

    def _value(self, name: str, values: Sequence[Value], place: str) -> dict[str, object]:
        shape = [
            self._size([value.shape[axis] for value in values], f"{place}: shape, axis {axis}")
            for axis in range(len(values[0].shape))
        ]
        return {"name": name, "dtype": values[0].dtype.name, "shape": shape}

    def _size(self, seen: Sequence[int], place: str) -> int | str:
        found = self._fitter.fit(seen)
        if found is None:
            raise ExportError(f"{place}: no expression in the symbols gives {list(seen)}", place)
        return _number_or_text(found)

    def _argument(self, seen: Sequence[object], place: str) -> object:
        first = seen[0]
        if any(type(item) is not type(first) for item in seen):
            raise ExportError(f"{place}: changes its type with the sizes", place)
        if isinstance(first, list | tuple):
            if len({len(item) for item in seen}) > 1:
                raise ExportError(f"{place}: changes its length with the sizes", place)
            return [self._argument(items, place) for items in zip(*seen, strict=True)]
        if isinstance(first, bool) or not isinstance(first, int | float):
            if any(item != first for item in seen):
                raise ExportError(f"{place}: changes with the sizes", place)
            return _plain(first, place)
        if isinstance(first, int):
            return self._size(seen, place)
        return self._real(seen, place)

    def _real(self, seen: Sequence[float], place: str) -> object:
        if all(item == seen[0] or (item != item and seen[0] != seen[0]) for item in seen):
            return seen[0] if math.isfinite(seen[0]) else str(seen[0])
        # the bounds of a range are floats, and sizes all the same
        if all(math.isfinite(item) and item == int(item) for item in seen):
            return self._size([int(item) for item in seen], place)
        raise ExportError(f"{place}: no expression in the symbols gives {list(seen)}", place)

    def _place(self, index: int) -> str:
        origin = self._origins[index]
        line = f" ({origin.file}:{origin.line})" if origin and origin.file else ""
        return f"node {index} {self._first.nodes[index].op}{line}"

    def _check_inputs(self) -> None:
        used = {key for node in self._first.nodes for key in node.inputs} | {v.key for v in self._first.outputs}
        for name, value in zip(self._input_names, self._first.inputs, strict=True):
            if value.key not in used:
                raise ExportError(f"input {name}: the function doesn't use it", name)

    def _check_random(self) -> None:
        """Random numbers from a constant seed are a parameter's initialiser, or a dropout left on."""
        fixed = set(self._first.constants)
        for index, node in enumerate(self._first.nodes):
            if fixed.issuperset(node.inputs):
                fixed.update(value.key for value in node.outputs)
                if node.op == "RandomBits":
                    raise ExportError(
                        f"{self._place(index)}: draws random numbers; name the module with `weights`, so that its parameters "
                        "are evaluated, and call its eval()",
                        "nodes",
                    )

    def _check_structure(self) -> None:
        for trace, keys in zip(self._traces[1:], self._keys[1:], strict=True):
            for index, (one, other) in enumerate(zip(self._first.nodes, trace.nodes, strict=False)):
                same = (
                    one.op == other.op
                    and len(one.arguments) == len(other.arguments)
                    and [self._keys[0][key] for key in one.inputs] == [keys[key] for key in other.inputs]
                    and [(v.dtype, len(v.shape)) for v in one.outputs] == [(v.dtype, len(v.shape)) for v in other.outputs]
                )
                if not same:
                    raise ExportError(
                        f"{self._place(index)}: the graph changes with the sizes; at others it has {other.op} here",
                        "nodes",
                    )
            if len(self._first.nodes) != len(trace.nodes):
                last = min(len(self._first.nodes), len(trace.nodes)) - 1
                raise ExportError(f"after {self._place(last)}: the graph's length changes with the sizes", "nodes")

    def _check_constants(self, names: ConstantNames, used: dict[str, mx.array]) -> None:
        for key, array in used.items():
            position = self._keys[0][key]
            identity = names.identity(array)
            for trace, keys in zip(self._traces[1:], self._keys[1:], strict=True):
                other = next(trace.constants[k] for k in trace.constants if keys[k] == position)
                if names.identity(other) != identity:
                    index = next(i for i, node in enumerate(self._first.nodes) if key in node.inputs)
                    position = self._first.nodes[index].inputs.index(key)
                    raise ExportError(
                        f"{self._place(index)}: input {position}: a constant of shape {tuple(array.shape)} changes with the "
                        "sizes; compute it from the inputs (a mean over such an axis: sum it and divide by a count)",
                        "constants",
                    )


def _positions(trace: Trace) -> dict[str, tuple[str, int]]:
    """What each key stands for, in terms that hold across traces: constants by first use."""
    positions = {value.key: ("input", index) for index, value in enumerate(trace.inputs)}
    for index, node in enumerate(trace.nodes):
        for key in node.inputs:
            if key in trace.constants and key not in positions:
                positions[key] = ("constant", len(positions))
        for place, value in enumerate(node.outputs):
            positions[value.key] = (f"node {index}", place)
    for key in trace.constants:
        positions.setdefault(key, ("constant", len(positions)))
    return positions


def _plain(value: object, place: str) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, mx.Dtype):
        return {"dtype": dtypes.from_mlx(value).name}
    if isinstance(value, str):
        return {"string": value}
    raise ExportError(f"{place}: {type(value).__name__} can't be written", place)


def _number_or_text(found: Expression) -> int | str:
    return found.evaluate({}) if not found.symbols else str(found)
