"""Times the other converters to Core ML: a JSON line in, a JSON line out.

{"network": name, "onnx": file}: makes a network of torch_networks and exports it; {}.
{"network": name, "package": folder}: coremltools converts that network; {"seconds": time}.
{"onnx": file, "package": folder}: onnx2coreml converts a model; {"seconds": time}.
Where something fails: {"error": text}. Both compute in float32 and write their package, and none loads it.
"""

import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable

logging.disable(logging.CRITICAL)
warnings.filterwarnings("ignore")

import coremltools as ct  # noqa: E402
import onnx2coreml  # noqa: E402
import torch  # noqa: E402

from coreml_torch import convert, settle  # noqa: E402
from torch_networks import NETWORKS  # noqa: E402

TRACED: dict[str, tuple[torch.jit.ScriptModule, dict[str, torch.Tensor]]] = {}


def export(name: str, file: str) -> dict:
    torch.manual_seed(7)
    module, inputs = NETWORKS[name]()
    settle(module)
    with torch.no_grad():
        TRACED[name] = torch.jit.trace(module, tuple(inputs.values())), inputs
        torch.onnx.export(
            module, tuple(inputs.values()), file, input_names=list(inputs), opset_version=18, dynamo=False
        )
    return {}


def timed(make: Callable[[], ct.models.MLModel], package: str) -> dict:
    start = time.perf_counter()
    make().save(package)
    return {"seconds": time.perf_counter() - start}


def answer(question: dict) -> dict:
    if "package" not in question:
        return export(question["network"], question["onnx"])
    if "network" in question:
        traced, inputs = TRACED[question["network"]]
        return timed(lambda: convert(traced, inputs, ct.precision.FLOAT32), question["package"])
    return timed(lambda: onnx2coreml.convert(question["onnx"], compute_precision="fp32"), question["package"])


def main() -> None:
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever the libraries print is no answer
    for line in sys.stdin:
        try:
            found = answer(json.loads(line))
        except Exception as e:
            found = {"error": f"{type(e).__name__}: {e}"}
        out.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
