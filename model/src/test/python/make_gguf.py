"""Makes src/test/resources/gguf: every type that GgufFile decodes, and what the package gguf 0.19.0 decodes it to.

Run with `gguf==0.19.0`, `safetensors` and `numpy` installed: python make_gguf.py FOLDER
"""
import sys
import numpy as np
import gguf
from gguf import GGMLQuantizationType as T
from safetensors.numpy import save_file
folder = sys.argv[1]
rng = np.random.default_rng(4)
w = gguf.GGUFWriter(folder + "/types.gguf", "llama")
w.add_uint32("u32", 4294967295); w.add_int64("i64", -5); w.add_float32("f32", 0.1); w.add_float64("f64", 0.1)
w.add_bool("yes", True); w.add_string("text", "héllo"); w.add_array("tokens", ["a", "", "ß"]); w.add_array("ids", [3, 1, 2])
w.add_uint8("u8", 255); w.add_int16("i16", -3); w.add_uint64("u64", 2**64 - 1)
expected = {}
def quantised(name, qtype, rows, blocks):
    _, size = gguf.GGML_QUANT_SIZES[qtype]
    raw = rng.integers(0, 256, (rows, blocks * size), dtype=np.uint8)
    view = raw.reshape(rows, blocks, size)
    places = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q8_0: [0], T.Q4_K: [0, 2], T.Q6_K: [208]}[qtype]
    for p in places:  # finite scales
        view[..., p:p + 2] = rng.standard_normal((rows, blocks, 1)).astype(np.float16).view(np.uint8)
    w.add_tensor(name, raw, raw_dtype=qtype)
    expected[name] = gguf.quants.dequantize(raw, qtype).astype(np.float32)
quantised("q4_0", T.Q4_0, 3, 2)
quantised("q4_1", T.Q4_1, 3, 2)
quantised("q8_0", T.Q8_0, 3, 2)
quantised("q4_k", T.Q4_K, 3, 2)
quantised("q6_k", T.Q6_K, 3, 2)
for name, a in {"f32": rng.standard_normal((2, 3, 5)).astype(np.float32), "f16": rng.standard_normal((7,)).astype(np.float16),
                "f64": rng.standard_normal((2, 2)), "i8": np.arange(-3, 4, dtype=np.int8), "i32": np.array([[1, -2**31]], dtype=np.int32)}.items():
    w.add_tensor(name, a); expected[name] = a
b = rng.standard_normal((2, 4)).astype(np.float32)
q = gguf.quants.quantize(b, T.BF16)
w.add_tensor("bf16", q, raw_dtype=T.BF16); expected["bf16"] = gguf.quants.dequantize(q, T.BF16)
w.write_header_to_file(); w.write_kv_data_to_file(); w.write_tensors_to_file(); w.close()
save_file(expected, folder + "/expected.safetensors")
