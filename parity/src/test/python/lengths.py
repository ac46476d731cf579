"""Writes pairs of every type, and the metrics of their first 0 to 4,100 elements as NumPy computes them in float64.

    python lengths.py FOLDER

For each NAME: NAME.reference and NAME.candidate, the elements as Fairlead stores them; NAME.metrics,
float64[4101][COLUMNS]; NAME.ulp, int64[4101][65], the histogram of distances: 0, 1, 2 to 3, 4 to 7, and so on. NAME is a
type, and "special-" and a type where NaN, infinities, zeros of both signs, subnormal and the largest numbers are among the
elements. Seeded. Needs NumPy and ml_dtypes.
"""

import sys
from pathlib import Path

import ml_dtypes
import numpy as np

LENGTH = 4100
FLOOR = 2.0**-20
LARGEST = np.finfo(np.float32).max.astype(np.float64)
MINIS = [
    "float8_e4m3fn",
    "float8_e4m3fnuz",
    "float8_e5m2",
    "float8_e5m2fnuz",
    "float8_e8m0fnu",
    "float6_e2m3fn",
    "float6_e3m2fn",
    "float4_e2m1fn",
]
FLOATS = {"float16": 1e-3, "bfloat16": 1e-2, "float32": 1e-6, "float64": 1e-14} | {name: 0.2 for name in MINIS}
BITS = {"bool": 8, "uint1": 1, "uint2": 2, "uint3": 3, "uint4": 4, "uint6": 6, "int2": 2, "int4": 4}
BITS |= {f"{sign}int{bits}": bits for sign in ("", "u") for bits in (8, 16, 32, 64)}
BITS |= {name: 6 if "float6" in name else 4 if "float4" in name else 8 for name in MINIS}


def kind(name):
    return np.dtype(getattr(ml_dtypes, name)) if name == "bfloat16" or name in MINIS else np.dtype(name)


def codes(values):
    return values.view({1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}[values.dtype.itemsize])


def packed(values, name):
    """The bytes as they lie in a file: those of less than 8 bits without gaps, lowest bits first."""
    bits = BITS.get(name, 8)
    if bits >= 8:
        return np.ascontiguousarray(values).tobytes()
    split = np.unpackbits(codes(values)[:, None], axis=1, count=bits, bitorder="little")
    return np.packbits(split.ravel(), bitorder="little").tobytes()


def ordinals(values, name):
    """Python integers that count the numbers of the type, both zeros 0."""
    if name not in FLOATS:
        return [int(v) for v in values]
    if name == "float8_e8m0fnu":
        return [int(c) for c in codes(values)]
    sign = 1 << (BITS.get(name, values.dtype.itemsize * 8) - 1)
    return [-(int(c) & (sign - 1)) if int(c) & sign else int(c) & (sign - 1) for c in codes(values)]


def rounded(values, name):
    """To float32, where it holds every number of the type: that is how errors enter a statistic."""
    if name not in FLOATS or name == "float64":
        return values
    return np.clip(values.astype(np.float32).astype(np.float64), -LARGEST, LARGEST)


def running(values):
    """Sums of the first 0, 1, 2, … values."""
    return np.concatenate([[0.0], np.cumsum(values)])


def highest(values, least):
    return np.concatenate([[least], np.maximum.accumulate(values)])


def decibels(factor, above, below):
    """Infinite without an error."""
    return np.where(below == 0, np.inf, factor * np.log10(above / np.where(below == 0, 1, below)))


