"""Makes src/test/resources/onnx: ONNX files with the parts of the format that few models use, and the values of narrow types.

Run with `onnx==1.22.0`, `onnxruntime==1.29.0`, `ml_dtypes` and `numpy==2.2.6` installed: python make_onnx_fixtures.py
"""

import json
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

RESOURCES = Path(__file__).resolve().parents[1] / "resources" / "onnx"
NARROW = {
    "float8_e4m3fn": 8,
    "float8_e4m3fnuz": 8,
    "float8_e5m2": 8,
    "float8_e5m2fnuz": 8,
    "float8_e8m0fnu": 8,
    "float6_e2m3fn": 6,
    "float6_e3m2fn": 6,
    "float4_e2m1fn": 4,
}


def narrow() -> None:
    """All codes of each type with their values, and what ml_dtypes rounds numbers within the type's range to."""
    rng = np.random.default_rng(4)
    lines = []
    for name, bits in NARROW.items():
        dtype = np.dtype(getattr(ml_dtypes, name))
        codes = np.arange(2**bits, dtype=np.uint8)
        values = codes.view(dtype).astype(np.float64)
        lines += [f"code,{name},{code},{value!r}" for code, value in zip(codes.tolist(), values.tolist(), strict=True)]
        finite = np.sort(values[np.isfinite(values)])
        ties = (finite[1:] + finite[:-1]) / 2
        numbers = np.concatenate(
            [ties, ties * (1 + 2**-20), rng.uniform(finite[0], finite[-1], 40), finite[-1] * rng.uniform(0, 0.01, 40)]
        )
        numbers = numbers.astype(np.float32)
        if name == "float8_e8m0fnu":
            numbers = numbers[numbers >= 2.0**-126]
        rounded = numbers.astype(dtype).view(np.uint8)
        lines += [
            f"round,{name},{code},{value!r}"
            for code, value in zip(rounded.tolist(), numbers.astype(np.float64).tolist(), strict=True)
        ]
    (RESOURCES / "narrow.csv").write_text("\n".join(lines) + "\n")


def tensors() -> None:
    """An initializer of each type, raw and in the typed field, with the same three elements."""
    initializers = []
    for name, code in sorted(TensorProto.DataType.items(), key=lambda item: item[1]):
        if code in (TensorProto.UNDEFINED, TensorProto.STRING):
            continue
        values = [1, 0, 1] if name in ("BOOL", "UINT2", "INT2") else [1, 0.5, 2] if "FLOAT" in name else [1, 5, 2]
        if name == "FLOAT8E8M0":
            values = [1, 0.5, 2]
        if name == "DOUBLE":
            values = [1, 0.5, 2]
        if name.startswith("COMPLEX"):
            values = [1 + 2j, 0.5 - 1j, 2j]
        dtype = helper.tensor_dtype_to_np_dtype(code)
        array = np.array(values).astype(dtype)
        typed = helper.make_tensor(f"{name}_typed", code, [3], array if name not in ("BOOL",) else array.astype(int))
        initializers.append(typed)
        raw = onnx.numpy_helper.from_array(array, f"{name}_raw")
        initializers.append(raw)
    graph = helper.make_graph([], "g", [], [], initializers)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)], ir_version=13), "tensors")


def values() -> None:
    """Every type of value, documentation and metadata wherever they can stand."""
    tensor = helper.make_tensor_type_proto(TensorProto.FLOAT, ["n", 2])
    types = {
        "sequence": helper.make_sequence_type_proto(tensor),
        "optional": helper.make_optional_type_proto(helper.make_sequence_type_proto(tensor)),
        "texts": helper.make_tensor_type_proto(TensorProto.STRING, [3]),
        "sparse": helper.make_sparse_tensor_type_proto(TensorProto.DOUBLE, [4, 4]),
        "map": helper.make_map_type_proto(TensorProto.INT64, tensor),
        "words": helper.make_map_type_proto(TensorProto.STRING, tensor),
    }
    inputs = [helper.make_value_info(name, proto) for name, proto in types.items()]
    helper.set_metadata_props(inputs[0], {"kind": "list"})
    node = helper.make_node("Optional", [], ["none"], type=types["sequence"], doc_string="no value")
    helper.set_metadata_props(node, {"made": "here"})
    texts = helper.make_tensor("fixed", TensorProto.STRING, [2], ["ä", ""])
    graph = helper.make_graph(
        [node], "g", inputs, [helper.make_value_info("none", types["optional"])], [texts], doc_string="a graph"
    )
    helper.set_metadata_props(graph, {"author": "none"})
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 18)],
        ir_version=10,
        domain="dev.fairlead",
        model_version=7,
        doc_string="a model",
    )
    helper.set_model_props(model, {"task": "none"})
    save(model, "values")


