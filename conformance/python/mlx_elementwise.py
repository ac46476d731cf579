"""Cases of functions of single numbers, and of reductions and scans."""

import mlx.core as mx
import numpy as np

from cases import Cases, booleans, generator, integers, normal, uniform
from values import FLOATS, INTEGERS, SPECIAL, UNSIGNED, beside, special, text, values

# Unary functions: range of arguments, and whether integers may go in.
UNARY: dict[str, tuple[float, float, bool]] = {
    "abs": (-3, 3, True),
    "arccos": (-0.95, 0.95, False),
    "acos": (-0.95, 0.95, False),
    "arccosh": (1.1, 4, False),
    "acosh": (1.1, 4, False),
    "arcsin": (-0.95, 0.95, False),
    "asin": (-0.95, 0.95, False),
    "arcsinh": (-3, 3, False),
    "asinh": (-3, 3, False),
    "arctan": (-3, 3, False),
    "atan": (-3, 3, False),
    "arctanh": (-0.9, 0.9, False),
    "atanh": (-0.9, 0.9, False),
    "ceil": (-3, 3, True),
    "cos": (-3, 3, True),
    "cosh": (-3, 3, False),
    "degrees": (-3, 3, False),
    "erf": (-3, 3, False),
    "erfinv": (-0.9, 0.9, False),
    "exp": (-3, 3, True),
    "expm1": (-3, 3, False),
    "floor": (-3, 3, True),
    "isfinite": (-3, 3, True),
    "isinf": (-3, 3, True),
    "isnan": (-3, 3, True),
    "isneginf": (-3, 3, False),
    "isposinf": (-3, 3, False),
    "log": (0.1, 9, False),
    "log10": (0.1, 9, False),
    "log1p": (-0.5, 9, False),
    "log2": (0.1, 9, False),
    "logical_not": (-3, 3, True),
    "negative": (-3, 3, True),
    "positive": (-3, 3, True),
    "radians": (-90, 90, False),
    "reciprocal": (0.5, 3, False),
    "round": (-3, 3, True),
    "rsqrt": (0.1, 9, False),
    "sigmoid": (-6, 6, True),
    "sign": (-3, 3, True),
    "sin": (-3, 3, True),
    "sinh": (-3, 3, False),
    "sqrt": (0.1, 9, False),
    "square": (-3, 3, True),
    "stop_gradient": (-3, 3, True),
    "tan": (-1.2, 1.2, False),
    "tanh": (-3, 3, True),
    "trunc": (-3, 3, True),
    "nan_to_num": (-3, 3, True),
    "conjugate": (-3, 3, False),
    "conj": (-3, 3, False),
    "real": (-3, 3, False),
    "imag": (-3, 3, False),
    "zeros_like": (-3, 3, True),
    "ones_like": (-3, 3, True),
    "contiguous": (-3, 3, True),
}
NO_BOOL = {"negative", "sign", "square", "abs", "positive", "trunc", "round", "ceil", "floor", "nan_to_num"}
# Their result depends on the argument's type and shape alone, for some types; an unused input can't be exported.
MAY_IGNORE = {"isfinite", "isinf", "isnan", "imag", "zeros_like", "ones_like"}
ALSO_INTEGER_TYPES = (mx.bool_, *INTEGERS)

BINARY_ANY = (
    "add",
    "subtract",
    "multiply",
    "maximum",
    "minimum",
    "equal",
    "not_equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
)
BINARY_DIVIDING = ("divide", "floor_divide", "remainder")
BINARY_FLOAT = ("arctan2", "atan2", "logaddexp")
BINARY_BITS = (
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "left_shift",
    "right_shift",
    "bitwise_left_shift",
    "bitwise_right_shift",
)
BROADCASTS = (((3, 4), (3, 4)), ((2, 1, 4), (3, 1)), ((), (5,)))


