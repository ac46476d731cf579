"""Writes the Core ML packages that the tests read: coreml_fixtures.py FOLDER (with coremltools 9.0)."""

import sys
from pathlib import Path

import coremltools as ct
import numpy as np
from coremltools.converters.mil import Builder as mb
from coremltools.converters.mil.mil import types

FOLDER = Path(sys.argv[1])
RANDOM = np.random.RandomState(7)


def save(name, program, target, **options):
    model = ct.convert(
        program,
        convert_to="mlprogram",
        minimum_deployment_target=target,
        skip_model_load=True,
        pass_pipeline=ct.PassPipeline.EMPTY,
        **options,
    )
    model.save(str(FOLDER / f"{name}.mlpackage"))


@mb.program(input_specs=[mb.TensorSpec(shape=(1, 3, 4, 4))], opset_version=ct.target.iOS15)
def convolution(x):
    weight = RANDOM.randn(2, 3, 3, 3).astype(np.float32)
    y = mb.conv(x=x, weight=weight, pad_type="same", bias=np.array([0.5, -0.5], np.float32))
    return mb.reshape(x=mb.relu(x=y), shape=[1, -1], name="y")


def packed(bits):
    """Seventeen rows of a table of 2**bits values: no whole number of bytes for most widths."""
    kind = types.string_to_builtin(f"uint{bits}")
    indices = RANDOM.randint(0, 2**bits, (17, 3)).astype(types.nptype_from_builtin(kind))
    table = RANDOM.randn(1, 1, 2**bits, 1).astype(np.float16)
    return mb.constexpr_lut_to_dense(indices=indices, lut=table)


@mb.program(
    input_specs=[mb.TensorSpec(shape=(2, 3), dtype=types.fp16)], opset_version=ct.target.iOS18
)
def compressed(x):
    results = [mb.linear(x=x, weight=packed(bits)) for bits in (1, 2, 3, 4, 6, 8)]
    int4 = types.nptype_from_builtin(types.int4)
    uint4 = types.nptype_from_builtin(types.uint4)
    for kind, low in ((int4, -8), (uint4, 0), (np.int8, -8), (np.uint8, 0)):
        weight = mb.constexpr_blockwise_shift_scale(
            data=RANDOM.randint(low, low + 16, (17, 3)).astype(kind),
            scale=RANDOM.rand(17, 1).astype(np.float16),
            offset=RANDOM.randint(low, low + 16, (17, 1)).astype(kind),
        )
        results.append(mb.linear(x=x, weight=weight))
    return tuple(results)


@mb.program(
    input_specs=[
        mb.TensorSpec(shape=(1, 4), dtype=types.fp16),
        mb.StateTensorSpec((1, 4), dtype=types.fp16),
    ],
    opset_version=ct.target.iOS18,
)
def counter(x, kept):
    before = mb.read_state(input=kept)
    after = mb.coreml_update_state(state=kept, value=mb.add(x=before, y=x))
    return mb.mul(x=after, y=np.float16(2.0), name="doubled")


@mb.program(input_specs=[mb.TensorSpec(shape=(3,))], opset_version=ct.target.iOS16)
def flow(x):
    total = mb.reduce_sum(x=x, axes=[0], keep_dims=False)
    chosen = mb.cond(
        pred=mb.greater(x=total, y=0.0),
        _true_fn=lambda: mb.add(x=x, y=1.0),
        _false_fn=lambda: mb.mul(x=x, y=2.0),
    )
    _, y = mb.while_loop(
        _cond=lambda i, y: mb.less(x=i, y=3.0),
        _body=lambda i, y: (mb.add(x=i, y=1.0), mb.mul(x=y, y=y)),
        loop_vars=(np.float32(0.0), chosen),
    )
    return mb.identity(x=y, name="y")


@mb.program(
    input_specs=[mb.TensorSpec(shape=(1, 3, ct.RangeDim(4, 8).symbol, 4))],
    opset_version=ct.target.iOS16,
)
def ranged(x):
    return mb.reduce_mean(x=x, axes=[2, 3], keep_dims=False, name="y")


@mb.program(input_specs=[mb.TensorSpec(shape=(1, 3, 4, 4))], opset_version=ct.target.iOS15)
def classifier(x):
    return mb.softmax(x=mb.reduce_mean(x=x, axes=[2, 3], keep_dims=False), axis=-1)


save("convolution", convolution, ct.target.iOS15, compute_precision=ct.precision.FLOAT32)
save("compressed", compressed, ct.target.iOS18)
save("counter", counter, ct.target.iOS18)
save("flow", flow, ct.target.iOS16)
save(
    "ranged",
    ranged,
    ct.target.iOS16,
    inputs=[ct.TensorType(name="x", shape=(1, 3, ct.RangeDim(4, 8, default=6), 4))],
)
save(
    "classifier",
    classifier,
    ct.target.iOS15,
    inputs=[ct.ImageType(name="x", shape=(1, 3, 4, 4))],
    classifier_config=ct.ClassifierConfig(["a", "b", "c"]),
)

multi = ct.utils.MultiFunctionDescriptor()
multi.add_function(str(FOLDER / "convolution.mlpackage"), "main", "first")
multi.add_function(str(FOLDER / "convolution.mlpackage"), "main", "second")
multi.default_function_name = "second"
ct.utils.save_multifunction(multi, str(FOLDER / "functions.mlpackage"))
