"""Sorting and searching. NaN comes last; equal elements keep their order."""

import numpy as np

from fairlead.reference.call import Call, Function


def _sort(call: Call) -> np.ndarray:
    return np.sort(call.inputs[0], axis=call.arguments[-1], kind="stable")


def _arg_sort(call: Call) -> np.ndarray:
    return np.argsort(call.inputs[0], axis=call.arguments[-1], kind="stable").astype(np.uint32)


def _search_sorted(call: Call) -> np.ndarray:
    (right,) = call.arguments
    array, wanted = call.inputs
    return np.searchsorted(array, wanted, side="right" if right else "left").astype(np.uint32)


# a partition may leave either side of its place in any order; sorted is one
TABLE: dict[str, Function] = {
    "ArgPartition": _arg_sort,
    "ArgSort": _arg_sort,
    "Partition": _sort,
    "SearchSorted": _search_sorted,
    "Sort": _sort,
}
