"""Writes the cases of the suite coreml-operations: coreml_operations.py FOLDER [PATTERN].

A case is a MIL program of one operation, inputs, and what they give: as coremltools itself infers it from constants, or, for
operations that it does not infer, as torch or the formula in the operation's documentation computes it.
"""

import json
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import coremltools as ct
import numpy as np
import torch
from coremltools.converters.mil import Builder as mb  # noqa: N813
from safetensors.numpy import save_file

import mil_elementwise  # noqa: F401
import mil_layers  # noqa: F401
import mil_shapes  # noqa: F401
import mil_weights  # noqa: F401
from mil_cases import CASES, KINDS

warnings.filterwarnings("ignore")


def inferred(build: Callable, inputs: tuple, target: ct.target) -> list[np.ndarray]:
    """What coremltools makes of the operation on constants."""
    found = []

    @mb.program(input_specs=[mb.TensorSpec(shape=(1,))], opset_version=target)
    def program(unused):
        result = build(*(mb.const(val=x.copy()) for x in inputs))
        for value in result if isinstance(result, tuple | list) else [result]:
            found.append(value.val)
        return mb.identity(x=unused)

    if any(value is None for value in found):
        raise ValueError("coremltools does not infer it")
    return found


def program(build: Callable, inputs: tuple, target: ct.target) -> ct.models.MLModel:
    names = "xyz"[: len(inputs)] if len(inputs) <= 3 else "abcdefg"[: len(inputs)]
    namespace: dict = {"build": build}
    exec(f"def function({', '.join(names)}):\n    return build({', '.join(names)})", namespace)
    specs = [mb.TensorSpec(shape=x.shape, dtype=KINDS[x.dtype]) for x in inputs]
    made = mb.program(input_specs=specs, opset_version=target)(namespace["function"])
    return ct.convert(
        made,
        convert_to="mlprogram",
        minimum_deployment_target=target,
        compute_precision=ct.precision.FLOAT32,
        pass_pipeline=ct.PassPipeline.EMPTY,
        skip_model_load=True,
    )


def arrays(results: object) -> list[np.ndarray]:
    listed = list(results) if isinstance(results, tuple | list) else [results]
    return [
        np.ascontiguousarray(r.numpy() if isinstance(r, torch.Tensor) else r) if np.ndim(r) else np.asarray(r) for r in listed
    ]


def main(folder: Path, pattern: str) -> None:
    written = []
    wrong = []
    for name, build, inputs, expected, target in CASES:
        if not re.search(pattern, name):
            continue
        try:
            model = program(build, inputs, target)
            outputs = arrays(expected(*inputs) if expected else inferred(build, inputs, target))
        except Exception as error:
            wrong.append(f"{name}: {error!r}")
            continue
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        model.save(str(place / "model.mlpackage"))
        description = model.get_spec().description
        save_file(
            {f.name: np.ascontiguousarray(x) for f, x in zip(description.input, inputs, strict=True)},
            place / "inputs.safetensors",
        )
        save_file({f.name: x for f, x in zip(description.output, outputs, strict=True)}, place / "expected.safetensors")
        written.append({"case": name, "precision": "fp32"})
    (folder / "cases.json").write_text(json.dumps({"cases": written}, indent=1) + "\n", encoding="utf-8")
    if wrong:
        sys.exit("cases that could not be written:\n" + "\n".join(wrong))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
