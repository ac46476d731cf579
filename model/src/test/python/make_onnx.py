"""Makes src/test/resources/seeds/onnx: small models that between them use every message of the format, as seeds for OnnxFuzzTest.

Run with `onnx==1.22.0` and `numpy` installed: python make_onnx.py
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "seeds" / "onnx"


def f32(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return h.make_tensor_value_info(name, T.FLOAT, shape)


def tensors() -> tuple[onnx.GraphProto, onnx.TensorProto, onnx.SparseTensorProto]:
    weights = [
        numpy_helper.from_array(np.arange(12, dtype=np.float32).reshape(3, 4), "raw"),
        h.make_tensor("typed", T.INT64, [2], [3, -1]),
        h.make_tensor("halves", T.FLOAT16, [2], [1.0, 2.0]),
        h.make_tensor("doubles", T.DOUBLE, [2], [1.0, 2.0]),
        h.make_tensor("fours", T.INT4, [3], [1, -8, 7]),
        h.make_tensor("text", T.STRING, [2], [b"a", b"bc"]),
    ]
    away = h.make_tensor("away", T.FLOAT, [2], [0.0, 0.0])
    away.ClearField("float_data")
    away.data_location = T.EXTERNAL
    for key, value in {"location": "away.data", "offset": "0", "length": "8"}.items():
        away.external_data.add(key=key, value=value)
    sparse = h.make_sparse_tensor(h.make_tensor("sparse", T.FLOAT, [2], [1.0, 2.0]), h.make_tensor("", T.INT64, [2], [1, 3]), [2, 3])
    nodes = [
        h.make_node("MatMul", ["x", "raw"], ["y"], name="product", doc_string="words"),
        h.make_node("Reshape", ["y", "typed"], ["z"]),
        h.make_node("Add", ["z", "z"], ["w"]),
        h.make_node("Identity", ["text"], ["u"]),
    ]
    nodes[0].metadata_props.add(key="fairlead.module", value="layers.0")
    return h.make_graph(
        nodes,
        "tensors",
        [f32("x", "batch", 3)],
        [f32("w", 3, None), h.make_tensor_value_info("u", T.STRING, [2])],
        weights,
        value_info=[f32("y", "batch", 4)],
    ), away, sparse


def control() -> onnx.GraphProto:
    body = h.make_graph(
        [h.make_node("Identity", ["go"], ["again"]), h.make_node("Add", ["a", "x"], ["more"])],
        "body",
        [h.make_tensor_value_info("i", T.INT64, []), h.make_tensor_value_info("go", T.BOOL, []), f32("a", 2)],
        [h.make_tensor_value_info("again", T.BOOL, []), f32("more", 2)],
    )
    yes = h.make_graph([h.make_node("Relu", ["b"], ["yes"])], "yes", [], [f32("yes", 2)])
    no = h.make_graph([h.make_node("Tanh", ["b"], ["no"])], "no", [], [f32("no", 2)])
    nodes = [
        h.make_node("Loop", ["count", "", "x"], ["b"], body=body),
        h.make_node("If", ["which"], ["c"], then_branch=yes, else_branch=no),
        h.make_node("SequenceConstruct", ["b", "c"], ["s"]),
        h.make_node("Constant", [], ["k"], value_floats=[1.0, 2.0]),
        h.make_node("Conv", ["picture", "filter"], ["d"], pads=[1, 1, 1, 1], strides=[2, 2], auto_pad="NOTSET"),
        h.make_node("LeakyRelu", ["d"], ["e"], alpha=0.5),
        h.make_node("OptionalHasElement", ["maybe"], ["has"]),
    ]
    maybe = h.make_optional_type_proto(h.make_tensor_type_proto(T.FLOAT, [2]))
    sequence = h.make_sequence_type_proto(h.make_tensor_type_proto(T.FLOAT, [2]))
    return h.make_graph(
        nodes,
        "control",
        [
            f32("x", 2),
            h.make_tensor_value_info("count", T.INT64, []),
            h.make_tensor_value_info("which", T.BOOL, []),
            f32("picture", 1, 1, "h", "h"),
            f32("filter", 1, 1, 3, 3),
            h.make_value_info("maybe", maybe),
        ],
        [h.make_value_info("s", sequence), f32("k", 2), f32("e", 1, 1, None, None), h.make_tensor_value_info("has", T.BOOL, [])],
    )


def calls() -> onnx.ModelProto:
    opsets = [h.make_opsetid("", 21)]
    scaled = h.make_function(
        "own", "Scaled", ["a"], ["c"], [h.make_node("Constant", [], ["b"]), h.make_node("Mul", ["a", "b"], ["c"])], opsets, ["by"]
    )
    scaled.node[0].attribute.add(name="value_float", ref_attr_name="by", type=onnx.AttributeProto.FLOAT)
    twice = h.make_function(
        "own", "Twice", ["a"], ["c"], [h.make_node("Scaled", ["a"], ["c"], domain="own", by=2.0)], [*opsets, h.make_opsetid("own", 1)]
    )
    graph = h.make_graph(
        [h.make_node("Twice", ["x"], ["y"], domain="own"), h.make_node("Scaled", ["y"], ["z"], domain="own", by=3.0)],
        "calls",
        [f32("x", "n")],
        [f32("z", "n")],
    )
    return h.make_model(graph, opset_imports=[*opsets, h.make_opsetid("own", 1)], functions=[scaled, twice])


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    opsets = [h.make_opsetid("", 21)]
    plain, away, sparse = tensors()
    models = {"tensors": h.make_model(plain, opset_imports=opsets, producer_name="make_onnx")}
    models["control"] = h.make_model(control(), opset_imports=opsets)
    models["calls"] = calls()
    for name, model in models.items():
        onnx.checker.check_model(model, full_check=True)
        if name == "tensors":
            model.graph.initializer.append(away)
            model.graph.sparse_initializer.append(sparse)
        (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


main()