def elementwise(cases: Cases) -> None:
    for name, (low, high, integral) in UNARY.items():
        function = getattr(mx, name)
        if name in MAY_IGNORE:
            function = beside(function)
        for dtype in (*FLOATS, *(ALSO_INTEGER_TYPES if integral else ())):
            if dtype == mx.bool_ and name in NO_BOOL:
                continue
            case = f"{name}-{text(dtype)}"
            cases.add(case, function, {"x": values(generator(case), dtype, 3, 5, low=low, high=high)})
        cases.add(f"{name}-special", function, {"x": special(mx.float32)})
        cases.add(f"{name}-scalar", function, {"x": mx.array((low + high) / 2 + 0.1)})
    cases.add("bitwise_invert-int32", mx.bitwise_invert, {"x": mx.array([1, -2, 0])})
    for name in (
        BINARY_ANY + BINARY_DIVIDING + BINARY_FLOAT + BINARY_BITS + ("power", "pow", "isclose", "allclose", "array_equal")
    ):
        function = getattr(mx, name)
        dtypes = FLOATS
        if name in BINARY_ANY:
            dtypes = (*FLOATS, *INTEGERS, *(() if name == "subtract" else (mx.bool_,)))
        elif name in (*BINARY_DIVIDING, "array_equal"):
            dtypes = (*FLOATS, *INTEGERS)
        elif name in BINARY_BITS:
            dtypes = INTEGERS if "shift" in name else (*INTEGERS, mx.bool_)
        elif name == "power" or name == "pow":
            dtypes = (*FLOATS, mx.int32, mx.int64, mx.uint8)
        for dtype in dtypes:
            case = f"{name}-{text(dtype)}"
            rng = generator(case)
            a, b = values(rng, dtype, 3, 4), values(rng, dtype, 3, 4)
            if name in BINARY_DIVIDING:
                b = mx.where(b == 0, mx.array(2, dtype), b)
            if "pow" in name:
                a = values(rng, dtype, 3, 4, low=0.25, high=2)
                b = mx.abs(b) if dtype not in FLOATS else b
            if "shift" in name:
                b = integers(rng, 0, 5, 3, 4, dtype=dtype)
            cases.add(case, function, {"a": a, "b": b})
        for index, (left, right) in enumerate(BROADCASTS):
            case = f"{name}-broadcast{index}"
            rng = generator(case)
            whole = name in BINARY_BITS
            a = integers(rng, 1, 6, *left) if whole else uniform(rng, 0.5, 3, *left)
            b = integers(rng, 1, 6, *right) if whole else uniform(rng, 0.5, 3, *right)
            if name != "array_equal" or index == 0:
                cases.add(case, function, {"a": a, "b": b})
        if name not in BINARY_BITS:
            pairs = np.array([(a, b) for a in SPECIAL for b in SPECIAL], np.float32)
            cases.add(f"{name}-special", function, {"a": mx.array(pairs[:, 0]), "b": mx.array(pairs[:, 1])})
    # ONNX Runtime takes int64 from 2**31 to 2**32 for negative in places.
    wide = {"a": mx.array([2**31, 5, 2**32 - 1, -(2**33), 7] * 4), "b": mx.array([5, 2**32 - 2, 6, 3, -(2**31) - 9] * 4)}
    for name in ("maximum", "minimum", "less", "add", "multiply", "subtract"):
        cases.add(f"{name}-wide", getattr(mx, name), wide)
    for name in ("max", "min", "argmax", "cummax", "cummin", "sort", "sign", "abs"):
        reduced = getattr(mx, name)
        cases.add(f"{name}-wide", reduced, {"x": wide["a"]})
        if name not in ("sign", "abs"):
            words = mx.array([2**31 + 3, 5, 2**32 - 1, 7] * 4, dtype=mx.uint32)
            cases.add(f"{name}-words", reduced, {"x": words})
    rng = generator("divmod")
    cases.add("divmod", lambda a, b: mx.divmod(a, b), {"a": normal(rng, 4, 3), "b": uniform(rng, 0.5, 2, 4, 3)})
    cases.add("divmod-int", lambda a, b: mx.divmod(a, b), {"a": integers(rng, -20, 20, 9), "b": integers(rng, 1, 5, 9)})
    for low, high in ((-1.0, 1.0), (None, 0.5), (0.0, None)):
        cases.add(f"clip-{low}-{high}", lambda x, low=low, high=high: mx.clip(x, low, high), {"x": normal(rng, 4, 3)})
    cases.add("clip-array", mx.clip, {"x": normal(rng, 4, 3), "low": uniform(rng, -2, 0, 3), "high": uniform(rng, 0, 2, 4, 1)})
    cases.add("clip-int", lambda x: mx.clip(x, -2, 3), {"x": integers(rng, -9, 9, 12)})
    for dtype in (*FLOATS, mx.bool_, *INTEGERS):
        case = f"where-{text(dtype)}"
        rng = generator(case)
        cases.add(case, mx.where, {"c": booleans(rng, 3, 1), "a": values(rng, dtype, 3, 4), "b": values(rng, dtype, 4)})
    for source in (mx.float32, mx.float16, mx.bfloat16, mx.bool_, mx.int8, mx.uint8, mx.int32, mx.uint32, mx.int64):
        for target in (*FLOATS, mx.bool_, *INTEGERS):
            case = f"astype-{text(source)}-{text(target)}"
            unsigned = target in UNSIGNED
            x = values(generator(case), source, 7, low=0 if unsigned else -3)
            cases.add(
                case, lambda x, target=target: mx.astype(x, target) if hasattr(mx, "astype") else x.astype(target), {"x": x}
            )
    x = normal(generator("view"), 2, 4)
    for target in (mx.int32, mx.uint32, mx.float16, mx.uint8, mx.int64, mx.bfloat16):
        cases.add(f"view-{text(target)}", lambda x, target=target: mx.view(x, target), {"x": x})
    cases.add("round-decimals", lambda x: mx.round(x, 2), {"x": x})
    cases.add("to_fp8", mx.to_fp8, {"x": x})
    cases.add("from_fp8", lambda x: mx.from_fp8(x, mx.float32), {"x": mx.to_fp8(x)})


