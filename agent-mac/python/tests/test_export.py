"""What an export says of a function, and what it refuses."""

import inspect
import json
from pathlib import Path

import make_golden
import mlx.core as mx
import mlx.nn as nn
import prototypes
import pytest

import fairlead
from fairlead import device, model
from fairlead.replay import Replayer


def export(function, inputs, folder, **options) -> dict:
    """The exported graph.json."""
    fairlead.export(function, inputs, folder, **options)
    return json.loads((folder / "graph.json").read_text())


def nodes(graph: dict, op: str) -> list[dict]:
    return [node for node in graph["nodes"] if node["op"] == op]


@pytest.mark.skipif(device.name() != "cpu", reason="the golden graphs are a CPU's; a GPU keeps some primitives whole")
def test_gives_the_golden_bytes(tmp_path: Path, golden: Path) -> None:
    make_golden.write(tmp_path)
    for name in ("cnn", "encoder"):
        for file in ("graph.json", "weights.safetensors"):
            assert (tmp_path / name / file).read_bytes() == (golden / name / file).read_bytes()


@pytest.mark.parametrize(("name", "output"), [("cnn", "logits"), ("encoder", "embedding")])
def test_replay_gives_the_golden_outputs(golden: Path, name: str, output: str) -> None:
    replayer = Replayer(model.load(golden / name))
    cases = fairlead.load_suite(golden / f"{name}-suite").cases
    for case, wanted in zip(cases, fairlead.load_outputs(golden / f"{name}-outputs"), strict=True):
        # another processor's library may round otherwise
        assert mx.allclose(replayer.run(case)[output], wanted[output], rtol=1e-4, atol=1e-5)


