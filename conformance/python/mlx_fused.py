"""Cases of the primitives that only a GPU's trace holds, in graphs written by hand from their state."""

from collections.abc import Sequence

import mlx.core as mx

from cases import Cases, booleans, generator, main, normal, uniform


def make(cases: Cases) -> None:
    rng = generator("fused")
    for dtype in (mx.float32, mx.float16, mx.bfloat16):
        text = str(dtype).removeprefix("mlx.core.")

        def add(name: str, op: str, inputs: Sequence[mx.array], arguments: list, expected: mx.array, text: str = text) -> None:
            cases.write(f"{name}-{text}", op, inputs, arguments, expected)

        x, w, b = normal(rng, 2, 3, 24, dtype=dtype), normal(rng, 24, dtype=dtype), normal(rng, 24, dtype=dtype)
        none, zero = mx.array(1, dtype), mx.array(0, dtype)
        add("rms_norm", "RMSNorm", [x, w], [1e-5], mx.fast.rms_norm(x, w, 1e-5))
        add("rms_norm-plain", "RMSNorm", [x, none], [1e-5], mx.fast.rms_norm(x, None, 1e-5))
        add("layer_norm", "LayerNorm", [x, w, b], [1e-5], mx.fast.layer_norm(x, w, b, 1e-5))
        add("layer_norm-plain", "LayerNorm", [x, none, zero], [1e-5], mx.fast.layer_norm(x, None, None, 1e-5))
        r, offset, offsets = normal(rng, 2, 4, 6, 16, dtype=dtype), mx.array(3), mx.array([3, 8])
        periods = uniform(rng, 1, 40, 8)
        for traditional in (False, True):
            name = f"rope-{'traditional' if traditional else 'halves'}"
            settings = {"traditional": traditional, "base": 1e4, "scale": 0.5}
            add(name, "RoPE", [r, offset], [16, traditional, 1e4, 0.5, True], mx.fast.rope(r, 16, offset=3, **settings))
            add(f"{name}-part", "RoPE", [r, offset], [12, traditional, 1e4, 0.5, True], mx.fast.rope(r, 12, offset=3, **settings))
            add(
                f"{name}-offsets",
                "RoPE",
                [r, offsets],
                [16, traditional, 1e4, 0.5, True],
                mx.fast.rope(r, 16, offset=offsets, **settings),
            )
        given = mx.fast.rope(r, 16, traditional=False, base=None, scale=1.0, offset=3, freqs=periods)
        add("rope-periods", "RoPE", [r, offset, periods], [16, False, 1.0, 1.0, True], given)
        q, k, v = (
            normal(rng, 2, 4, 3, 16, dtype=dtype),
            normal(rng, 2, 2, 5, 16, dtype=dtype),
            normal(rng, 2, 2, 5, 16, dtype=dtype),
        )
        attention = mx.fast.scaled_dot_product_attention
        op = "ScaledDotProductAttention"
        add("attention", op, [q, k, v], [0.25, False, False, False], attention(q, k, v, scale=0.25))
        add("attention-force", op, [q, k, v], [0.25, False, False, False, False], attention(q, k, v, scale=0.25))
        add("attention-causal", op, [q, k, v], [0.25, True, False, False], attention(q, k, v, scale=0.25, mask="causal"))
        same = normal(rng, 2, 4, 5, 16, dtype=dtype)
        add(
            "attention-own-heads",
            op,
            [q, same, same],
            [0.25, True, False, False],
            attention(q, same, same, scale=0.25, mask="causal"),
        )
        for shape in ((3, 5), (2, 1, 3, 5), (2, 4, 3, 5)):
            name = "x".join(map(str, shape))
            m = normal(rng, *shape, dtype=dtype)
            add(f"attention-mask-{name}", op, [q, k, v, m], [0.25, False, False, False], attention(q, k, v, scale=0.25, mask=m))
            keep = booleans(rng, *shape)
            add(
                f"attention-boolean-{name}",
                op,
                [q, k, v, keep],
                [0.25, False, False, False],
                attention(q, k, v, scale=0.25, mask=keep),
            )
        sinks = normal(rng, 4, dtype=dtype)
        add("attention-sinks", op, [q, k, v, sinks], [0.25, False, True, False], attention(q, k, v, scale=0.25, sinks=sinks))
        both = attention(q, k, v, scale=0.25, mask=m, sinks=sinks)
        add("attention-mask-sinks", op, [q, k, v, m, sinks], [0.25, False, True, False], both)
        for bits in (2, 3, 4, 5, 6, 8):
            packed = mx.quantize(normal(rng, 8, 64, dtype=dtype), 32, bits)
            add(f"dequantize-{bits}", "Quantize", packed, [32, bits, 0, True], mx.dequantize(*packed, 32, bits))


if __name__ == "__main__":
    main(make)
