"""Exports a function as a GPU would trace it, where RMSNorm, LayerNorm, RoPE and attention are one primitive each.

MLX's CPU build decomposes them, and refuses a GPU's stream even for tracing. So while a function is traced, each of these calls
leaves a mark in its place, a Depends that no function of ours has otherwise; the exported graph then gets the primitive that
FORMATS.md describes, with its inputs and its state.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mlx.core as mx
from fairlead import tensors

_FIRST_MARK = 1_700_000_000


class Marks:
    """The primitives that stand behind the marks. Equal state has an equal mark, since a function is traced several times."""

    def __init__(self) -> None:
        self._states: list[tuple[str, list[object]]] = []

    @contextmanager
    def placed(self) -> Iterator[None]:
        """While it lasts, the calls leave marks."""
        fast = mx.fast
        own = {name: getattr(fast, name) for name in ("rms_norm", "layer_norm", "rope", "scaled_dot_product_attention")}
        try:
            for name in own:
                setattr(fast, name, getattr(self, name))
            yield
        finally:
            for name, function in own.items():
                setattr(fast, name, function)

    def rms_norm(self, x: mx.array, weight: mx.array | None, eps: float, **_: object) -> mx.array:
        return self._marked("RMSNorm", [x, _given(weight, 1, x)], [_single(eps)])

    def layer_norm(self, x: mx.array, weight: mx.array | None, bias: mx.array | None, eps: float, **_: object) -> mx.array:
        return self._marked("LayerNorm", [x, _given(weight, 1, x), _given(bias, 0, x)], [_single(eps)])

    def rope(
        self,
        x: mx.array,
        dims: int,
        *,
        traditional: bool,
        base: float | None,
        scale: float,
        offset: int | mx.array,
        freqs: mx.array | None = None,
        **_: object,
    ) -> mx.array:
        position = offset if isinstance(offset, mx.array) else mx.array(offset, mx.int32)
        state = [dims, traditional, _single(1.0 if base is None else base), _single(scale), True]
        return self._marked("RoPE", [x, position, *([] if freqs is None else [freqs])], state)

    def scaled_dot_product_attention(
        self,
        q: mx.array,
        k: mx.array,
        v: mx.array,
        *,
        scale: float,
        mask: mx.array | str | None = None,
        sinks: mx.array | None = None,
        **_: object,
    ) -> mx.array:
        if q.shape[-1] != v.shape[-1]:
            raise ValueError("a mark has its first input's shape, so keys and values must have one width")
        more = [part for part in (mask, sinks) if isinstance(part, mx.array)]
        state = [_single(scale), isinstance(mask, str), sinks is not None, False, False]
        return self._marked("ScaledDotProductAttention", [q, k, v, *more], state)

    def _marked(self, op: str, inputs: list[mx.array], state: list[object]) -> mx.array:
        if (op, state) not in self._states:
            self._states.append((op, state))
        number = mx.array(_FIRST_MARK + self._states.index((op, state)), mx.int32)
        return mx.depends(inputs[0], [*inputs[1:], number])

    def replace(self, folder: Path) -> None:
        """Puts the primitives into an exported graph, in the marks' places."""
        file = folder / "graph.json"
        graph = json.loads(file.read_text(encoding="utf-8"))
        weights = tensors.load(folder / "weights.safetensors")
        for node in graph["nodes"]:
            if node["op"] == "Depends":
                *node["inputs"], mark = node["inputs"]
                node["op"], node["arguments"] = self._states[weights[mark].item() - _FIRST_MARK]
        used = {name for node in graph["nodes"] for name in node["inputs"]} | {output["value"] for output in graph["outputs"]}
        graph["constants"] = [constant for constant in graph["constants"] if constant["name"] in used]
        kept = {constant["name"] for constant in graph["constants"]}
        file.write_text(json.dumps(graph) + "\n", encoding="utf-8")
        tensors.save(folder / "weights.safetensors", {name: array for name, array in weights.items() if name in kept})


def _given(array: mx.array | None, value: int, like: mx.array) -> mx.array:
    """MLX puts a scalar in the place of a weight or bias that isn't there."""
    return mx.array(value, like.dtype) if array is None else array


def _single(value: float) -> float:
    """State is float32 in MLX."""
    return mx.array(value, mx.float32).item()