def test_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    encoder = prototypes.tiny_encoder()
    for name in ("one", "two"):
        fairlead.export(encoder, prototypes.ENCODER_INPUTS, tmp_path / name, dims=prototypes.ENCODER_DIMS)
    for file in ("model.json", "graph.json", "weights.safetensors"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_finds_symbolic_sizes_in_shapes_and_arguments(tmp_path: Path) -> None:
    graph = export(prototypes.tiny_encoder(), prototypes.ENCODER_INPUTS, tmp_path, dims=prototypes.ENCODER_DIMS)
    assert graph["symbols"] == ["batch", "sequence"]
    assert nodes(graph, "Arange")[0]["arguments"] == [0.0, "sequence", 1.0]
    assert nodes(graph, "AddMM")[0]["outputs"][0]["shape"] == ["batch*sequence", 12]
    assert nodes(graph, "Softmax")[0]["outputs"][0]["shape"] == ["batch", 3, "sequence", "sequence"]


def test_finds_sizes_that_are_halved_and_shifted(tmp_path: Path) -> None:
    def function(x: mx.array) -> mx.array:
        return x[1:-1:2]

    graph = export(function, {"x": mx.zeros((9, 4))}, tmp_path, dims={"x": ("rows", 4)})
    node = nodes(graph, "Slice")[0]
    assert node["arguments"] == [[1, 0], [-1, 4], [2, 1]]
    assert node["outputs"][0]["shape"] == ["(rows-1)//2", 4]


def test_takes_only_the_sizes_that_work(tmp_path: Path) -> None:
    def function(x: mx.array) -> mx.array:
        return x.reshape(-1, 4, 3).max(axis=1)

    with pytest.raises(fairlead.ExportError, match="can't be traced on inputs of shapes"):
        fairlead.export(function, {"x": mx.zeros((8, 3))}, tmp_path, dims={"x": ("rows", 3)})
    sizes = {"rows": [4 * count for count in range(4, 14)]}
    graph = export(function, {"x": mx.zeros((8, 3))}, tmp_path, dims={"x": ("rows", 3)}, symbols=sizes)
    assert nodes(graph, "Squeeze")[0]["outputs"][0]["shape"] == ["(rows)//4", 3]


def test_names_constants_after_parameters(tmp_path: Path) -> None:
    graph = export(prototypes.tiny_encoder(), prototypes.ENCODER_INPUTS, tmp_path, dims=prototypes.ENCODER_DIMS)
    names = {constant["name"] for constant in graph["constants"]}
    parameters = {name for name, _ in prototypes.mlx_parameters(prototypes.tiny_encoder())}
    assert parameters <= names
    assert all(name.startswith("constant.") for name in names - parameters)


def test_tells_equal_parameters_apart(tmp_path: Path) -> None:
    class Pair(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.RMSNorm(4)
            self.second = nn.RMSNorm(4)

        def __call__(self, x: mx.array) -> mx.array:
            return self.second(mx.tanh(self.first(x)))

    graph = export(Pair(), {"x": mx.zeros((2, 4))}, tmp_path)
    multiplied = [name for node in graph["nodes"] for name in node["inputs"] if name.endswith(".weight")]
    assert multiplied == ["first.weight", "second.weight"]


def test_origins_name_module_file_and_line(tmp_path: Path) -> None:
    encoder = prototypes.example("encoder", "encoder")
    source, start = inspect.getsourcelines(encoder.Layer.__call__)
    line = start + next(index for index, text in enumerate(source) if "nn.gelu" in text)
    graph = export(prototypes.tiny_encoder(), prototypes.ENCODER_INPUTS, tmp_path, dims=prototypes.ENCODER_DIMS)
    assert [node["origin"] for node in nodes(graph, "Erf")] == [
        {"module": f"layers.{index}", "file": "encoder.py", "line": line} for index in range(2)
    ]
    assert all({"file", "line"} <= node["origin"].keys() for node in graph["nodes"])
    modules = {node["origin"].get("module") for node in nodes(graph, "AddMM")}
    assert {"layers.0.attention.query", "layers.1.intermediate", "layers.1.output"} <= modules


def test_values_inside_vmap_export_without_a_record_of_their_own(tmp_path: Path) -> None:
    def function(x: mx.array) -> mx.array:
        return mx.vmap(lambda row: mx.tanh(row) + 1)(x)

    graph = export(function, {"x": mx.zeros((3, 4))}, tmp_path, dims={"x": ("rows", 4)})
    assert nodes(graph, "Tanh")[0]["origin"]["file"] == "test_export.py"


def test_names_outputs_of_arrays_tuples_and_dicts(tmp_path: Path) -> None:
    x = {"x": mx.zeros((2, 3))}
    assert export(lambda x: x + 1, x, tmp_path / "a")["outputs"][0]["name"] == "output"
    assert [o["name"] for o in export(lambda x: (x + 1, x * 2), x, tmp_path / "b")["outputs"]] == ["output0", "output1"]
    assert [o["name"] for o in export(lambda x: {"sum": x + 1, "same": x}, x, tmp_path / "c")["outputs"]] == ["sum", "same"]


def test_keeps_bfloat16(tmp_path: Path) -> None:
    linear = nn.Linear(4, 3)
    linear.set_dtype(mx.bfloat16)
    graph = export(linear, {"x": mx.zeros((2, 4), dtype=mx.bfloat16)}, tmp_path)
    assert {constant["dtype"] for constant in graph["constants"]} == {"bfloat16"}


def test_refuses_a_constant_that_depends_on_a_size(tmp_path: Path) -> None:
    def function(x: mx.array) -> mx.array:
        return x.mean(axis=0)

    with pytest.raises(
        fairlead.ExportError, match=r"node \d+ Broadcast .*test_export.py:\d+.*constant .* changes with the sizes"
    ):
        fairlead.export(function, {"x": mx.zeros((2, 3))}, tmp_path, dims={"x": ("rows", 3)})


def test_refuses_a_graph_that_depends_on_a_size(tmp_path: Path) -> None:
    def function(x: mx.array) -> mx.array:
        for _ in range(x.shape[0]):
            x = mx.tanh(x)
        return x

    with pytest.raises(fairlead.ExportError, match="length changes with the sizes"):
        fairlead.export(function, {"x": mx.zeros((2, 3))}, tmp_path, dims={"x": ("rows", 3)})


def test_refuses_a_size_without_an_expression(tmp_path: Path) -> None:
    def function(x: mx.array) -> mx.array:
        return mx.zeros((2 ** x.shape[0], 3)) + x[:1]

    with pytest.raises(fairlead.ExportError, match=r"node \d+ Broadcast .*no expression in the symbols gives"):
        fairlead.export(function, {"x": mx.zeros((2, 3))}, tmp_path, dims={"x": ("rows", 3)})


@pytest.mark.parametrize("hidden", [True, False])
def test_refuses_random_numbers(tmp_path: Path, hidden: bool) -> None:
    def function(x: mx.array) -> mx.array:
        # a container hides the module, whose weights nobody has evaluated
        return holder[0](x) if hidden else nn.Dropout(0.5)(x)

    holder = [nn.Linear(3, 2)]
    before = mx.random.state[0].tolist()
    with pytest.raises(fairlead.ExportError, match=r"node \d+ RandomBits .*draws random numbers; name the module with `weights`"):
        fairlead.export(function, {"x": mx.zeros((2, 3))}, tmp_path)
    assert mx.random.state[0].tolist() == before
    if hidden:
        graph = export(function, {"x": mx.zeros((2, 3))}, tmp_path, weights=holder[0])
        assert [constant["name"] for constant in graph["constants"]] == ["weight", "bias"]


LAYERS = {
    "batch norm": (lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm(4), nn.silu, nn.AvgPool2d(2)), ("batch", 10, 10, 3)),
    "group norm": (lambda: nn.GroupNorm(2, 4), ("batch", 6, 6, 4)),
    "strides": (lambda: nn.Sequential(nn.Conv2d(3, 4, 3, stride=2, padding=1), nn.relu), ("batch", "height", "width", 3)),
    "transposed": (lambda: nn.ConvTranspose2d(3, 4, 3, stride=2), ("batch", "height", 6, 3)),
    "overlapping windows": (lambda: nn.MaxPool2d(3, 2, 1), ("batch", "height", 9, 3)),
    "upsampling": (lambda: nn.Upsample(2.0), ("batch", "height", 6, 3)),
    "recurrence": (lambda: nn.GRU(4, 5), ("batch", 6, 4)),
    "rotation": (lambda: nn.RoPE(8), ("batch", 3, "height", 8)),
    "quantised": (lambda: nn.QuantizedLinear(64, 32), ("batch", 64)),
    "volumes": (lambda: nn.Conv3d(2, 3, 3), ("batch", 5, 5, 5, 2)),
}


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("batch", [1, 5])
def test_layers_give_the_same_bits_at_sizes_not_traced(tmp_path: Path, name: str, batch: int) -> None:
    make, dims = LAYERS[name]
    layer = make()
    layer.eval()
    fairlead.export(layer, {"x": mx.zeros([2 if isinstance(d, str) else d for d in dims])}, tmp_path, dims={"x": dims})
    sizes = {"batch": batch, "height": 9, "width": 10}
    x = mx.random.normal([sizes.get(d, d) for d in dims], key=mx.random.key(1))
    assert mx.array_equal(Replayer(model.load(tmp_path)).run({"x": x})["output"], layer(x))


def test_names_the_line_that_cannot_be_traced(tmp_path: Path) -> None:
    def function(x: mx.array) -> mx.array:
        return x + x.tolist()[0]

    line = function.__code__.co_firstlineno + 1
    with pytest.raises(fairlead.ExportError, match=rf"^test_export.py:{line}: the function can't be traced on .*\(3,\)"):
        fairlead.export(function, {"x": mx.zeros(3)}, tmp_path)


def test_refuses_a_primitive_that_mlx_cannot_export(tmp_path: Path) -> None:
    with pytest.raises(fairlead.ExportError, match="can't be traced"):
        fairlead.export(mx.bitwise_invert, {"x": mx.zeros((2,), dtype=mx.int32)}, tmp_path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dims": {"y": ("rows",)}}, "dims: y: is no input"),
        ({"dims": {"x": ("rows",)}}, "dims: x: has 1 dimensions, its example 2"),
        ({"dims": {"x": (4, 3)}}, "dims: x: says 4 where its example has 2"),
        ({"dims": {"x": ("a b", 3)}}, "dims: x: 'a b' can't name a dimension"),
        ({"dims": {"x": ("inf", 3)}}, "dims: x: 'inf' can't name a dimension"),
        ({"symbols": {"rows": (3, 5)}}, "symbols: rows: no input has this dimension"),
        ({"outputs": ["a", "b"]}, "outputs: 1 different names are needed"),
    ],
)
def test_refuses_options_that_do_not_fit(tmp_path: Path, options: dict, message: str) -> None:
    with pytest.raises(fairlead.ExportError, match=message):
        fairlead.export(lambda x: x + 1, {"x": mx.zeros((2, 3))}, tmp_path, **options)
    assert not list(tmp_path.iterdir())


