"""Reads a model folder: signature, graph and constants, checked before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import mlx.core as mx

from fairlead import dtypes, expression, fields, tensors
from fairlead.errors import InvalidFileError, TensorError
from fairlead.expression import Expression
from fairlead.fields import Field

Size = int | Expression
_MAX_RANK = 32


@dataclass(frozen=True)
class Declared:
    """A value's name, dtype and shape, as the graph declares it."""

    name: str
    dtype: dtypes.DType
    shape: tuple[Size, ...]

    def sizes(self, symbols: Mapping[str, int]) -> tuple[int, ...]:
        """The shape where the symbols have these sizes."""
        return tuple(size if isinstance(size, int) else size.evaluate(symbols) for size in self.shape)

    def as_json(self) -> dict[str, object]:
        """As model.json has it."""
        shape = [size if isinstance(size, int) else str(size) for size in self.shape]
        return {"name": self.name, "dtype": self.dtype.name, "shape": shape}


@dataclass(frozen=True)
class Node:
    """One primitive. `arguments` are ints, floats, bools, strings, mx.Dtype, Expression, or lists of such."""

    place: str
    op: str
    inputs: tuple[str, ...]
    outputs: tuple[Declared, ...]
    arguments: tuple[object, ...]


@dataclass(frozen=True)
class Model:
    """A whole model folder in memory. `outputs` maps an output's name to the value behind it."""

    inputs: tuple[Declared, ...]
    outputs: Mapping[str, str]
    signature: Mapping[str, list[dict[str, object]]]
    constants: Mapping[str, mx.array]
    nodes: tuple[Node, ...]

    def symbols(self, arrays: Mapping[str, mx.array], source: str = "inputs") -> dict[str, int]:
        """Each symbol's size in these inputs. Raises TensorError naming `source` and the input that doesn't fit."""
        sizes: dict[str, int] = {}
        known = {declared.name for declared in self.inputs}
        for name in arrays:
            if name not in known:
                raise TensorError(f"{source}: {name}: the model has no such input", name, code="UnknownTensor")
        for declared in self.inputs:
            if declared.name not in arrays:
                raise TensorError(f"{source}: {declared.name}: is missing", declared.name)
            _bind(declared, arrays[declared.name], sizes, source)
        return sizes


def load(folder: Path) -> Model:
    """Reads and checks a model folder. Raises InvalidFileError naming the file and the field."""
    model = fields.read(folder / "model.json")
    model.child("format").expect("mlx")
    model.child("version").expect(1)
    graph = fields.read(folder / "graph.json")
    graph.child("format").expect("fairlead-graph")
    graph.child("version").expect(1)
    symbols = _symbols(graph.child("symbols"))
    inputs = tuple(_declared(field, symbols) for field in graph.child("inputs").items())
    names: set[str] = set()
    for field, declared in zip(graph.child("inputs").items(), inputs, strict=True):
        _define(names, declared.name, field)
    _check_inputs_bind(graph.child("inputs"), inputs, symbols)
    constants = _constants(graph.child("constants"), names, folder)
    nodes = tuple(_node(field, symbols, names) for field in graph.child("nodes").items())
    outputs = _outputs(graph.child("outputs"), names)
    signature = model.child("signature")
    stated = tuple(_declared(field, symbols) for field in signature.child("inputs").items())
    if stated != inputs:
        signature.child("inputs").fail("differ from graph.json's inputs")
    results = [_declared(field, symbols) for field in signature.child("outputs").items()]
    if [declared.name for declared in results] != list(outputs):
        signature.child("outputs").fail("differ from graph.json's outputs")
    sides = {"inputs": [d.as_json() for d in inputs], "outputs": [d.as_json() for d in results]}
    return Model(inputs, outputs, sides, constants, nodes)


def _bind(declared: Declared, array: mx.array, sizes: dict[str, int], source: str) -> None:
    name = declared.name
    place = f"{source}: {name}"
    if dtypes.of(array) != declared.dtype:
        raise TensorError(f"{place}: is {dtypes.of(array).name}, the model takes {declared.dtype.name}", name)
    if array.ndim != len(declared.shape):
        raise TensorError(f"{place}: has {array.ndim} dimensions, the model takes {len(declared.shape)}", name)
    for axis, (size, actual) in enumerate(zip(declared.shape, array.shape, strict=True)):
        wanted = size if isinstance(size, int) else sizes.setdefault(str(size), actual)
        if wanted != actual:
            raise TensorError(f"{place}: axis {axis} ({size}) has size {actual}, not {wanted}", name)


