"""The worker's protocol, over a real process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mlx.core as mx
import prototypes
import pytest

import fairlead
from fairlead import tensors

PACKAGE = Path(fairlead.__file__).resolve().parents[1]


class Child:
    """A worker process; every answer is a JSON line, or the test fails."""

    def __init__(self) -> None:
        environment = os.environ | {"PYTHONPATH": str(PACKAGE)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fairlead.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )

    def send(self, request: dict | bytes) -> None:
        line = request if isinstance(request, bytes) else json.dumps(request).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def answer(self) -> dict:
        return json.loads(self.process.stdout.readline())

    def ask(self, **request: object) -> dict:
        self.send({"id": 1, **request})
        return self.answer()


@pytest.fixture
def child() -> Iterator[Child]:
    worker = Child()
    yield worker
    worker.process.stdin.close()
    assert worker.process.wait(timeout=10) == 0
    assert worker.process.stdout.read() == b""
    worker.process.stdout.close()
    worker.process.stderr.close()


def test_hello_names_versions_and_device(child: Child) -> None:
    answer = child.ask(op="hello")
    assert answer["ok"] and answer["versions"].keys() == {"mlx", "python", "fairlead", "numpy"}
    assert answer["device"] in ("cpu", "gpu")
    assert answer["stand_in"] == (sys.platform != "darwin" or answer["device"] == "cpu")
    assert answer["device_info"]["machine"]


def test_runs_a_model_and_taps_values(child: Child, golden: Path, tmp_path: Path) -> None:
    image = mx.random.uniform(shape=(3, 8, 8, 1))
    tensors.save(tmp_path / "in.safetensors", {"image": image})
    loaded = child.ask(op="load", model=str(golden / "cnn"))
    assert loaded["signature"]["outputs"] == [{"name": "logits", "dtype": "float32", "shape": ["batch", 10]}]
    request = {"op": "run", "inputs": str(tmp_path / "in.safetensors"), "outputs": str(tmp_path / "out.safetensors")}
    answer = child.ask(**request, tap=["v4"])
    assert answer["ok"] and answer["seconds"] > 0
    outputs = tensors.load(tmp_path / "out.safetensors")
    assert outputs.keys() == {"logits", "v4"}
    assert mx.array_equal(outputs["logits"], prototypes.small_cnn()(image))


@pytest.mark.parametrize(
    ("request_", "code", "message", "field"),
    [
        ({"op": "sing"}, "InvalidRequest", "request: op: unknown: 'sing'", "op"),
        ({"op": "load"}, "InvalidRequest", "request: model: must be a text", "model"),
        ({"op": "load", "model": "/no/such/folder"}, "InvalidFile", "model.json: file: No such file or directory", "file"),
        ({"op": "run", "inputs": "a", "outputs": "b"}, "InvalidRequest", "request: op: no model is loaded", "op"),
    ],
)
def test_answers_bad_requests_with_errors(child: Child, request_: dict, code: str, message: str, field: str) -> None:
    answer = child.ask(**request_)
    assert answer == {"id": 1, "ok": False, "error": {"code": code, "message": message, "field": field}}
    assert child.ask(op="hello")["ok"]


@pytest.mark.parametrize("line", [b"{", b"[]", b"{}", b'{"id": [], "op": "hello"}', b"\xff", b"[" * 100_000])
def test_answers_what_is_no_request(child: Child, line: bytes) -> None:
    child.send(line)
    answer = child.answer()
    assert answer["id"] is None and answer["error"]["code"] == "InvalidRequest"
    assert child.ask(op="hello")["ok"]


def test_names_the_file_and_tensor_at_fault(child: Child, golden: Path, tmp_path: Path) -> None:
    child.ask(op="load", model=str(golden / "cnn"))
    request = {"op": "run", "inputs": str(tmp_path / "in.safetensors"), "outputs": str(tmp_path / "out.safetensors")}
    tensors.save(tmp_path / "in.safetensors", {"picture": mx.zeros(3)})
    error = child.ask(**request)["error"]
    assert error["code"] == "UnknownTensor" and error["field"] == "picture"
    assert error["message"] == "in.safetensors: picture: the model has no such input"
    tensors.save(tmp_path / "in.safetensors", {"image": mx.zeros((1, 8, 8, 1), dtype=mx.int32)})
    error = child.ask(**request)["error"]
    assert error["message"] == "in.safetensors: image: is int32, the model takes float32"
    (tmp_path / "in.safetensors").write_bytes(b"\xff" * 100)
    error = child.ask(**request)["error"]
    assert error["code"] == "InvalidFile" and error["message"].startswith("in.safetensors: header: says ")
    assert not (tmp_path / "out.safetensors").exists()


def test_lists_primitives_that_it_cannot_run(child: Child, golden: Path, tmp_path: Path) -> None:
    for file in (golden / "cnn").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes().replace(b'"op": "Add', b'"op": "Sub'))
    error = child.ask(op="load", model=str(tmp_path))["error"]
    assert error["code"] == "UnsupportedOperations"
    assert error["message"] == "graph.json: nodes: no replay for Sub, SubMM"


def slow_model(folder: Path) -> Path:
    """A graph that takes many seconds."""

    def function(x: mx.array) -> mx.array:
        for _ in range(600):
            x = mx.softmax(x @ x)
        return x

    return fairlead.export(function, {"x": mx.zeros((256, 256))}, folder)


def test_cancels_a_run_in_progress_and_one_that_waits(child: Child, golden: Path, tmp_path: Path) -> None:
    child.ask(op="load", model=str(slow_model(tmp_path / "slow")))
    tensors.save(tmp_path / "in.safetensors", {"x": mx.zeros((256, 256))})
    request = {"op": "run", "inputs": str(tmp_path / "in.safetensors"), "outputs": str(tmp_path / "out.safetensors")}
    child.send({"id": 3, **request})
    child.send({"id": 4, **request})
    child.send({"id": 5, "op": "cancel", "target": 4})
    child.send({"id": "six", "op": "cancel", "target": 3})
    answers = {answer["id"]: answer for answer in (child.answer() for _ in range(4))}
    assert answers[5] == {"id": 5, "ok": True} and answers["six"] == {"id": "six", "ok": True}
    assert answers[3]["error"]["code"] == answers[4]["error"]["code"] == "Cancelled"
    assert not (tmp_path / "out.safetensors").exists()
    assert child.ask(op="load", model=str(golden / "cnn"))["ok"]


def test_ends_with_its_input_while_it_runs(child: Child, tmp_path: Path) -> None:
    child.ask(op="load", model=str(slow_model(tmp_path / "slow")))
    tensors.save(tmp_path / "in.safetensors", {"x": mx.zeros((256, 256))})
    child.send({"id": 3, "op": "run", "inputs": str(tmp_path / "in.safetensors"), "outputs": str(tmp_path / "o")})
    child.process.stdin.close()
    assert child.answer()["error"]["code"] == "Cancelled"


def test_shutdown_ends_it(child: Child) -> None:
    assert child.ask(op="shutdown") == {"id": 1, "ok": True}
    assert child.process.wait(timeout=10) == 0


def test_writes_a_file_that_mlx_imports(child: Child, golden: Path, tmp_path: Path) -> None:
    child.ask(op="load", model=str(golden / "cnn"))
    path = tmp_path / "cnn.mlxfn"
    assert child.ask(op="export_mlxfn", path=str(path), sizes={"batch": 2}) == {"id": 1, "ok": True}
    image = mx.random.uniform(shape=(2, 8, 8, 1))
    (logits,) = mx.import_function(str(path))(image=image)
    assert mx.array_equal(logits, prototypes.small_cnn()(image))


def test_prints_of_libraries_stay_out_of_the_answers(tmp_path: Path) -> None:
    script = "import os, sys; from fairlead import worker; real = worker.model.load\n"
    script += "def load(folder):\n    print('chatter'); os.write(1, b'native chatter'); return real(folder)\n"
    script += "worker.model.load = load; worker.main()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=b'{"id": 1, "op": "load", "model": "/none"}\n{"id": 2, "op": "shutdown"}\n',
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(PACKAGE)},
        check=True,
    )
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert b"chatter" in done.stderr and b"native chatter" in done.stderr
