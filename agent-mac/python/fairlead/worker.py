"""The agent's child: answers JSON lines on standard input with JSON lines on standard output, one for each request.

Requests: `hello`, `load` a model folder for a runtime, `run` it on tensors in a safetensors file, `cancel` a run, `export_mlxfn`,
`shutdown`. The runtime `mlx` replays the model with MLX in its own precision, `reference` computes it in float64 apart from MLX.
Standard output is the protocol's alone: whatever else would print there goes to standard error.
"""

import json
import os
import platform
import queue
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import mlx.core as mx
import numpy as np

from fairlead import device, mlxfn, model, tensors
from fairlead.errors import CancelledError, FairleadError
from fairlead.reference import Reference
from fairlead.reference.values import storable
from fairlead.replay import Replayer
from fairlead.version import VERSION

_MAX_LINE = 1024 * 1024
_MAX_WAITING = 1000
_RUNTIMES = {"mlx": Replayer, "reference": Reference}


class Worker:
    """Runs one request at a time, in order; only `cancel` overtakes."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._writing = threading.Lock()
        self._waiting: queue.Queue[dict | None] = queue.Queue(_MAX_WAITING)
        self._lock = threading.Lock()
        self._open: set[object] = set()
        self._cancelled: set[object] = set()
        self._ended = threading.Event()
        self._model: model.Model | None = None
        self._runtime: Replayer | Reference | None = None
        self._operations: dict[str, Callable[[dict], dict]] = {
            "hello": self._hello,
            "load": self._load,
            "run": self._run,
            "export_mlxfn": self._export_mlxfn,
            "shutdown": lambda request: {},
        }

    def serve(self) -> None:
        """Answers until `shutdown` or the end of the input, which also ends a run in progress."""
        threading.Thread(target=self._read, name="requests", daemon=True).start()
        while (request := self._waiting.get()) is not None:
            self._answer(request)
            if request["op"] == "shutdown":
                return

    def _read(self) -> None:
        while line := self._requests.readline(_MAX_LINE):
            try:
                request = _parse(line)
            except FairleadError as error:
                self._say({"id": None, **_failure(error)})
                if not line.endswith(b"\n"):
                    break  # the rest of an endless line can't be told from a request
                continue
            if request["op"] == "cancel":
                self._cancel(request)
                continue
            with self._lock:
                self._open.add(request["id"])
            self._waiting.put(request)
            if request["op"] == "shutdown":
                return  # a reader that still held the input would abort the interpreter's end
        self._ended.set()
        self._waiting.put(None)

    def _cancel(self, request: Mapping[str, object]) -> None:
        target = request.get("target")
        with self._lock:
            # an answered target is no error: its answer and the cancel crossed
            if isinstance(target, int | str) and target in self._open:
                self._cancelled.add(target)
        self._say({"id": request["id"], "ok": True})

    def _answer(self, request: dict) -> None:
        try:
            operation = self._operations.get(request["op"])
            if operation is None:
                raise FairleadError(f"request: op: unknown: {request['op']!r}"[:200], "op", code="InvalidRequest")
            if request["op"] != "shutdown" and self._is_cancelled(request["id"]):
                raise CancelledError("cancelled before it began")
            answer = {"ok": True, **operation(request)}
        except FairleadError as error:
            answer = _failure(error)
        except Exception as error:  # the process boundary: one bad request must not end the worker
            print(f"worker: {request['op']}: {error!r}", file=sys.stderr)
            answer = _failure(FairleadError(f"{type(error).__name__}: {error}"))
        with self._lock:
            self._open.discard(request["id"])
            self._cancelled.discard(request["id"])
        self._say({"id": request["id"], **answer})

    def _is_cancelled(self, identity: object) -> bool:
        return self._ended.is_set() or identity in self._cancelled

    def _say(self, answer: Mapping[str, object]) -> None:
        text = json.dumps(answer, allow_nan=False).encode() + b"\n"
        with self._writing:
            self._answers.write(text)
            self._answers.flush()

    def _hello(self, request: dict) -> dict:
        versions = {
            "mlx": mx.__version__,
            "python": platform.python_version(),
            "fairlead": VERSION,
            "numpy": np.__version__,
        }
        return {
            "versions": versions,
            "device": device.name(),
            "stand_in": device.is_stand_in(),
            "device_info": device.describe(),
            "runtimes": list(_RUNTIMES),
        }

    def _load(self, request: dict) -> dict:
        runtime = request.get("runtime", "mlx")
        if not isinstance(runtime, str) or runtime not in _RUNTIMES:
            raise FairleadError(f"request: runtime: must be one of {', '.join(_RUNTIMES)}", "runtime", code="InvalidRequest")
        loaded = model.load(Path(_text(request, "model")))
        self._runtime = _RUNTIMES[runtime](loaded)
        self._model = loaded
        return {"signature": loaded.signature}

    def _run(self, request: dict) -> dict:
        _, runtime = self._loaded()
        source = Path(_text(request, "inputs"))
        target = Path(_text(request, "outputs"))
        tap = request.get("tap") or []
        if not isinstance(tap, list) or not all(isinstance(name, str) for name in tap):
            raise FairleadError("request: tap: must be a list of value names", "tap", code="InvalidRequest")
        inputs = tensors.load(source)
        start = time.perf_counter()
        found = runtime.run(inputs, tap, lambda: self._is_cancelled(request["id"]), source.name)
        seconds = time.perf_counter() - start
        outputs = {name: storable(array) if isinstance(array, np.ndarray) else array for name, array in found.items()}
        _writable(lambda: tensors.save(target, outputs), "outputs")
        return {"seconds": seconds}

    def _export_mlxfn(self, request: dict) -> dict:
        """Writes MLX's own file, at fixed sizes: those of `sizes` by symbol, else 1. Outputs are in the signature's order."""
        loaded, replayer = self._loaded()
        if not isinstance(replayer, Replayer):
            raise FairleadError("request: op: export_mlxfn needs a model loaded for mlx", "op", code="InvalidRequest")
        path = _text(request, "path")
        given = request.get("sizes") or {}
        if not isinstance(given, dict) or any(type(size) is not int or size < 1 for size in given.values()):
            raise FairleadError("request: sizes: must map symbols to sizes above 0", "sizes", code="InvalidRequest")
        _writable(lambda: mlxfn.write(loaded, replayer, Path(path), (given,)), "path")
        return {}

    def _loaded(self) -> tuple[model.Model, Replayer | Reference]:
        if self._model is None or self._runtime is None:
            raise FairleadError("request: op: no model is loaded", "op", code="InvalidRequest")
        return self._model, self._runtime


def _parse(line: bytes) -> dict:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FairleadError(f"request: is no JSON: {error}"[:300], code="InvalidRequest") from error
    if not isinstance(request, dict):
        raise FairleadError("request: must be an object", code="InvalidRequest")
    if type(request.get("id")) not in (int, str):
        raise FairleadError("request: id: must be a number or a text", "id", code="InvalidRequest")
    _text(request, "op")
    return request


def _text(request: Mapping[str, object], name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str) or not value:
        raise FairleadError(f"request: {name}: must be a text", name, code="InvalidRequest")
    return value


def _writable(write: Callable[[], None], field: str) -> None:
    try:
        write()
    except OSError as error:
        raise FairleadError(f"request: {field}: {error.strerror}", field, code="InvalidRequest") from error


def _failure(error: FairleadError) -> dict:
    fields = {"code": error.code, "message": str(error), "field": error.field}
    return {"ok": False, "error": {name: value for name, value in fields.items() if value is not None}}


def main() -> None:
    """Serves on the process's own standard streams."""
    # native libraries write to descriptor 1 themselves, so the descriptor moves, not only sys.stdout
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    Worker(sys.stdin.buffer, answers).serve()


if __name__ == "__main__":
    main()
