"""What other gates say of pairs of outputs: parity_peers.py FOLDER VERDICTS.

FOLDER holds a folder for each case with s/outputs.safetensors and c/outputs.safetensors, the outputs of the source's and the
target's machine. VERDICTS becomes {gate: {case: passed}}. Each gate is called as its users call it, with its defaults.
"""

import json
import pathlib
import sys

import numpy
import torch
from coremltools.models.ml_program.experimental.debugging_utils import compute_snr_and_psnr
from polygraphy.comparator import CompareFunc
from polygraphy.comparator.struct import IterationResult
from polygraphy.logger import G_LOGGER
from safetensors.torch import load_file

# optimum.exporters.base: ATOL_FOR_VALIDATION, beside numpy.allclose's relative tolerance, in validate_model_outputs.
OPTIMUM = 1e-5

# The threshold of coremltools' own tests of layers and of quantisation (test_numpy_nn_layers.py, test_quantization.py).
COREML_PSNR = 40.0


def array(tensor):
    return tensor.float().numpy() if tensor.dtype == torch.bfloat16 else tensor.numpy()


def polygraphy(source, target):
    compare = CompareFunc.simple()
    result = compare(
        IterationResult(outputs={name: array(tensor) for name, tensor in source.items()}),
        IterationResult(outputs={name: array(tensor) for name, tensor in target.items()}),
    )
    return all(bool(outcome) for outcome in result.values())


def torch_close(source, target):
    torch.testing.assert_close(target, source)
    return True


def numpy_close(source, target):
    return all(numpy.allclose(array(target[name]), array(source[name])) for name in source)


def optimum(source, target):
    return all(numpy.allclose(array(source[name]), array(target[name]), atol=OPTIMUM) for name in source)


def coreml(source, target):
    for name, tensor in source.items():
        if not tensor.is_floating_point():
            continue
        wanted = array(tensor).astype(numpy.float64).reshape(-1)
        found = array(target[name]).astype(numpy.float64).reshape(-1)
        if not compute_snr_and_psnr(found, wanted)[1] >= COREML_PSNR:
            return False
    return True


GATES = {
    "polygraphy": polygraphy,
    "torch.testing": torch_close,
    "numpy.allclose": numpy_close,
    "optimum": optimum,
    "coremltools PSNR": coreml,
}


def by_case(path):
    cases = {}
    for name, tensor in load_file(path).items():
        case, _, output = name.partition("/")
        cases.setdefault(case, {})[output] = tensor
    return cases


def passes(gate, folder):
    source = by_case(folder / "s" / "outputs.safetensors")
    target = by_case(folder / "c" / "outputs.safetensors")
    try:
        return source.keys() == target.keys() and all(gate(source[case], target[case]) for case in source)
    except (AssertionError, ValueError, KeyError):
        return False


def main():
    G_LOGGER.module_severity = G_LOGGER.CRITICAL
    root = pathlib.Path(sys.argv[1])
    folders = sorted(path for path in root.iterdir() if path.is_dir())
    verdicts = {
        name: {folder.name: bool(passes(gate, folder)) for folder in folders} for name, gate in GATES.items()
    }
    pathlib.Path(sys.argv[2]).write_text(json.dumps(verdicts))


if __name__ == "__main__":
    main()
