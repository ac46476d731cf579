"""Matrix products."""

import numpy as np

from fairlead.reference.call import Call, Function, of_inputs


def _add_mm(call: Call) -> np.ndarray:
    one, other, added = call.inputs
    alpha, beta = call.arguments
    return alpha * np.matmul(one, other) + beta * added


def gathered(array: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """The matrices at flat places among the batch axes."""
    matrices = array.reshape(-1, *array.shape[-2:])
    if indices.size and indices.max() >= len(matrices):
        raise ValueError(f"index {indices.max()} is outside the {len(matrices)} matrices")
    return matrices[indices]


def _gather_mm(call: Call) -> np.ndarray:
    one, other, left, right = call.inputs
    return np.matmul(gathered(one, left), gathered(other, right))


def _block_masked_mm(call: Call) -> np.ndarray:
    """Masks of blocks: of the result, of the left and of the right side. Those of the sides come together."""
    (block,) = call.arguments
    one, other, *masks = call.inputs
    if len(masks) >= 2:
        one = one * _spread(masks[-2], block, one.shape)
        other = other * _spread(masks[-1], block, other.shape)
    result = np.matmul(one, other)
    if len(masks) % 2:
        result = result * _spread(masks[0], block, result.shape)
    return result


def _spread(mask: np.ndarray, block: int, shape: tuple[int, ...]) -> np.ndarray:
    """The mask with a value for each element instead of each block."""
    return mask.repeat(block, axis=-2).repeat(block, axis=-1)[..., : shape[-2], : shape[-1]]


TABLE: dict[str, Function] = {
    "AddMM": _add_mm,
    "BlockMaskedMM": _block_masked_mm,
    "GatherMM": _gather_mm,
    "Matmul": of_inputs(np.matmul),
}
