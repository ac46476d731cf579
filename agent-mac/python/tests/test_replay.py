"""The replay of a graph against the function it came from."""

from collections.abc import Callable
from pathlib import Path

import mlx.core as mx
import prototypes
import pytest

import fairlead
from fairlead import model
from fairlead.errors import CancelledError, FairleadError, TensorError, UnsupportedOperationsError
from fairlead.replay import Replayer


def same(one: mx.array, other: mx.array) -> bool:
    """Equal bit for bit, NaN for NaN."""
    return one.dtype == other.dtype and mx.array_equal(one, other, equal_nan=True).item()


def ids_and_mask(batch: int, sequence: int) -> dict[str, mx.array]:
    lengths = mx.maximum(1, sequence - mx.arange(batch))[:, None]
    mask = (mx.arange(sequence)[None] < lengths).astype(mx.int32)
    return {"input_ids": mx.random.randint(0, 40, (batch, sequence)), "attention_mask": mask}


@pytest.mark.parametrize("batch", [1, 2, 7])
def test_cnn_gives_the_same_bits(golden: Path, batch: int) -> None:
    image = mx.random.uniform(shape=(batch, 8, 8, 1), key=mx.random.key(batch))
    outputs = Replayer(model.load(golden / "cnn")).run({"image": image})
    assert same(outputs["logits"], prototypes.small_cnn()(image))


@pytest.mark.parametrize(("batch", "sequence"), [(1, 1), (1, 9), (3, 1), (4, 23)])
def test_encoder_gives_the_same_bits(golden: Path, batch: int, sequence: int) -> None:
    inputs = ids_and_mask(batch, sequence)
    outputs = Replayer(model.load(golden / "encoder")).run(inputs)
    assert same(outputs["embedding"], prototypes.tiny_encoder()(**inputs))


def test_taps_give_values_and_change_no_output(golden: Path) -> None:
    inputs = ids_and_mask(2, 6)
    replayer = Replayer(model.load(golden / "encoder"))
    plain = replayer.run(inputs)
    tapped = replayer.run(inputs, tap=["v0", "v28"])
    assert same(plain["embedding"], tapped["embedding"])
    embedded = prototypes.tiny_encoder().embeddings(inputs["input_ids"])
    assert same(tapped["v28"], embedded)


X = mx.random.normal((12, 6), key=mx.random.key(1))
I = mx.random.randint(-20, 20, (12, 6), key=mx.random.key(2))  # noqa: E741
QUANTISED = mx.quantize(mx.random.normal((8, 64), key=mx.random.key(3)))
mx.eval(QUANTISED)


def overwritten(x: mx.array) -> mx.array:
    """Assigns to a slice."""
    copy = x + 0
    copy[2:4] = x[:2]
    return copy


