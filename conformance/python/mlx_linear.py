"""Cases of products, convolutions, quantised weights and fast functions."""

import mlx.core as mx

from cases import Cases, booleans, generator, integers, normal, uniform
from values import FLOATS, evaluated, text


def linear(cases: Cases) -> None:
    rng = generator("linear")
    for dtype in FLOATS:
        a, b, c = normal(rng, 3, 8, dtype=dtype), normal(rng, 8, 5, dtype=dtype), normal(rng, 5, dtype=dtype)
        cases.add(f"matmul-{text(dtype)}", mx.matmul, {"a": a, "b": b})
        cases.add(f"addmm-{text(dtype)}", lambda a, b, c: mx.addmm(c, a, b, 0.5, 2.0), {"a": a, "b": b, "c": c})
        cases.add(f"einsum-{text(dtype)}", lambda a, b: mx.einsum("ik,kj->ji", a, b), {"a": a, "b": b})
    a, b = normal(rng, 2, 1, 3, 4), normal(rng, 5, 4, 2)
    cases.add("matmul-batched", mx.matmul, {"a": a, "b": b})
    cases.add("matmul-vector", mx.matmul, {"a": normal(rng, 4), "b": normal(rng, 4)})
    cases.add("matmul-left", mx.matmul, {"a": normal(rng, 4), "b": normal(rng, 3, 4, 2)})
    cases.add("matmul-right", mx.matmul, {"a": normal(rng, 3, 2, 4), "b": normal(rng, 4)})
    cases.add("matmul-transposed", lambda a, b: a.swapaxes(-1, -2) @ b.T, {"a": normal(rng, 4, 3), "b": normal(rng, 2, 4)})
    cases.add("matmul-empty", mx.matmul, {"a": mx.zeros((3, 0)), "b": mx.zeros((0, 2))})
    cases.add(
        "addmm-batched",
        lambda a, b, c: mx.addmm(c, a, b),
        {"a": normal(rng, 2, 3, 4), "b": normal(rng, 2, 4, 2), "c": normal(rng, 3, 2)},
    )
    cases.add("inner", mx.inner, {"a": normal(rng, 2, 4), "b": normal(rng, 3, 4)})
    cases.add("outer", mx.outer, {"a": normal(rng, 3), "b": normal(rng, 4)})
    cases.add("kron", mx.kron, {"a": normal(rng, 2, 3), "b": normal(rng, 3, 2)})
    cases.add("vecdot", mx.vecdot, {"a": normal(rng, 2, 4), "b": normal(rng, 2, 4)})
    cases.add("tensordot", lambda a, b: mx.tensordot(a, b, 2), {"a": normal(rng, 2, 3, 4), "b": normal(rng, 3, 4, 5)})
    cases.add(
        "tensordot-axes",
        lambda a, b: mx.tensordot(a, b, [[0, 1], [1, 0]]),
        {"a": normal(rng, 2, 3, 4), "b": normal(rng, 3, 2, 5)},
    )
    cases.add(
        "einsum-attention",
        lambda q, k: mx.einsum("bihd,bjhd->bhij", q, k),
        {"q": normal(rng, 2, 3, 2, 4), "k": normal(rng, 2, 5, 2, 4)},
    )
    cases.add("einsum-diagonal", lambda a: mx.einsum("ii->i", a), {"a": normal(rng, 4, 4)})
    cases.add("matrix_norm", lambda a: mx.matrix_norm(a) if hasattr(mx, "matrix_norm") else a, {"a": normal(rng, 2, 3, 4)})
    cases.add(
        "gather_mm",
        lambda a, b, i: mx.gather_mm(a, b, rhs_indices=i),
        {"a": normal(rng, 4, 1, 8), "b": normal(rng, 3, 8, 5), "i": mx.array([0, 2, 1, 2])},
    )
    cases.add(
        "gather_mm-both",
        lambda a, b, i, j: mx.gather_mm(a, b, i, j),
        {"a": normal(rng, 4, 2, 8), "b": normal(rng, 3, 8, 5), "i": mx.array([0, 3]), "j": mx.array([2, 1])},
    )
    cases.add(
        "gather_mm-sorted",
        lambda a, b, i: mx.gather_mm(a, b, rhs_indices=i, sorted_indices=True),
        {"a": normal(rng, 4, 1, 8), "b": normal(rng, 3, 8, 5), "i": mx.array([0, 1, 1, 2])},
    )
    cases.add(
        "block_masked_mm",
        lambda a, b, m: mx.block_masked_mm(a, b, 32, m),
        {"a": normal(rng, 64, 32), "b": normal(rng, 32, 64), "m": booleans(rng, 2, 2)},
    )
    cases.add(
        "segmented_mm",
        lambda a, b: mx.segmented_mm(a, b, mx.array([[0, 4], [4, 8]])),
        {"a": normal(rng, 3, 8), "b": normal(rng, 8, 5)},
    )
    convolutions(cases)
    quantised(cases)