def _symbols(field: Field) -> frozenset[str]:
    names = [item.text() for item in field.items()]
    for name in names:
        if not expression.SYMBOL.fullmatch(name) or name in expression.RESERVED:
            field.fail(f"{name!r} can't name a dimension")
    if len(set(names)) != len(names):
        field.fail("a name stands twice")
    return frozenset(names)


def _check_inputs_bind(field: Field, inputs: tuple[Declared, ...], symbols: frozenset[str]) -> None:
    bound: set[str] = set()
    for declared in inputs:
        for size in declared.shape:
            if isinstance(size, Expression):
                if str(size) not in symbols:
                    field.fail(f"{declared.name}: a dimension must be a number or a symbol, not {size}")
                bound.add(str(size))
    if bound != symbols:
        field.fail(f"no input has the dimension {min(symbols - bound)}")


def _declared(field: Field, symbols: frozenset[str]) -> Declared:
    dtype = field.child("dtype")
    known = dtypes.BY_NAME.get(dtype.text())
    if known is None:
        dtype.fail(f"unknown: {dtype.value!r}"[:100])
    shape = tuple(_size(item, symbols) for item in field.child("shape").items())
    if len(shape) > _MAX_RANK:
        field.child("shape").fail(f"has more than {_MAX_RANK} dimensions")
    return Declared(field.child("name").text(), known, shape)


def _size(field: Field, symbols: frozenset[str]) -> Size:
    if isinstance(field.value, str):
        return _expression(field, symbols)
    if type(field.value) is not int or not 0 <= field.value < 2**31:
        field.fail("must be a size or an expression")
    return field.value


def _expression(field: Field, symbols: frozenset[str]) -> Size:
    try:
        found = expression.parse(field.text())
    except ValueError as error:
        field.fail(str(error)[:200])
    unknown = found.symbols - symbols
    if unknown:
        field.fail(f"unknown symbol {min(unknown)}")
    return found if found.symbols else found.evaluate({})


def _argument(field: Field, symbols: frozenset[str], depth: int = 0) -> object:
    value = field.value
    if isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            field.fail("has more than 64 bits")
        return value
    if isinstance(value, str):
        return float(value) if value in ("inf", "-inf", "nan") else _expression(field, symbols)
    if isinstance(value, list) and depth < 8:
        return [_argument(item, symbols, depth + 1) for item in field.items()]
    if field.has("dtype"):
        dtype = dtypes.BY_NAME.get(field.child("dtype").text())
        return dtype.mlx if dtype else field.child("dtype").fail("unknown")
    if field.has("string"):
        return field.child("string").text()
    field.fail("is no argument")


def _node(field: Field, symbols: frozenset[str], names: set[str]) -> Node:
    inputs = []
    for item in field.child("inputs").items():
        if item.text() not in names:
            item.fail(f"{item.value!r} isn't defined before"[:200])
        inputs.append(item.text())
    outputs = []
    for item in field.child("outputs").items():
        declared = _declared(item, symbols)
        _define(names, declared.name, item)
        outputs.append(declared)
    arguments = tuple(_argument(item, symbols) for item in field.child("arguments").items())
    return Node(field.path, field.child("op").text(), tuple(inputs), tuple(outputs), arguments)


def _outputs(field: Field, names: set[str]) -> dict[str, str]:
    outputs: dict[str, str] = {}
    for item in field.items():
        name, value = item.child("name").text(), item.child("value")
        if value.text() not in names:
            value.fail(f"{value.value!r} isn't defined"[:200])
        if name in outputs:
            item.child("name").fail("stands twice")
        outputs[name] = value.text()
    return outputs


def _constants(field: Field, names: set[str], folder: Path) -> dict[str, mx.array]:
    weights = tensors.load(folder / "weights.safetensors")
    constants: dict[str, mx.array] = {}
    for item in field.items():
        declared = _declared(item, frozenset())
        _define(names, declared.name, item)
        if declared.name not in weights:
            raise InvalidFileError("weights.safetensors", declared.name, "is missing")
        array = weights[declared.name]
        if dtypes.of(array) != declared.dtype or tuple(array.shape) != declared.shape:
            found = f"{dtypes.of(array).name}{list(array.shape)}"
            raise InvalidFileError("weights.safetensors", declared.name, f"is {found}, not what graph.json declares")
        constants[declared.name] = array
    return constants


def _define(names: set[str], name: str, field: Field) -> None:
    if name in names:
        field.child("name").fail(f"{name!r} is defined twice"[:200])
    names.add(name)