FUNCTIONS: dict[str, Callable[[mx.array, mx.array], object]] = {
    "unary": lambda x, i: [f(x) for f in (mx.abs, mx.negative, mx.exp, mx.expm1, mx.square, mx.sin, mx.cos, mx.tan, mx.tanh)],
    "more unary": lambda x, i: [f(x) for f in (mx.sinh, mx.cosh, mx.arctan, mx.arcsinh, mx.erf, mx.sigmoid, mx.sign, mx.round)],
    "bounded unary": lambda x, i: [f(mx.clip(x, -0.9, 0.9)) for f in (mx.arcsin, mx.arccos, mx.arctanh, mx.erfinv, mx.ceil)],
    "positive unary": lambda x, i: [
        f(mx.abs(x) + 1) for f in (mx.log, mx.log2, mx.log10, mx.log1p, mx.sqrt, mx.rsqrt, mx.arccosh)
    ],
    "binary": lambda x, i: [f(x, x[::-1]) for f in (mx.add, mx.divide, mx.power, mx.logaddexp, mx.arctan2, mx.minimum)],
    "whole numbers": lambda x, i: [f(i, 7) for f in (mx.remainder, mx.floor_divide, mx.multiply, mx.maximum)],
    "bits": lambda x, i: [f(i, 3) for f in (mx.bitwise_and, mx.bitwise_or, mx.bitwise_xor, mx.left_shift, mx.right_shift)],
    "comparisons": lambda x, i: [f(i, 2) for f in (mx.equal, mx.not_equal, mx.less, mx.less_equal, mx.greater, mx.greater_equal)],
    "logic": lambda x, i: [mx.logical_or(x > 0, i > 0), mx.logical_and(x > 0, i > 0), mx.logical_not(x > 0)],
    "quotient and rest": lambda x, i: mx.divmod(i, 5),
    "nan": lambda x, i: mx.nan_to_num(mx.where(x > 0, x, float("nan"))),
    "dtypes": lambda x, i: [x.astype(mx.float16), x.astype(mx.bfloat16), i.astype(mx.uint8), x.view(mx.int32)],
    "slices": lambda x, i: [x[::-1], x[1:-1:2], x[-2:1:-1], x[7:-8:-2], x[:, -1], x[..., 1:3]],
    "shapes": lambda x, i: [x.T, x.reshape(3, 4, 6), mx.flatten(x), mx.unflatten(x, 1, (2, 3)), x[None], mx.tile(x, (2, 1))],
    "parts": lambda x, i: [*mx.split(x, 3), *mx.split(x, [2, 5], axis=1), mx.concatenate([x, x[:2]]), mx.stack([x, x])],
    "padding": lambda x, i: mx.pad(x, ((1, 2), (0, 3)), constant_values=2.5),
    "windows": lambda x, i: mx.as_strided(x, (5, 3, 2), (12, 2, 1), 1),
    "updates": lambda x, i: [x.at[1:3].add(x[:2]), x.at[2:4].multiply(x[:2]), x.at[:2].maximum(x[2:4])],
    "moving slices": lambda x, i: [
        mx.slice_update(x, x[:2], mx.array([3]), axes=(0,)),
        mx.slice(x, mx.argmax(x[0])[None], (1,), (12, 1)),
    ],
    "written": lambda x, i: overwritten(x),
    "scattered": lambda x, i: [x.at[mx.array([1, 4, 1])].add(x[:3]), mx.eye(6), mx.put_along_axis(x, i % 6, x[:, :6], 1)],
    "gathered": lambda x, i: [
        x[mx.array([3, 1])],
        x[:, mx.array([0, 2])],
        x[mx.array([1, 2]), mx.array([0, 5])],
        x[i[:, 0] % 12],
    ],
    "along an axis": lambda x, i: mx.take_along_axis(x, mx.argsort(x, 0), 0),
    "reductions": lambda x, i: [f(x, axis=0) for f in (mx.sum, mx.prod, mx.max, mx.min, mx.mean, mx.var, mx.logsumexp)],
    "truth": lambda x, i: [mx.all(x > -9, axis=1), mx.any(x > 2, axis=0)],
    "places": lambda x, i: [mx.argmax(x, 1), mx.argmin(x, 0), mx.argsort(x, 1), mx.sort(x, 0), mx.topk(x, 2)],
    "parted": lambda x, i: [mx.partition(x, 3, axis=1).sum(1), mx.argpartition(x, 2, axis=0)],
    "scans": lambda x, i: [mx.cumsum(x, 0), mx.cumprod(x, 1, reverse=True), mx.cummax(x, 0, inclusive=False), mx.cummin(x, 1)],
    "softmax": lambda x, i: [mx.softmax(x, -1), mx.softmax(x, 0), mx.softmax(x.astype(mx.float16), -1, precise=True)],
    "products": lambda x, i: [x @ x.T, mx.addmm(x[:, :3] @ x[:3], x, x[:6], alpha=0.5, beta=2.0), mx.einsum("ij,kj->ik", x, x)],
    "convolution": lambda x, i: mx.conv1d(x[None], x.reshape(4, 3, 6), stride=2, padding=1, dilation=2),
    "grouped": lambda x, i: mx.conv2d(x.reshape(1, 6, 6, 2), x[:4, :4].reshape(8, 2, 1, 1), groups=2),
    "transposed": lambda x, i: mx.conv_transpose2d(x.reshape(1, 6, 6, 2), x.reshape(4, 3, 3, 2), stride=2),
    "fast": lambda x, i: [
        mx.fast.rms_norm(x, x[0], 1e-5),
        mx.fast.layer_norm(x, x[0], x[1], 1e-5),
        mx.fast.rope(x[None, None], 6, traditional=False, base=1e4, scale=1.0, offset=3),
        mx.fast.scaled_dot_product_attention(x[None, None], x[None, None], x[None, None], scale=0.4, mask="causal"),
    ],
    "quantised": lambda x, i: mx.quantized_matmul(mx.tile(x, (1, 11))[:, :64], *QUANTISED),
    "transforms": lambda x, i: [
        mx.real(mx.fft.fft(x)),
        mx.imag(mx.fft.fft(x, axis=0)),
        mx.real(mx.fft.ifft2(x)),
        mx.fft.irfft(mx.fft.rfft(x), n=5),
        mx.fft.rfft(x, axis=0).view(mx.float32),
    ],
    "inverses": lambda x, i: [
        mx.linalg.inv(x[:6] + mx.eye(6), stream=mx.cpu),
        mx.linalg.tri_inv(mx.tril(x[:6]) + 9 * mx.eye(6), stream=mx.cpu),
    ],
    "made": lambda x, i: [mx.tril(x @ x.T), mx.full((3,), x[0, 0]), mx.linspace(0, 1, 12)[:, None] * x, mx.zeros_like(i)],
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_primitives_give_the_same_bits(tmp_path: Path, name: str) -> None:
    def function(x: mx.array, i: mx.array) -> list[mx.array]:
        made = FUNCTIONS[name](x, i)
        return [*(made if isinstance(made, list | tuple) else [made]), x, i]

    fairlead.export(function, {"x": X, "i": I}, tmp_path)
    outputs = Replayer(model.load(tmp_path)).run({"x": X, "i": I})
    for index, wanted in enumerate(function(X, I)):
        assert same(outputs[f"output{index}"], wanted), f"output {index}"


def test_outputs_that_are_inputs_constants_or_twice_the_same(tmp_path: Path) -> None:
    weight = mx.arange(4)

    def function(x: mx.array) -> list[mx.array]:
        y = mx.tanh(x)
        return [y, y, x, weight]

    fairlead.export(function, {"x": mx.zeros(3)}, tmp_path, weights={"weight": weight})
    outputs = Replayer(model.load(tmp_path)).run({"x": mx.ones(3)})
    assert same(outputs["output0"], mx.tanh(mx.ones(3))) and same(outputs["output1"], outputs["output0"])
    assert same(outputs["output2"], mx.ones(3)) and same(outputs["output3"], weight)


def test_a_compiled_function_gives_the_same_bits(tmp_path: Path) -> None:
    @mx.compile
    def function(x: mx.array) -> mx.array:
        return mx.exp(x) * 2 + mx.tanh(x)

    fairlead.export(function, {"x": X}, tmp_path, dims={"x": ("rows", 6)})
    mx.disable_compile()
    try:
        assert same(Replayer(model.load(tmp_path)).run({"x": X[:5]})["output"], function(X[:5]))
    finally:
        mx.enable_compile()


def edit(folder: Path, target: Path, old: str, new: str) -> Path:
    """A copy of a model folder with one text of graph.json replaced."""
    target.mkdir(exist_ok=True)
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    text = (target / "graph.json").read_text()
    assert old in text
    (target / "graph.json").write_text(text.replace(old, new))
    return target


FLOAT = '"dtype": "float32"'


def test_lists_all_primitives_without_a_replay(golden: Path, tmp_path: Path) -> None:
    edit(golden / "cnn", tmp_path, '"op": "Convolution"', '"op": "Convolve"')
    edit(tmp_path, tmp_path, '"op": "AddMM"', '"op": "Abracadabra"')
    with pytest.raises(UnsupportedOperationsError, match="no replay for Abracadabra, Convolve"):
        Replayer(model.load(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"arguments": [1.0, 1.0]', '"arguments": [1.0]', r"nodes\[12\]: AddMM: not enough values"),
        ('"arguments": [[1, 0]]', '"arguments": [[1, 7]]', r"nodes\[10\]: Transpose: "),
        ('"arguments": [5, [3, 4]]', '"arguments": [9, [3, 4]]', r"nodes\[7\]: Reduce: "),
        (f'"v0", {FLOAT}, "shape": ["batch", 8, 8, 8]', f'"v0", {FLOAT}, "shape": ["batch", 8, 8, 9]', r"nodes\[0\]: .*declares"),
        ('"v0", "dtype": "float32"', '"v0", "dtype": "float16"', r"nodes\[0\]: Convolution: gives float32.*declares float16"),
        (f'"v1", {FLOAT}, "shape": ["batch"', f'"v1", {FLOAT}, "shape": ["batch-9"', r"nodes\[1\]: .*negative size"),
        (f'"v1", {FLOAT}, "shape": ["batch"', f'"v1", {FLOAT}, "shape": ["99999999999*batch"', r"nodes\[1\]: .*memory"),
    ],
)  # fmt: skip
def test_names_the_node_that_fails(golden: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    replayer = Replayer(model.load(edit(golden / "cnn", tmp_path, old, new)))
    with pytest.raises(FairleadError, match=message):
        replayer.run({"image": mx.zeros((2, 8, 8, 1))})


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "inputs: image: is missing"),
        ({"picture": mx.zeros(1)}, "inputs: picture: the model has no such input"),
        ({"image": mx.zeros((2, 8, 8, 1), dtype=mx.int32)}, "inputs: image: is int32, the model takes float32"),
        ({"image": mx.zeros((8, 8, 1))}, "inputs: image: has 3 dimensions, the model takes 4"),
        ({"image": mx.zeros((2, 8, 9, 1))}, r"inputs: image: axis 2 \(8\) has size 9, not 8"),
    ],
)
def test_refuses_inputs_that_do_not_fit(golden: Path, inputs: dict, message: str) -> None:
    with pytest.raises(TensorError, match=message):
        Replayer(model.load(golden / "cnn")).run(inputs)


