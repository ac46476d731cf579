"""Writes the metrics of small tensors as NumPy computes them, in float64.

    python oracle.py ../resources/dev/fairlead/parity/metrics/oracle.json

Needs NumPy alone. Seeded, so the file comes out the same. Values are stored as the hexadecimal bytes of little-endian
elements, which loses nothing. bfloat16, which NumPy lacks, is float32 with its lower half cleared.
"""

import json
import sys

import numpy as np

FLOOR = 2.0**-20
FLOATS = {"float16": np.float16, "bfloat16": np.float32, "float32": np.float32, "float64": np.float64}
INTEGERS = ["bool", "uint8", "uint16", "uint32", "int8", "int16", "int32", "int64", "uint64"]


def bfloat16(values):
    """Cut to 16 bits; rounding does not matter for test data."""
    return (values.astype(np.float32).view(np.uint32) & 0xFFFF0000).view(np.float32)


def encoded(values, dtype):
    """The bytes as they lie in a file."""
    if dtype == "bfloat16":
        values = (values.view(np.uint32) >> 16).astype(np.uint16)
    return np.ascontiguousarray(values).tobytes().hex()


def ordinals(values, dtype):
    """Integers that count representable values, as Python integers; both zeros are 0."""
    if dtype in INTEGERS:
        return [int(v) for v in values]
    size = 16 if dtype in ("float16", "bfloat16") else values.dtype.itemsize * 8
    bits = values.view({16: np.uint16, 32: np.uint32, 64: np.uint64}[values.dtype.itemsize * 8])
    shift = 16 if dtype == "bfloat16" else 0
    half = 1 << (size - 1)
    return [-((int(b) >> shift) - half) if (int(b) >> shift) >= half else int(b) >> shift for b in bits]


def metrics(a, b, dtype):
    """Every metric by its textbook formula."""
    x, y = a.astype(np.float64), b.astype(np.float64)
    finite = np.isfinite(x) & np.isfinite(y)
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    # Capped where Java has no larger long.
    distance = [min(abs(p - q), 2**63 - 1) for p, q, f in zip(ordinals(a, dtype), ordinals(b, dtype), finite) if f]
    x, y = x[finite], y[finite]
    error = x - y
    if dtype in ("float16", "bfloat16", "float32"):
        error = error.astype(np.float32).astype(np.float64)
    relative = np.abs(error) / np.maximum(np.abs(x), FLOOR)
    mse = np.mean(error**2)
    histogram = [0] * (1 + max(d.bit_length() for d in distance))
    for d in distance:
        histogram[d.bit_length()] += 1
    return {
        "masked": int(np.sum(~finite)),
        "mask_mismatches": int(np.sum(~finite & ~same)),
        "max_absolute": np.max(np.abs(error)),
        "mean_absolute": np.mean(np.abs(error)),
        "max_relative": np.max(relative),
        "mean_relative": np.mean(relative),
        "absolute_p99": np.quantile(np.abs(error), 0.99, method="inverted_cdf"),
        "relative_p50": np.quantile(relative, 0.5, method="inverted_cdf"),
        "rmse": np.sqrt(mse),
        "normalised_rmse": np.sqrt(mse / np.mean(x**2)),
        "cosine": np.dot(x, y) / (np.linalg.norm(x) * np.linalg.norm(y)),
        "snr_db": 10 * np.log10(np.mean(x**2) / mse),
        "psnr_db": 10 * np.log10((np.max(x) - np.min(x)) ** 2 / mse),
        "max_ulp": max(distance),
        "ulp_histogram": histogram,
    }


def floats(rng, dtype, noise, special):
    """Normal numbers over a few orders of magnitude, and the same with noise."""
    kind = FLOATS[dtype]
    a = rng.standard_normal(2500) * 10.0 ** rng.uniform(-3, 2, 2500)
    b = a * (1 + noise * rng.standard_normal(2500))
    a, b = a.astype(kind), b.astype(kind)
    if special:
        tiny = np.finfo(kind).smallest_subnormal
        a[:12] = [np.nan, np.nan, np.inf, np.inf, -np.inf, 1, 0, -0.0, tiny, tiny, -tiny, 65504]
        b[:12] = [np.nan, 1, np.inf, -np.inf, np.nan, np.inf, -0.0, 0, 3 * tiny, -tiny, 0, -65504]
    return (bfloat16(a), bfloat16(b)) if dtype == "bfloat16" else (a, b)


def main(path):
    rng = np.random.default_rng(20260101)
    cases = []

    def add(name, dtype, a, b):
        found = {k: v if isinstance(v, (list, int)) else float(v) for k, v in metrics(a, b, dtype).items()}
        cases.append(
            {"name": name, "dtype": dtype, "reference": encoded(a, dtype), "candidate": encoded(b, dtype), "metrics": found}
        )

    for dtype, noise in [("float16", 1e-3), ("bfloat16", 1e-2), ("float32", 1e-6), ("float64", 1e-14)]:
        for special in (False, True):
            a, b = floats(rng, dtype, noise, special)
            add(dtype + (" with special values" if special else ""), dtype, a, b)
    for dtype in INTEGERS:
        top = 2 if dtype == "bool" else 100
        a = rng.integers(0, top, 500)
        b = np.where(rng.random(500) < 0.1, rng.integers(0, top, 500), a)
        a[:2], b[:2] = [1, 0], [0, 1]
        add(dtype, dtype, a.astype(dtype), b.astype(dtype))
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"numpy": np.__version__, "cases": cases}, file, indent=1)
        file.write("\n")


main(sys.argv[1])