def convolutions(cases: Cases) -> None:
    rng = generator("convolutions")
    spatial = {1: (12,), 2: (9, 8), 3: (6, 5, 7)}
    for rank, sizes in spatial.items():
        conv = getattr(mx, f"conv{rank}d")
        transposed = getattr(mx, f"conv_transpose{rank}d")
        x, w = normal(rng, 2, *sizes, 4), normal(rng, 6, *([3] * rank), 4)
        grouped = normal(rng, 6, *([3] * rank), 2)
        cases.add(f"conv{rank}d", conv, {"x": x, "w": w})
        cases.add(f"conv{rank}d-options", lambda x, w, f=conv: f(x, w, stride=2, padding=1), {"x": x, "w": w})
        cases.add(f"conv{rank}d-dilated", lambda x, w, f=conv: f(x, w, dilation=2, padding=2), {"x": x, "w": w})
        if rank < 3:
            cases.add(f"conv{rank}d-grouped", lambda x, w, f=conv: f(x, w, groups=2), {"x": x, "w": grouped})
        cases.add(f"conv_transpose{rank}d", transposed, {"x": x, "w": w})
        cases.add(
            f"conv_transpose{rank}d-options",
            lambda x, w, f=transposed: f(x, w, stride=2, padding=1, output_padding=1),
            {"x": x, "w": w},
        )
        cases.add(f"conv_transpose{rank}d-dilated", lambda x, w, f=transposed: f(x, w, stride=2, dilation=2), {"x": x, "w": w})
        constant = normal(rng, 6, *([3] * rank), 4)
        cases.add(f"conv{rank}d-constant", lambda x, f=conv, w=constant: f(x, w, padding=1), {"x": x})
        cases.add(f"conv_transpose{rank}d-constant", lambda x, f=transposed, w=constant: f(x, w, stride=2), {"x": x})
    cases.add(
        "conv_transpose1d-grouped",
        lambda x, w: mx.conv_transpose1d(x, w, groups=2),
        {"x": normal(rng, 2, 8, 4), "w": normal(rng, 6, 3, 2)},
    )
    x, w = normal(rng, 2, 9, 8, 4), normal(rng, 6, 3, 2, 4)
    cases.add(
        "conv_general",
        lambda x, w: mx.conv_general(x, w, stride=(1, 2), padding=([1, 0], [2, 1]), kernel_dilation=(2, 1)),
        {"x": x, "w": w},
    )
    cases.add("conv_general-flip", lambda x, w: mx.conv_general(x, w, padding=1, flip=True), {"x": x, "w": w})
    cases.add("conv_general-input", lambda x, w: mx.conv_general(x, w, input_dilation=(2, 3), padding=2), {"x": x, "w": w})
    cases.add("convolve", lambda a, v: mx.convolve(a, v), {"a": normal(rng, 12), "v": normal(rng, 5)})
    cases.add("convolve-same", lambda a, v: mx.convolve(a, v, mode="same"), {"a": normal(rng, 12), "v": normal(rng, 5)})
    cases.add("convolve-valid", lambda a, v: mx.convolve(a, v, mode="valid"), {"a": normal(rng, 12), "v": normal(rng, 5)})
    for dtype in (mx.float16, mx.bfloat16):
        cases.add(f"conv2d-{text(dtype)}", mx.conv2d, {"x": x.astype(dtype), "w": w.astype(dtype)})


