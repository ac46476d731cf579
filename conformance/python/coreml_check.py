"""Checks Core ML packages with coremltools' own loader: a JSON line in, a JSON line out.

In: {"package": path}. Out: {} when the program loads, {"error": text} when it does not.
"""

import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)

import coremltools as ct  # noqa: E402
from coremltools.converters.mil.frontend.milproto.load import load  # noqa: E402


def check(package: str) -> dict:
    spec = ct.utils.load_spec(package)
    weights = os.path.join(package, "Data", "com.apple.CoreML", "weights")
    load(spec, spec.specificationVersion, weights)
    return {}


def main() -> None:
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever the library prints is no answer
    for line in sys.stdin:
        try:
            answer = check(json.loads(line)["package"])
        except Exception as e:
            answer = {"error": f"{type(e).__name__}: {e}"}
        out.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
