"""What a replay function gets: one primitive with its actual inputs and sizes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import mlx.core as mx


@dataclass(frozen=True)
class Call:
    """`arguments` have their sizes filled in; `shapes` are those of the outputs. `lazy` forbids evaluation."""

    inputs: Sequence[mx.array]
    arguments: Sequence[object]
    shapes: Sequence[tuple[int, ...]]
    dtypes: Sequence[mx.Dtype]
    lazy: bool


Replay = Callable[[Call], mx.array | Sequence[mx.array]]


def of_inputs(function: Callable[..., mx.array]) -> Replay:
    """The replay of a primitive without state."""
    return lambda call: function(*call.inputs)