def test_refuses_an_input_that_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(fairlead.ExportError, match=r"input y: the function doesn't use it"):
        fairlead.export(lambda x, y: x + 1, {"x": mx.zeros(2), "y": mx.zeros(2)}, tmp_path)


def test_refuses_an_output_that_is_no_array(tmp_path: Path) -> None:
    with pytest.raises(fairlead.ExportError, match=r"output output1: is no mx\.array but int"):
        fairlead.export(lambda x: (x + 1, 3), {"x": mx.zeros(2)}, tmp_path)


def test_keeps_the_words_of_quantised_weights(tmp_path: Path) -> None:
    layer = nn.QuantizedLinear(64, 32, group_size=32, bits=4)
    graph = export(layer, {"x": mx.zeros((2, 64))}, tmp_path, dims={"x": ("batch", 64)})
    constants = {constant["name"]: constant["dtype"] for constant in graph["constants"]}
    assert constants == {"bias": "float32", "weight": "uint32", "scales": "float32", "biases": "float32"}
    assert mx.array_equal(model.load(tmp_path).constants["weight"], layer.weight)
    assert nodes(graph, "QuantizedMatmul")[0]["arguments"] == [32, 4, 0, True]


def test_takes_a_cache_and_gives_the_next(tmp_path: Path) -> None:
    def step(x: mx.array, offset: mx.array, **past: mx.array) -> dict[str, mx.array]:
        turned = mx.fast.rope(x, 8, traditional=False, base=1e4, scale=1.0, offset=offset)
        keys = mx.concatenate([past["keys"], turned], axis=2)
        values = mx.concatenate([past["values"], x], axis=2)
        y = mx.fast.scaled_dot_product_attention(turned, keys, values, scale=0.5, mask="causal")
        return {"y": y, "new_keys": keys, "new_values": values}

    def inputs(batch: int, past: int) -> dict[str, mx.array]:
        keys = mx.random.normal((batch, 2, past, 8), key=mx.random.key(past))
        x = mx.random.normal((batch, 2, 3, 8), key=mx.random.key(batch))
        return {"x": x, "offset": mx.array(past), "keys": keys, "values": keys + 1}

    dims = {"x": ("batch", 2, 3, 8), "keys": ("batch", 2, "past", 8), "values": ("batch", 2, "past", 8)}
    graph = export(step, inputs(2, 5), tmp_path, dims=dims)
    assert [output["name"] for output in graph["outputs"]] == ["y", "new_keys", "new_values"]
    replayer = Replayer(model.load(tmp_path))
    for batch, past in ((1, 1), (3, 11)):
        given = inputs(batch, past)
        found, wanted = replayer.run(given), step(**given)
        assert all(mx.array_equal(found[name], array) for name, array in wanted.items())


def test_picked_matrices_replay(tmp_path: Path) -> None:
    experts = mx.random.normal((3, 16, 32), key=mx.random.key(1))
    packed = mx.quantize(experts, 32, 4)
    mx.eval(experts, packed)

    def function(x: mx.array, index: mx.array) -> list[mx.array]:
        return [
            mx.gather_mm(x, experts.swapaxes(1, 2), rhs_indices=index),
            mx.gather_qmm(x, *packed, rhs_indices=index, group_size=32, bits=4),
            mx.block_masked_mm(experts[0], experts[1].T, 32, None, mx.array([[True]]), mx.array([[True]])) + x.sum(),
            mx.hadamard_transform(x),
            mx.searchsorted(mx.array([-1.0, 0.0, 1.0]), x, side="right"),
        ]

    inputs = {"x": mx.random.normal((4, 1, 32), key=mx.random.key(2)), "index": mx.array([0, 2, 1, 2])}
    export(function, inputs, tmp_path)
    found = Replayer(model.load(tmp_path)).run(inputs)
    for name, wanted in zip(found, function(*inputs.values()), strict=True):
        assert mx.array_equal(found[name], wanted), name