def quantised(cases: Cases) -> None:
    rng = generator("quantised")
    modes = [("affine", group, bits) for bits in (2, 3, 4, 5, 6, 8) for group in (32, 64)]
    modes += [("affine", 128, 4), ("mxfp4", 32, 4), ("mxfp8", 32, 8), ("nvfp4", 16, 4)]
    for mode, group, bits in modes:
        for dtype in FLOATS:
            if dtype != mx.float32 and (group == 32 and mode == "affine"):
                continue
            name = f"{mode}-{bits}-{group}-{text(dtype)}"
            weight = normal(rng, 32, 128, dtype=dtype)
            w, scales, *biases = evaluated(mx.quantize(weight, group, bits, mode))
            settings = {"group_size": group, "bits": bits, "mode": mode}
            x = normal(rng, 3, 128, dtype=dtype)
            bias = biases[0] if biases else None

            def product(x, w=w, s=scales, b=bias, k=settings):
                return mx.quantized_matmul(x, w, s, b, transpose=True, **k)

            def embedded(i, w=w, s=scales, b=bias, k=settings, d=dtype):
                return mx.dequantize(w[i], s[i], None if b is None else b[i], dtype=d, **k)

            cases.add(f"quantized_matmul-{name}", product, {"x": x})
            cases.add(f"dequantize-{name}", embedded, {"i": mx.array([3, 0, 31])})
            if dtype == mx.float32:
                y = normal(rng, 2, 3, 32)
                cases.add(
                    f"quantized_matmul-plain-{name}",
                    lambda x, w=w, s=scales, b=bias, k=settings: mx.quantized_matmul(x, w, s, b, transpose=False, **k),
                    {"x": y},
                )
                experts = [mx.quantize(normal(rng, 16, 128), group, bits, mode) for _ in range(3)]
                stacked = evaluated([mx.stack(part) for part in zip(*experts, strict=True)])
                many = stacked[2] if len(stacked) > 2 else None
                cases.add(
                    f"gather_qmm-{name}",
                    lambda x, i, e=stacked, b=many, k=settings: mx.gather_qmm(
                        x, e[0], e[1], b, rhs_indices=i, transpose=True, **k
                    ),
                    {"x": normal(rng, 4, 1, 128), "i": mx.array([0, 2, 1, 2])},
                )
                if mode == "affine":
                    cases.add(f"quantize-{name}", lambda x, k=settings: mx.quantize(x, **k), {"x": weight})
    w, s, b = evaluated(mx.quantize(normal(rng, 32, 64), 32, 4))
    cases.add(
        "quantized_matmul-weights-as-inputs",
        lambda x, w, s, b: mx.quantized_matmul(x, w, s, b, group_size=32, bits=4),
        {"x": normal(rng, 3, 64), "w": w, "s": s, "b": b},
    )
    w, s = evaluated(mx.quantize(normal(rng, 32, 64), 16, 4, "nvfp4"))
    cases.add("qqmm", lambda x: mx.qqmm(x, w, s, group_size=16, bits=4, mode="nvfp4"), {"x": normal(rng, 4, 64)})
    cases.add(
        "gather_qqmm",
        lambda x: mx.gather_qqmm(x, w[None], s[None], rhs_indices=mx.array([0]), group_size=16, bits=4, mode="nvfp4"),
        {"x": normal(rng, 1, 4, 64)},
    )


