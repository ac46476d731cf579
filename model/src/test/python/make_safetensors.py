"""Makes src/test/resources/safetensors: every element type of the format, checked by the package safetensors, and its numbers in float64.

Run with `safetensors==0.8.0`, `ml_dtypes` and `numpy` installed: python make_safetensors.py
"""

import json
import struct
from pathlib import Path

import ml_dtypes as ml
import numpy as np
from safetensors import deserialize
from safetensors.numpy import save_file

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "safetensors"
WHOLE = {
    "BOOL": np.bool_,
    "U8": np.uint8,
    "I8": np.int8,
    "U16": np.uint16,
    "I16": np.int16,
    "U32": np.uint32,
    "I32": np.int32,
    "U64": np.uint64,
    "I64": np.int64,
    "F16": np.float16,
    "BF16": ml.bfloat16,
    "F32": np.float32,
    "F64": np.float64,
    "F8_E4M3": ml.float8_e4m3fn,
    "F8_E5M2": ml.float8_e5m2,
    "F8_E8M0": ml.float8_e8m0fnu,
    "F8_E4M3FNUZ": ml.float8_e4m3fnuz,
    "F8_E5M2FNUZ": ml.float8_e5m2fnuz,
}
PACKED = {"F4": (4, ml.float4_e2m1fn), "F6_E2M3": (6, ml.float6_e2m3fn), "F6_E3M2": (6, ml.float6_e3m2fn)}


def packed(codes: np.ndarray, bits: int) -> bytes:
    """Least significant bits first."""
    whole = 0
    for place, code in enumerate(codes.tolist()):
        whole |= code << (place * bits)
    return whole.to_bytes(len(codes) * bits // 8, "little")


def main() -> None:
    rng = np.random.default_rng(4)
    header, data, expected = {}, b"", {}

    def add(name: str, shape: list[int], raw: bytes, numbers: np.ndarray) -> None:
        nonlocal data
        header[name] = {"dtype": name, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
        expected[name] = numbers.astype(np.float64).reshape(shape)

    for name, dtype in WHOLE.items():
        size = np.dtype(dtype).itemsize
        raw = rng.integers(0, 2 if name == "BOOL" else 256, 24 * size, dtype=np.uint8).tobytes()
        add(name, [2, 3, 4], raw, np.frombuffer(raw, dtype))
    for name, (bits, dtype) in PACKED.items():
        codes = rng.integers(0, 1 << bits, 8, dtype=np.uint8)
        add(name, [2, 4], packed(codes, bits), codes.view(dtype))
    add("C64", [2], rng.standard_normal(4).astype(np.float32).tobytes(), np.zeros(2))
    text = json.dumps(header).encode()
    file = struct.pack("<Q", len(text)) + text + data
    deserialize(file)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "types.safetensors").write_bytes(file)
    save_file(expected, FOLDER / "expected.safetensors")
    (FOLDER / "expected.safetensors").chmod(0o644)


main()