REDUCTIONS = ("sum", "prod", "min", "max", "all", "any", "mean", "var", "std", "logsumexp", "median", "count_nonzero")


def reductions(cases: Cases) -> None:
    for name in REDUCTIONS:
        function = getattr(mx, name)
        dtypes = FLOATS if name in ("mean", "var", "std", "logsumexp", "median") else (*FLOATS, mx.bool_, *INTEGERS)
        for dtype in dtypes:
            case = f"{name}-{text(dtype)}"
            cases.add(case, lambda x, f=function: f(x, axis=1), {"x": values(generator(case), dtype, 3, 5, low=-2, high=2)})
        x = uniform(generator(name), 0.5, 1.5, 2, 3, 4)
        cases.add(f"{name}-whole", lambda x, f=function: f(x), {"x": x})
        if name != "count_nonzero":
            cases.add(f"{name}-keep", lambda x, f=function: f(x, axis=(0, 2), keepdims=True), {"x": x})
        cases.add(f"{name}-negative", lambda x, f=function: f(x, axis=-1), {"x": x})
        if name not in ("median",):
            y = mx.array(np.array([[1, np.nan, 3], [np.inf, -np.inf, 0], [0.0, -0.0, 5], [np.inf, 1, 2]], np.float32))
            cases.add(f"{name}-special", lambda x, f=function: f(x, axis=1), {"x": y})
    x = normal(generator("minmax"), 3, 4)
    cases.add("minmax", lambda x: mx.minmax(x, axis=1), {"x": x})
    for name in ("argmax", "argmin"):
        function = getattr(mx, name)
        for dtype in (*FLOATS, *INTEGERS):
            case = f"{name}-{text(dtype)}"
            cases.add(case, lambda x, f=function: f(x, axis=0), {"x": values(generator(case), dtype, 6, 5)})
        cases.add(f"{name}-whole", lambda x, f=function: f(x), {"x": x})
        cases.add(f"{name}-keep", lambda x, f=function: f(x, axis=1, keepdims=True), {"x": x})
        cases.add(f"{name}-ties", lambda x, f=function: f(x, axis=1), {"x": mx.array([[1.0, 3, 3, 1], [2, 2, 2, 2]])})
    for name in ("cumsum", "cumprod", "cummax", "cummin", "logcumsumexp", "cumulative_sum", "cumulative_prod"):
        function = getattr(mx, name)
        for dtype in (*FLOATS, *INTEGERS):
            if name == "logcumsumexp" and dtype not in FLOATS:
                continue
            case = f"{name}-{text(dtype)}"
            x = values(generator(case), dtype, 4, 6, low=-1.5, high=1.5)
            cases.add(case, lambda x, f=function: f(x, axis=1), {"x": x})
        if name.startswith("cumulative"):
            continue
        x = normal(generator(name), 3, 4)
        for reverse, inclusive in ((True, True), (False, False), (True, False)):
            cases.add(
                f"{name}-{'reverse' if reverse else 'forward'}-{'inclusive' if inclusive else 'exclusive'}",
                lambda x, f=function, r=reverse, i=inclusive: f(x, axis=0, reverse=r, inclusive=i),
                {"x": x},
            )
        cases.add(f"{name}-flat", lambda x, f=function: f(x), {"x": x})
        y = integers(generator(name), 0, 9, 3, 4, dtype=mx.uint64)
        if name != "logcumsumexp":
            cases.add(f"{name}-exclusive-uint64", lambda x, f=function: f(x, axis=0, inclusive=False), {"x": y})
    for dtype in FLOATS:
        x = normal(generator("softmax"), 3, 5, dtype=dtype)
        cases.add(f"softmax-{text(dtype)}", lambda x: mx.softmax(x, axis=-1), {"x": x})
        cases.add(f"softmax-precise-{text(dtype)}", lambda x: mx.softmax(x, axis=-1, precise=True), {"x": x})
    x = normal(generator("softmax"), 3, 5, 2)
    cases.add("softmax-axis0", lambda x: mx.softmax(x, axis=0), {"x": x})
    cases.add("softmax-axes", lambda x: mx.softmax(x, axis=(1, 2)), {"x": x})
    cases.add("softmax-whole", lambda x: mx.softmax(x), {"x": x})
    cases.add("softmax-masked", lambda x: mx.softmax(mx.where(x > 0.5, x, -mx.inf), axis=-1), {"x": x + 1})
    cases.add("softmax-large", lambda x: mx.softmax(x * 1000, axis=-1), {"x": x})
