"""Files that were not written by us: each gives an error that names the file and the field."""

import json
import struct
from collections.abc import Callable
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest

from fairlead import model, tensors
from fairlead.errors import InvalidFileError


def header(entries: object, data: bytes = b"") -> bytes:
    """A safetensors file."""
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensor(shape: list, begin: int, end: int, dtype: str = "F32") -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "t.safetensors: header: the file has 0 bytes"),
        (struct.pack("<Q", 2**63) + b"{}", "t.safetensors: header: says 9223372036854775808 bytes, of a file with 10"),
        (header(b"[" * 100_000), "t.safetensors: header: is no JSON object"),
        (header(b"\xff\xfe"), "t.safetensors: header: is no JSON object"),
        (header([]), "t.safetensors: header: is no JSON object"),
        (header(b'{"a": 1, "a": 2}'), "t.safetensors: header: is no JSON object: a key stands twice"),
        (header({"a": {}}), "t.safetensors: a: must have dtype, shape and data_offsets"),
        (header({"a": tensor([1], 0, 4, "F33")}, b"1234"), "t.safetensors: a.dtype: unknown: 'F33'"),
        (header({"a": tensor([-1], 0, 4)}, b"1234"), "t.safetensors: a.shape: must be a list"),
        (header({"a": tensor([1.5], 0, 4)}, b"1234"), "t.safetensors: a.shape: must be a list"),
        (header({"a": tensor([True], 0, 4)}, b"1234"), "t.safetensors: a.shape: must be a list"),
        (header({"a": tensor([2**40, 2**40], 0, 4)}, b"1234"), "t.safetensors: a.data_offsets: span 4 bytes where"),
        (header({"a": tensor([1], 4, 0)}, b"1234"), "t.safetensors: a.data_offsets: must be a begin and an end"),
        (header({"a": tensor([2], 0, 8)}, b"1234"), "t.safetensors: a.data_offsets: end at 8 of 4 bytes of data"),
        (header({"a": tensor([1], 0, 4), "b": tensor([1], 2, 6)}, b"123456"), "t.safetensors: b.data_offsets: overlap"),
        (header({"a": tensor([1], 0, 4), "b": tensor([1], 6, 10)}, b"1234567890"), "t.safetensors: b.data_offsets: leave a gap"),
        (header({"a": tensor([1], 0, 4)}, b"12345"), "t.safetensors: data: has 5 bytes where the header describes 4"),
    ],
)
def test_refuses_a_bad_safetensors_file(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "t.safetensors"
    path.write_bytes(content)
    with pytest.raises(InvalidFileError) as caught:
        tensors.load(path)
    assert str(caught.value).startswith(message)


def test_safetensors_keep_every_dtype_and_empty_shapes(tmp_path: Path) -> None:
    arrays = {
        "bool": mx.array([True, False]),
        "half": mx.array([1.5, float("inf")], dtype=mx.float16),
        "brain": mx.array([1.5, -3.0], dtype=mx.bfloat16),
        "scalar": mx.array(7, dtype=mx.int64),
        "empty": mx.zeros((0, 3)),
        "complex": mx.array([1 + 2j]),
        "numpy": np.arange(6, dtype=np.float64).reshape(2, 3).T,
    }
    tensors.save(tmp_path / "t.safetensors", arrays)
    for name, found in tensors.load(tmp_path / "t.safetensors").items():
        if name == "numpy":
            assert found.dtype == mx.float64 and found.tolist() == arrays[name].tolist()
        else:
            assert found.dtype == arrays[name].dtype and found.shape == arrays[name].shape
            assert found.tolist() == arrays[name].tolist()


def test_mlx_reads_our_safetensors(tmp_path: Path) -> None:
    tensors.save(tmp_path / "t.safetensors", {"b": mx.arange(3), "a": mx.ones((2, 2), dtype=mx.bfloat16)})
    loaded = mx.load(str(tmp_path / "t.safetensors"))
    assert loaded["b"].tolist() == [0, 1, 2] and loaded["a"].dtype == mx.bfloat16


def spoilt(golden: Path, folder: Path, file: str, change: Callable[[dict], object]) -> Path:
    """A copy of the CNN's folder with one JSON file changed."""
    for source in (golden / "cnn").iterdir():
        (folder / source.name).write_bytes(source.read_bytes())
    content = json.loads((folder / file).read_text())
    change(content)
    (folder / file).write_text(json.dumps(content))
    return folder


def put(*path: str | int, value: object) -> Callable[[dict], None]:
    """Sets a nested field."""

    def change(content: dict) -> None:
        target = content
        for key in path[:-1]:
            target = target[key]
        target[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        ("model.json", put("format", value="onnx"), "model.json: format: must be 'mlx', not 'onnx'"),
        ("model.json", put("version", value=2), "model.json: version: must be 1, not 2"),
        ("model.json", put("version", value=True), "model.json: version: must be 1, not True"),
        ("model.json", put("signature", value=3), "model.json: signature: must be an object"),
        ("model.json", put("signature", "inputs", value=[]), "model.json: signature.inputs: differ"),
        ("model.json", put("signature", "outputs", 0, "name", value="x"), "model.json: signature.outputs: differ"),
        ("graph.json", lambda graph: graph.pop("nodes"), "graph.json: nodes: is missing"),
        ("graph.json", put("symbols", value=["batch", "batch"]), "graph.json: symbols: a name stands twice"),
        ("graph.json", put("symbols", value=["batch", "other"]), "graph.json: inputs: no input has the dimension other"),
        ("graph.json", put("inputs", 0, "shape", value=["2*batch", 8, 8, 1]), "graph.json: inputs: image: a dimension must be"),
        ("graph.json", put("constants", 0, "shape", value=[8, 3, 3, 2]), "weights.safetensors: first.weight: is float32"),
        ("graph.json", put("constants", 0, "name", value="second.weight"), "weights.safetensors: second.weight: is missing"),
        ("graph.json", put("nodes", 2, "op", value=7), "graph.json: nodes[2].op: must be a text, not 7"),
        ("graph.json", put("nodes", 2, "inputs", 0, value="v9"), "graph.json: nodes[2].inputs[0]: 'v9' isn't defined before"),
        (
            "graph.json",
            put("nodes", 2, "outputs", 0, "name", value="v1"),
            "graph.json: nodes[2].outputs[0].name: 'v1' is defined twice",
        ),
        ("graph.json", put("nodes", 2, "outputs", 0, "dtype", value="float8"), "graph.json: nodes[2].outputs[0].dtype: unknown"),
        ("graph.json", put("nodes", 2, "outputs", 0, "shape", 0, value=-1), "graph.json: nodes[2].outputs[0].shape[0]: must be"),
        (
            "graph.json",
            put("nodes", 2, "outputs", 0, "shape", 0, value="b"),
            "graph.json: nodes[2].outputs[0].shape[0]: unknown symbol b",
        ),
        ("graph.json", put("nodes", 2, "arguments", value=[2**70]), "graph.json: nodes[2].arguments[0]: has more than 64 bits"),
        ("graph.json", put("nodes", 2, "arguments", value=[{}]), "graph.json: nodes[2].arguments[0]: is no argument"),
        ("graph.json", put("nodes", 2, "arguments", value=["2**batch"]), "graph.json: nodes[2].arguments[0]: '2**batch'"),
        ("graph.json", put("outputs", 0, "value", value="v99"), "graph.json: outputs[0].value: 'v99' isn't defined"),
    ],
)
def test_refuses_a_bad_model(golden: Path, tmp_path: Path, file: str, change: Callable, message: str) -> None:
    with pytest.raises(InvalidFileError) as caught:
        model.load(spoilt(golden, tmp_path, file, change))
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("content", [b"", b"[" * 1_000_000, b'{"format": NaN}', b"\x00", b'{"a": 1' + b"0" * 10_000 + b"}"])
def test_refuses_what_is_no_json(golden: Path, tmp_path: Path, content: bytes) -> None:
    spoilt(golden, tmp_path, "graph.json", lambda graph: None)
    (tmp_path / "graph.json").write_bytes(content)
    with pytest.raises(InvalidFileError, match=r"^graph\.json: file: is no JSON"):
        model.load(tmp_path)


def test_names_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match=r"^model\.json: file: No such file"):
        model.load(tmp_path)