def sparse() -> None:
    """A sparse initializer with linear and one with tuple indices, and a sparse constant."""
    linear = helper.make_sparse_tensor(
        helper.make_tensor("linear", TensorProto.FLOAT, [2], [1.5, -2]),
        helper.make_tensor("i", TensorProto.INT64, [2], [1, 5]),
        [2, 3],
    )
    tuples = helper.make_sparse_tensor(
        helper.make_tensor("tuples", TensorProto.INT64, [1], [9]),
        helper.make_tensor("i", TensorProto.INT64, [1, 2], [1, 0]),
        [2, 2],
    )
    constant = helper.make_node("Constant", [], ["c"], sparse_value=linear)
    graph = helper.make_graph(
        [constant], "g", [], [helper.make_tensor_value_info("c", TensorProto.FLOAT, [2, 3])], sparse_initializer=[linear, tuples]
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), "sparse")


def parameter(name: str) -> onnx.AttributeProto:
    """An attribute `value_float` that refers to a function's parameter."""
    return onnx.AttributeProto(name="value_float", ref_attr_name=name, type=onnx.AttributeProto.FLOAT)


def functions() -> None:
    """Functions that call each other, take attributes with and without defaults, and hold inner graphs."""
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("local", 1)]
    alpha = helper.make_node("Constant", [], ["a"])
    alpha.attribute.append(parameter("alpha"))
    scale = helper.make_function(
        "local", "Scale", ["x"], ["y", "kept"], [alpha, helper.make_node("Mul", ["x", "a"], ["y"]), helper.make_node("Identity", ["x"], ["kept"])], opsets, ["alpha"]
    )
    beta = helper.make_node("Constant", [], ["b"])
    beta.attribute.append(parameter("beta"))
    branch = {
        f"{name}_branch": helper.make_graph(
            [helper.make_node(op, ["s", "b"], ["r"])], name, [], [helper.make_tensor_value_info("r", TensorProto.FLOAT, None)]
        )
        for name, op in (("then", "Add"), ("else", "Sub"))
    }
    twice = helper.make_function(
        "local",
        "Twice",
        ["x", "up"],
        ["z"],
        [
            helper.make_node("Scale", ["x"], ["s", "same"], domain="local", alpha=3.0),
            beta,
            helper.make_node("If", ["up"], ["t"], **branch),
            helper.make_node("Add", ["t", "same"], ["z"]),
        ],
        opsets,
        [],
        [helper.make_attribute("beta", 10.0)],
    )
    nodes = [
        helper.make_node("Twice", ["x", "up"], ["first"], domain="local"),
        helper.make_node("Twice", ["first", "up"], ["second"], domain="local", beta=0.25),
        helper.make_node("Scale", ["x"], ["half", "copy"], domain="local", alpha=0.5),
    ]
    vector = [2]
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, vector),
        helper.make_tensor_value_info("up", TensorProto.BOOL, []),
    ]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, vector) for name in ("second", "half", "copy")]
    model = helper.make_model(
        helper.make_graph(nodes, "g", inputs, outputs), functions=[twice, scale], opset_imports=opsets, ir_version=9
    )
    save(model, "functions")
    session = onnxruntime.InferenceSession(str(RESOURCES / "functions.onnx"), providers=["CPUExecutionProvider"])
    expected = {}
    for up in (True, False):
        found = session.run(None, {"x": np.array([1, -2], np.float32), "up": np.array(up)})
        expected[str(up).lower()] = [value.tolist() for value in found]
    (RESOURCES / "functions.json").write_text(json.dumps(expected, indent=1) + "\n")


def save(model: onnx.ModelProto, name: str) -> None:
    (RESOURCES / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


if __name__ == "__main__":
    RESOURCES.mkdir(exist_ok=True)
    narrow()
    tensors()
    values()
    sparse()
    functions()