def test_refuses_two_sizes_for_one_symbol(golden: Path) -> None:
    inputs = ids_and_mask(2, 6) | {"attention_mask": mx.ones((2, 5), dtype=mx.int32)}
    with pytest.raises(TensorError, match=r"inputs: attention_mask: axis 1 \(sequence\) has size 5, not 6"):
        Replayer(model.load(golden / "encoder")).run(inputs)


def test_refuses_an_index_outside_its_axis(golden: Path) -> None:
    replayer = Replayer(model.load(golden / "encoder"))
    for index in (40, -41):
        inputs = ids_and_mask(1, 3) | {"input_ids": mx.array([[1, index, 2]], dtype=mx.int32)}
        with pytest.raises(FairleadError, match=rf"nodes\[0\]: Gather: index {index} is outside the 40 elements"):
            replayer.run(inputs)


def test_refuses_strides_that_leave_the_array(tmp_path: Path) -> None:
    fairlead.export(lambda x: mx.as_strided(x, (2, 2), (1, 1), 0), {"x": mx.zeros(9)}, tmp_path)
    edit(tmp_path, tmp_path, "[[2, 2], [1, 1], 0]", "[[2, 2], [1, 1000000], 0]")
    with pytest.raises(FairleadError, match="strides reach from 0 to 1000001 in 9 elements"):
        Replayer(model.load(tmp_path)).run({"x": mx.zeros(9)})


def test_refuses_an_unknown_tap(golden: Path) -> None:
    with pytest.raises(TensorError, match="tap: v999: the graph has no such value"):
        Replayer(model.load(golden / "cnn")).run({"image": mx.zeros((2, 8, 8, 1))}, tap=["v999"])


def test_stops_between_nodes_when_cancelled(golden: Path) -> None:
    asked = iter([False, False, False, True])
    with pytest.raises(CancelledError, match=r"cancelled after nodes\[2\] Add"):
        Replayer(model.load(golden / "cnn")).run({"image": mx.zeros((2, 8, 8, 1))}, cancelled=lambda: next(asked))
