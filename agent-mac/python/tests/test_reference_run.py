"""The reference as a whole: taps, refusals, the worker's runtime and the command."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
from references import complexes, real
from safetensors.numpy import load_file
from test_worker import Child

import fairlead
from fairlead import model, tensors
from fairlead.errors import CancelledError, FairleadError, TensorError, UnsupportedOperationsError
from fairlead.reference import Reference

IMAGE = real(2, 8, 8, 1)


@pytest.fixture
def child() -> Iterator[Child]:
    worker = Child()
    yield worker
    worker.process.stdin.close()
    assert worker.process.wait(timeout=10) == 0
    worker.process.stdout.close()
    worker.process.stderr.close()


def edited(folder: Path, target: Path, old: str, new: str) -> Path:
    """A copy of a model folder with one text of graph.json replaced."""
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    text = (target / "graph.json").read_text()
    assert old in text
    (target / "graph.json").write_text(text.replace(old, new))
    return target


def test_taps_any_value(golden: Path) -> None:
    reference = Reference(model.load(golden / "cnn"))
    plain, tapped = reference.run({"image": IMAGE}), reference.run({"image": IMAGE}, tap=["v0", "v12"])
    assert list(plain) == ["logits"] and list(tapped) == ["logits", "v0", "v12"]
    assert np.array_equal(plain["logits"], tapped["logits"]) and np.array_equal(tapped["v12"], tapped["logits"])
    assert {array.dtype for array in tapped.values()} == {np.dtype(np.float64)}
    with pytest.raises(TensorError, match="tap: v999: the graph has no such value"):
        reference.run({"image": IMAGE}, tap=["v999"])


def test_outputs_that_are_inputs_constants_or_twice_the_same(tmp_path: Path) -> None:
    weight = mx.arange(4)

    def function(x: mx.array) -> list[mx.array]:
        y = x * 2
        return [y, y, x, weight]

    fairlead.export(function, {"x": mx.zeros(3, mx.bfloat16)}, tmp_path, weights={"weight": weight})
    found = list(Reference(model.load(tmp_path)).run({"x": mx.ones(3, mx.bfloat16)}).values())
    assert [array.tolist() for array in found] == [[2, 2, 2], [2, 2, 2], [1, 1, 1], [0, 1, 2, 3]]
    assert [array.dtype.name for array in found] == ["float64", "float64", "float64", "int32"]


def test_lists_all_primitives_without_a_reference(golden: Path, tmp_path: Path) -> None:
    edited(golden / "cnn", tmp_path, '"op": "Convolution"', '"op": "Convolve"')
    edited(tmp_path, tmp_path, '"op": "AddMM"', '"op": "CustomKernel"')
    with pytest.raises(UnsupportedOperationsError, match="no reference for Convolve, CustomKernel"):
        Reference(model.load(tmp_path))


def test_lists_uses_without_a_reference(golden: Path) -> None:
    loaded = model.load(golden / "cnn")
    node = loaded.nodes[0]
    nodes = (
        replace(node, op="Quantize", inputs=("a",), arguments=(64, 4, 0, False)),
        replace(node, op="QuantizedMatmul", inputs=("a", "b", "c", "d"), arguments=(16, 4, 3, True)),
        replace(node, op="ScaledDotProductAttention", inputs=("a", "b", "c"), arguments=(0.5, False, False, True)),
    )
    with pytest.raises(UnsupportedOperationsError) as caught:
        Reference(replace(loaded, nodes=nodes))
    assert str(caught.value) == (
        "graph.json: nodes: no reference for Quantize (its codes depend on how the scale is rounded), "
        "QuantizedMatmul (with a scale of the whole tensor), ScaledDotProductAttention (with its log-sum-exp)"
    )
    with pytest.raises(FairleadError, match="QuantizedMatmul: has too few arguments"):
        Reference(replace(loaded, nodes=(replace(nodes[1], arguments=()),)))


FLOAT = '"dtype": "float32"'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"arguments": [1.0, 1.0]', '"arguments": [1.0]', r"nodes\[12\]: AddMM: not enough values"),
        ('"arguments": [[1, 0]]', '"arguments": [[1, 7]]', r"nodes\[10\]: Transpose: "),
        ('"arguments": [5, [3, 4]]', '"arguments": [9, [3, 4]]', r"nodes\[7\]: Reduce: "),
        (f'"v0", {FLOAT}, "shape": ["batch", 8, 8, 8]', f'"v0", {FLOAT}, "shape": ["batch", 8, 9, 8]', r"nodes\[0\]: "),
        ('"v0", "dtype": "float32"', '"v0", "dtype": "int32"', r"nodes\[0\]: Convolution: gives float64.*declares int32"),
        (f'"v1", {FLOAT}, "shape": ["batch"', f'"v1", {FLOAT}, "shape": ["batch-9"', r"nodes\[1\]: .*negative size"),
        (f'"v1", {FLOAT}, "shape": ["batch"', f'"v1", {FLOAT}, "shape": ["99999999999*batch"', r"nodes\[1\]: .*memory"),
    ],
)
def test_names_the_node_that_fails(golden: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    reference = Reference(model.load(edited(golden / "cnn", tmp_path, old, new)))
    with pytest.raises(FairleadError, match=message):
        reference.run({"image": IMAGE})


def test_stops_between_nodes_when_cancelled(golden: Path) -> None:
    asked = iter([False, False, True])
    with pytest.raises(CancelledError, match=r"cancelled before nodes\[2\] Add"):
        Reference(model.load(golden / "cnn")).run({"image": IMAGE}, cancelled=lambda: next(asked))


def test_the_worker_runs_either(golden: Path, tmp_path: Path, child: Child) -> None:
    inputs, outputs = str(tmp_path / "in.safetensors"), str(tmp_path / "out.safetensors")
    tensors.save(inputs, {"image": IMAGE})
    assert child.ask(op="hello")["runtimes"] == ["mlx", "reference"]
    found = {}
    for runtime in ("reference", "mlx"):
        assert child.ask(op="load", model=str(golden / "cnn"), runtime=runtime)["ok"]
        assert child.ask(op="run", inputs=inputs, outputs=outputs, tap=["v0"])["ok"]
        found[runtime] = load_file(outputs)
    assert found["reference"]["logits"].dtype == np.float64 and found["mlx"]["logits"].dtype == np.float32
    for name in ("logits", "v0"):
        assert np.allclose(found["reference"][name], found["mlx"][name], rtol=1e-4, atol=1e-5)


def test_the_worker_refuses_what_the_reference_cannot_do(golden: Path, tmp_path: Path, child: Child) -> None:
    assert child.ask(op="load", model=str(golden / "cnn"), runtime="torch")["error"]["field"] == "runtime"
    assert child.ask(op="load", model=str(golden / "cnn"), runtime="reference")["ok"]
    refused = child.ask(op="export_mlxfn", path=str(tmp_path / "x.mlxfn"))["error"]
    assert refused == {
        "code": "InvalidRequest",
        "message": "request: op: export_mlxfn needs a model loaded for mlx",
        "field": "op",
    }
    edited(golden / "cnn", tmp_path, '"op": "AddMM"', '"op": "CustomKernel"')
    assert child.ask(op="load", model=str(tmp_path), runtime="reference")["error"]["code"] == "UnsupportedOperations"


def command(*arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "fairlead.reference", *map(str, arguments)],
        cwd=Path(fairlead.__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_command_writes_outputs_and_taps(golden: Path, tmp_path: Path) -> None:
    tensors.save(tmp_path / "in.safetensors", {"image": IMAGE})
    run = command(golden / "cnn", tmp_path / "in.safetensors", tmp_path / "out.safetensors", "--tap", "v3")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    found, wanted = (
        load_file(tmp_path / "out.safetensors"),
        Reference(model.load(golden / "cnn")).run({"image": IMAGE}, tap=["v3"]),
    )
    assert found.keys() == wanted.keys() and all(np.array_equal(found[name], wanted[name]) for name in found)


def test_the_command_says_what_is_wrong(golden: Path, tmp_path: Path) -> None:
    assert "MODEL_FOLDER" in command("--help").stdout
    run = command(golden / "cnn", tmp_path / "in.safetensors", tmp_path / "out.safetensors")
    assert run.returncode == 1 and run.stderr == "fairlead.reference: in.safetensors: file: No such file or directory\n"


def test_complex_outputs_are_pairs_of_numbers(tmp_path: Path) -> None:
    x = complexes(3, 4)
    fairlead.export(lambda x: x * 2, {"x": x}, tmp_path / "model")
    tensors.save(tmp_path / "in.safetensors", {"x": x})
    assert command(tmp_path / "model", tmp_path / "in.safetensors", tmp_path / "out.safetensors").returncode == 0
    found = load_file(tmp_path / "out.safetensors")["output"]
    assert found.dtype == np.float64 and found.shape == (3, 4, 2)
    assert np.array_equal(found[..., 0] + 1j * found[..., 1], np.array(x).astype(np.complex128) * 2)
    assert json.loads((tmp_path / "model" / "model.json").read_text())["signature"]["outputs"][0]["dtype"] == "complex64"