def columns(a, b, name):
    x, y = a.astype(np.float64), b.astype(np.float64)
    finite = np.isfinite(x) & np.isfinite(y)
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    low, high = np.where(finite, x, np.inf), np.where(finite, x, -np.inf)
    x, y = np.where(finite, x, 0), np.where(finite, y, 0)
    error = np.abs(rounded(x - y, name))
    relative = rounded(error / np.maximum(np.abs(x), FLOOR), name)
    compared = running(finite)
    count = np.maximum(compared, 1)
    squared, reference, candidate = running(error**2), running(x**2), running(y**2)
    norms = np.sqrt(reference) * np.sqrt(candidate)
    cosine = np.where(norms == 0, 0, np.clip(running(x * y) / np.where(norms == 0, 1, norms), -1, 1))
    rmse = np.sqrt(squared / count)
    swing = highest(high, -np.inf) + highest(-low, -np.inf)
    found = [
        running(~finite),
        running(~finite & ~same),
        highest(error, 0),
        highest(relative, 0),
        running(error) / count,
        running(relative) / count,
        rmse,
        np.where(squared == 0, 0, np.sqrt(squared / reference)),
        np.where((reference == 0) & (candidate == 0), 1, cosine),
        decibels(10, reference, squared),
        decibels(20, swing, rmse),
    ]
    return np.stack(found, axis=1), finite


def distances(a, b, name, finite):
    table = np.zeros((LENGTH + 1, 65), np.int64)
    for place, (p, q, kept) in enumerate(zip(ordinals(a, name), ordinals(b, name), finite, strict=True)):
        table[place + 1] = table[place]
        if kept:
            # Capped where Java has no larger long.
            table[place + 1, min(abs(p - q), 2**63 - 1).bit_length()] += 1
    return table


def floats(rng, name):
    a = rng.standard_normal(LENGTH) * 10.0 ** rng.uniform(-2, 1, LENGTH)
    b = a * (1 + FLOATS[name] * rng.standard_normal(LENGTH))
    if name == "float8_e8m0fnu":
        a, b = np.abs(a), np.abs(b)
    return a.astype(kind(name)), b.astype(kind(name))


def special(rng, name):
    """Every pair of special numbers at scattered places, and some around a whole block of 4,096."""
    a, b = floats(rng, name)
    limits = ml_dtypes.finfo(kind(name))
    tiny, largest = float(limits.smallest_subnormal), float(limits.max)
    numbers = [np.nan, np.inf, -np.inf, 0.0, -0.0, tiny, -tiny, 3 * tiny, largest, -largest, 1.0]
    numbers = np.array(numbers).astype(kind(name))
    places = rng.permutation(LENGTH - 10)[: len(numbers) ** 2]
    a[places], b[places] = np.repeat(numbers, len(numbers)), np.tile(numbers, len(numbers))
    a[4094:4098], b[4094:4098] = numbers[:4], numbers[1:5]
    return a, b


def integers(rng, name):
    bits = 1 if name == "bool" else BITS[name]
    low = -(1 << (bits - 1)) if name.startswith("int") else 0
    wide = np.int64 if low else np.uint64
    a = rng.integers(low, low + (1 << bits) - 1, LENGTH, wide, endpoint=True)
    other = rng.integers(low, low + (1 << bits) - 1, LENGTH, wide, endpoint=True)
    b = np.where(rng.random(LENGTH) < 0.1, other, a)
    stored = "bool" if name == "bool" else f"{'int' if low else 'uint'}{max(bits, 8)}"
    return a.astype(stored), b.astype(stored)


def write(folder, label, name, a, b):
    (folder / f"{label}.reference").write_bytes(packed(a, name))
    (folder / f"{label}.candidate").write_bytes(packed(b, name))
    table, finite = columns(a, b, name)
    (folder / f"{label}.metrics").write_bytes(np.ascontiguousarray(table, "<f8").tobytes())
    (folder / f"{label}.ulp").write_bytes(distances(a, b, name, finite).astype("<i8").tobytes())


def main(folder):
    rng = np.random.default_rng(20260101)
    with np.errstate(all="ignore"):
        for name in FLOATS:
            write(folder, name, name, *floats(rng, name))
            write(folder, f"special-{name}", name, *special(rng, name))
        for name in BITS:
            if name not in FLOATS:
                write(folder, name, name, *integers(rng, name))


main(Path(sys.argv[1]))