def fast(cases: Cases) -> None:
    rng = generator("fast")
    for dtype in FLOATS:
        x, w, b = normal(rng, 2, 3, 16, dtype=dtype), normal(rng, 16, dtype=dtype), normal(rng, 16, dtype=dtype)
        cases.add(f"fast.rms_norm-{text(dtype)}", lambda x, w: mx.fast.rms_norm(x, w, 1e-5), {"x": x, "w": w})
        cases.add(f"fast.layer_norm-{text(dtype)}", lambda x, w, b: mx.fast.layer_norm(x, w, b, 1e-5), {"x": x, "w": w, "b": b})
        q, k, v = (normal(rng, 2, heads, length, 16, dtype=dtype) for heads, length in ((4, 3), (2, 5), (2, 5)))
        cases.add(
            f"fast.scaled_dot_product_attention-{text(dtype)}",
            lambda q, k, v: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.25),
            {"q": q, "k": k, "v": v},
        )
        r = normal(rng, 2, 4, 6, 16, dtype=dtype)
        cases.add(
            f"fast.rope-{text(dtype)}",
            lambda x: mx.fast.rope(x, 16, traditional=False, base=10000.0, scale=1.0, offset=3),
            {"x": r},
        )
    x = normal(rng, 2, 3, 16)
    cases.add("fast.rms_norm-plain", lambda x: mx.fast.rms_norm(x, None, 1e-5), {"x": x})
    cases.add("fast.layer_norm-plain", lambda x: mx.fast.layer_norm(x, None, None, 1e-5), {"x": x})
    cases.add("fast.layer_norm-large", lambda x: mx.fast.layer_norm(x * 1e3 + 5, None, None, 1e-5), {"x": x})
    cases.add(
        "fast.scaled_dot_product_attention-causal",
        lambda q, k, v: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.3, mask="causal"),
        {"q": q.astype(mx.float32), "k": k.astype(mx.float32), "v": v.astype(mx.float32)},
    )
    cases.add(
        "fast.scaled_dot_product_attention-mask",
        lambda q, k, v, m: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.3, mask=m),
        {"q": q.astype(mx.float32), "k": k.astype(mx.float32), "v": v.astype(mx.float32), "m": normal(rng, 3, 5)},
    )
    keep = mx.array([[True, False, True, True, False], [True] * 5, [False, True, False, False, True]])
    cases.add(
        "fast.scaled_dot_product_attention-boolean",
        lambda q, k, v, m: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.3, mask=m),
        {"q": q.astype(mx.float32), "k": k.astype(mx.float32), "v": v.astype(mx.float32), "m": keep},
    )
    cases.add(
        "fast.scaled_dot_product_attention-sinks",
        lambda q, k, v, s: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.3, sinks=s),
        {"q": q.astype(mx.float32), "k": k.astype(mx.float32), "v": v.astype(mx.float32), "s": normal(rng, 4)},
    )
    r = normal(rng, 2, 4, 6, 16)
    cases.add("fast.rope-traditional", lambda x: mx.fast.rope(x, 8, traditional=True, base=500.0, scale=0.5, offset=2), {"x": r})
    cases.add(
        "fast.rope-offset",
        lambda x, o: mx.fast.rope(x, 16, traditional=False, base=10000.0, scale=1.0, offset=o),
        {"x": r, "o": mx.array(7)},
    )
    cases.add(
        "fast.rope-offsets",
        lambda x, o: mx.fast.rope(x, 16, traditional=False, base=10000.0, scale=1.0, offset=o),
        {"x": r, "o": mx.array([7, 1])},
    )
    cases.add(
        "fast.rope-freqs",
        lambda x, f: mx.fast.rope(x, 16, traditional=False, base=None, scale=1.0, offset=1, freqs=f),
        {"x": r, "f": uniform(rng, 1, 50, 8)},
    )
    cases.add(
        "fast.cross_entropy", lambda x, t: mx.fast.cross_entropy(x, t), {"x": normal(rng, 5, 7), "t": integers(rng, 0, 7, 5)}
    )
    shapes = {"q": (1, 4, 1, 8), "k": (1, 4, 1, 8), "v": (1, 4, 2, 8)}
    inputs = {name: normal(rng, *shape, scale=0.3) for name, shape in shapes.items()}
    inputs |= {"gamma": uniform(rng, 0.5, 1, 1, 4, 2), "beta": uniform(rng, 0, 1, 1, 4, 2)}
    cases.add("fast.gated_delta_update", mx.fast.gated_delta_update, inputs)
