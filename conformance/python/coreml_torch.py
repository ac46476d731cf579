"""Writes the cases of the suite coreml-torch: coreml_torch.py FOLDER [PATTERN].

A case is a package that coremltools made of a traced torch module, the module's inputs, and what torch computes on them. For a
compressed package torch computes with the weights that coremltools itself decompresses it to.
"""

import json
import re
import sys
import warnings
from pathlib import Path

import coremltools as ct
import coremltools.optimize.coreml as cto
import numpy as np
import torch
from coremltools.converters.mil.frontend.milproto.load import load
from safetensors.numpy import save_file

from torch_networks import NETWORKS

warnings.filterwarnings("ignore")
torch.backends.mha.set_fastpath_enabled(False)

COMPRESSED_FROM = 2048
COMPRESSIONS = {
    "palettized": lambda model: cto.palettize_weights(
        model, cto.OptimizationConfig(cto.OpPalettizerConfig(mode="uniform", nbits=4))
    ),
    "block4": lambda model: cto.linear_quantize_weights(
        model,
        cto.OptimizationConfig(
            cto.OpLinearQuantizerConfig(mode="linear_symmetric", dtype="int4", granularity="per_block", block_size=8)
        ),
    ),
    "block4-asymmetric": lambda model: cto.linear_quantize_weights(
        model,
        cto.OptimizationConfig(cto.OpLinearQuantizerConfig(mode="linear", dtype="uint4", granularity="per_block", block_size=8)),
    ),
    "channel8": lambda model: cto.linear_quantize_weights(
        model, cto.OptimizationConfig(cto.OpLinearQuantizerConfig(mode="linear", dtype="int8"))
    ),
}


def compressed(name: str) -> list[str]:
    """Which compressions a network is run with; batch normalisation would fold the weights away from torch's."""
    if name in ("encoder", "decoder", "llama", "vision_transformer", "swin", "convnext", "squeezenet", "unet"):
        return list(COMPRESSIONS)
    return []


def settle(module: torch.nn.Module) -> torch.nn.Module:
    """Gives what is one or zero in a fresh module numbers that show where they go."""
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, torch.nn.modules.batchnorm._BatchNorm):
                part.running_mean.normal_(0, 0.1)
                part.running_var.uniform_(0.8, 1.2)
            if isinstance(part, torch.nn.modules.batchnorm._BatchNorm | torch.nn.LayerNorm | torch.nn.GroupNorm):
                part.weight.uniform_(0.8, 1.2)
                part.bias.normal_(0, 0.1)
            if isinstance(part, torchvision_scale()):
                part.layer_scale.uniform_(0.5, 1.0)
    return module.eval()


def torchvision_scale() -> type:
    from torchvision.models.convnext import CNBlock

    return CNBlock


def convert(traced: torch.jit.ScriptModule, inputs: dict[str, torch.Tensor], precision: object) -> ct.models.MLModel:
    kinds = {torch.int32: np.int32, torch.float32: np.float32}
    return ct.convert(
        traced,
        convert_to="mlprogram",
        inputs=[ct.TensorType(name=k, shape=tuple(v.shape), dtype=kinds[v.dtype]) for k, v in inputs.items()],
        minimum_deployment_target=ct.target.iOS18,
        compute_precision=precision,
        skip_model_load=True,
    )


def constants(model: ct.models.MLModel) -> list[np.ndarray]:
    spec = model.get_spec()
    program = load(spec, spec.specificationVersion, model.weights_dir)
    found = []
    for operation in program.functions["main"].operations:
        if operation.op_type == "const" and isinstance(operation.outputs[0].val, np.ndarray):
            found.append(operation.outputs[0].val)
    return found


def adopt(module: torch.nn.Module, model: ct.models.MLModel) -> None:
    """Gives a module the weights that a package has after its decompression."""
    found = [c for c in constants(cto.decompress_weights(model)) if c.size >= COMPRESSED_FROM]
    left = list(found)
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if parameter.numel() < COMPRESSED_FROM:
                continue
            want = parameter.numpy()
            alike = [c for c in left if c.shape == want.shape or c.shape == want.squeeze().shape]
            if not alike:
                raise ValueError(f"{name}: no weight of the package has its shape")
            near = min(alike, key=lambda c: float(np.abs(c.reshape(want.shape) - want).max()))
            left = [c for c in left if c is not near]
            parameter.copy_(torch.from_numpy(near.reshape(want.shape).astype(np.float32)))


def run(module: torch.nn.Module, inputs: dict[str, torch.Tensor]) -> list[np.ndarray]:
    with torch.no_grad():
        results = module(*inputs.values())
    if isinstance(results, torch.Tensor):
        results = (results,)
    return [result.contiguous().numpy() for result in results]


def write(folder: Path, model: ct.models.MLModel, inputs: dict[str, torch.Tensor], outputs: list[np.ndarray]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model.save(str(folder / "model.mlpackage"))
    names = [output.name for output in model.get_spec().description.output]
    save_file({k: v.numpy() for k, v in inputs.items()}, folder / "inputs.safetensors")
    save_file(dict(zip(names, outputs, strict=True)), folder / "expected.safetensors")


def main(folder: Path, pattern: str) -> None:
    cases = []
    for name, network in NETWORKS.items():
        if not re.search(pattern, name):
            continue
        torch.manual_seed(7)
        module, inputs = network()
        settle(module)
        with torch.no_grad():
            traced = torch.jit.trace(module, tuple(inputs.values()))
        outputs = run(module, inputs)
        kept = {key: value.clone() for key, value in module.state_dict().items()}
        for precision in ("fp32", "fp16"):
            compute = ct.precision.FLOAT32 if precision == "fp32" else ct.precision.FLOAT16
            model = convert(traced, inputs, compute)
            write(folder / f"{name}-{precision}", model, inputs, outputs)
            cases.append({"case": f"{name}-{precision}", "precision": precision})
            for kind in compressed(name):
                small = COMPRESSIONS[kind](model)
                adopt(module, small)
                case = f"{name}-{precision}-{kind}"
                write(folder / case, small, inputs, run(module, inputs))
                module.load_state_dict(kept)
                cases.append({"case": case, "precision": precision})
        print(name, flush=True)
    (folder / "cases.json").write_text(json.dumps({"cases": cases}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
