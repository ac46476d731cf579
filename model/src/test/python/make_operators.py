"""Makes src/main/resources/dev/fairlead/model/rewrite/operators.tsv: what each version of each operator of ONNX takes.

Run with `onnx==1.22.0` installed: python make_operators.py
A line is operator, version, fewest and most inputs (-1 for any number), outputs the same way, attributes, and the element types of each input and output;
"*" stands for what is no tensor, a version whose most inputs are "gone" took the operator away.
"""

import re
from pathlib import Path

import onnx.defs as defs

FILE = Path(__file__).resolve().parents[2] / "main/resources/dev/fairlead/model/rewrite/operators.tsv"
NAMES = {"float": "float32", "double": "float64", "float8e4m3fn": "float8_e4m3fn", "float8e4m3fnuz": "float8_e4m3fnuz"}
NAMES |= {"float8e5m2": "float8_e5m2", "float8e5m2fnuz": "float8_e5m2fnuz", "float8e8m0": "float8_e8m0fnu", "float4e2m1": "float4_e2m1fn"}
LATEST = 26


def types(formal: defs.OpSchema.FormalParameter) -> str:
    found = set()
    for text in formal.types:
        match = re.fullmatch(r"tensor\((\w+)\)", text)
        found.add(NAMES.get(match[1], match[1]) if match else "*")
    return "|".join(sorted(found))


def count(number: int) -> str:
    return "-1" if number > 10_000 else str(number)


def main() -> None:
    lines = []
    for schema in defs.get_all_schemas_with_history():
        if schema.domain != "" or schema.since_version > LATEST:
            continue
        parts = [schema.name, str(schema.since_version)]
        if schema.deprecated:
            lines.append("\t".join([*parts, "0", "gone", "0", "0", "", "", ""]))
            continue
        inputs = [types(formal) for formal in schema.inputs]
        parts += [count(schema.min_input), count(schema.max_input), count(schema.min_output), count(schema.max_output)]
        outputs = [types(formal) for formal in schema.outputs]
        parts += [",".join(sorted(schema.attributes)), ",".join(inputs), ",".join(outputs)]
        lines.append("\t".join(parts))
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("\n".join(sorted(lines, key=lambda line: (line.split("\t")[0], int(line.split("\t")[1])))) + "\n")


main()
