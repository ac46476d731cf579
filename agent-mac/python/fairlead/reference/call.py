"""What a reference function gets: one primitive with its inputs as NumPy arrays and its sizes as numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fairlead.dtypes import DType


@dataclass(frozen=True)
class Call:
    """`inputs` are in the types of `fairlead.reference.values`, `input_dtypes` and `dtypes` as the graph declares them.

    `shapes` and `dtypes` are those of the outputs, `arguments` the primitive's state in MLX's order.
    """

    inputs: Sequence[np.ndarray]
    input_dtypes: Sequence[DType]
    arguments: Sequence[object]
    shapes: Sequence[tuple[int, ...]]
    dtypes: Sequence[DType]


Function = Callable[[Call], np.ndarray | Sequence[np.ndarray]]

# from the number of inputs and the arguments, why this use of a primitive has no reference, or None
Refusal = Callable[[int, Sequence[object]], str | None]


def of_inputs(function: Callable[..., np.ndarray]) -> Function:
    """The reference of a primitive without state."""
    return lambda call: function(*call.inputs)
