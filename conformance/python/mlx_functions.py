"""Cases of every array function of mlx.core and its submodules, over shapes and dtypes."""

from collections.abc import Callable

import mlx.core as mx
import numpy as np
from cases import Cases, booleans, generator, integers, main, normal, uniform

FLOATS = (mx.float32, mx.float16, mx.bfloat16)
SIGNED = (mx.int8, mx.int16, mx.int32, mx.int64)
UNSIGNED = (mx.uint8, mx.uint16, mx.uint32, mx.uint64)
INTEGERS = (*SIGNED, *UNSIGNED)

# What each name of mlx.core is that is no function from arrays to arrays.
NO_FUNCTION = {
    "type or object": "ArrayAt ArrayIterator ArrayLike Device DeviceType Dtype DtypeCategory FunctionExporter PrintOptions Stream "
    "StreamContext ThreadLocalStream array bfloat16 bool_ complex64 complexfloating cpu gpu float16 float32 float64 floating generic "
    "inexact int16 int32 int64 int8 integer number signedinteger uint16 uint32 uint64 uint8 unsignedinteger finfo iinfo",
    "number": "e euler_gamma inf nan newaxis pi",
    "device, memory or stream": "clear_cache clear_streams default_device default_stream device_count device_info get_active_memory "
    "get_array_buffer_size get_cache_memory get_memory_limit get_peak_memory is_available new_stream new_thread_local_stream "
    "new_thread_unsafe_stream reset_peak_memory set_cache_limit set_default_device set_default_stream set_memory_limit "
    "set_wired_limit stream synchronize cuda metal distributed",
    "printing": "get_printoptions printoptions set_printoptions",
    "file": "export_function export_to_dot exporter from_dlpack import_function load save save_gguf save_safetensors savez "
    "savez_compressed",
    "transformation": "checkpoint compile custom_function disable_compile enable_compile grad jvp value_and_grad vjp vmap",
    "evaluation": "async_eval eval depends",
    "question about dtypes or shapes": "broadcast_shapes can_cast einsum_path isdtype issubdtype result_type",
    "constant alone, no input": "bartlett blackman hamming hanning",
    "result whose size depends on values": "unique",
    "submodule": "fast fft linalg random",
    "uninitialised memory": "empty empty_like",
}


def text(dtype: mx.Dtype) -> str:
    """`float32` for mx.float32."""
    return str(dtype).removeprefix("mlx.core.")


def values(rng: np.random.Generator, dtype: mx.Dtype, *shape: int, low: float = -3, high: float = 3) -> mx.array:
    """Numbers of any dtype within a range that the dtype has."""
    if dtype == mx.bool_:
        return booleans(rng, *shape)
    if dtype in FLOATS:
        return uniform(rng, low, high, *shape, dtype=dtype)
    return integers(rng, 0 if dtype in UNSIGNED else int(low * 4), int(high * 4), *shape, dtype=dtype)


SPECIAL = (0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 0.5, -2.5, 3.5)


def special(dtype: mx.Dtype) -> mx.array:
    """Zeros of both signs, infinities, NaN, ties."""
    return mx.array(np.array(SPECIAL, np.float32)).astype(dtype)


# Unary functions: range of arguments, and whether integers may go in.
UNARY: dict[str, tuple[float, float, bool]] = {
    "abs": (-3, 3, True), "arccos": (-0.95, 0.95, False), "acos": (-0.95, 0.95, False), "arccosh": (1.1, 4, False),
    "acosh": (1.1, 4, False), "arcsin": (-0.95, 0.95, False), "asin": (-0.95, 0.95, False), "arcsinh": (-3, 3, False),
    "asinh": (-3, 3, False), "arctan": (-3, 3, False), "atan": (-3, 3, False), "arctanh": (-0.9, 0.9, False),
    "atanh": (-0.9, 0.9, False), "ceil": (-3, 3, True), "cos": (-3, 3, True), "cosh": (-3, 3, False), "degrees": (-3, 3, False),
    "erf": (-3, 3, False), "erfinv": (-0.9, 0.9, False), "exp": (-3, 3, True), "expm1": (-3, 3, False), "floor": (-3, 3, True),
    "isfinite": (-3, 3, True), "isinf": (-3, 3, True), "isnan": (-3, 3, True), "isneginf": (-3, 3, False),
    "isposinf": (-3, 3, False), "log": (0.1, 9, False), "log10": (0.1, 9, False), "log1p": (-0.5, 9, False), "log2": (0.1, 9, False),
    "logical_not": (-3, 3, True), "negative": (-3, 3, True), "positive": (-3, 3, True), "radians": (-90, 90, False),
    "reciprocal": (0.5, 3, False), "round": (-3, 3, True), "rsqrt": (0.1, 9, False), "sigmoid": (-6, 6, True), "sign": (-3, 3, True),
    "sin": (-3, 3, True), "sinh": (-3, 3, False), "sqrt": (0.1, 9, False), "square": (-3, 3, True), "stop_gradient": (-3, 3, True),
    "tan": (-1.2, 1.2, False), "tanh": (-3, 3, True), "trunc": (-3, 3, True), "nan_to_num": (-3, 3, True), "conjugate": (-3, 3, False),
    "conj": (-3, 3, False), "real": (-3, 3, False), "imag": (-3, 3, False), "zeros_like": (-3, 3, True), "ones_like": (-3, 3, True),
    "contiguous": (-3, 3, True),
}
NO_BOOL = {"negative", "sign", "square", "abs", "positive", "trunc", "round", "ceil", "floor", "nan_to_num"}
# Their result depends on the argument's type and shape alone, for some types; an unused input can't be exported.
MAY_IGNORE = {"isfinite", "isinf", "isnan", "imag", "zeros_like", "ones_like"}
ALSO_INTEGER_TYPES = (mx.bool_, *INTEGERS)

BINARY_ANY = ("add", "subtract", "multiply", "maximum", "minimum", "equal", "not_equal", "greater", "greater_equal", "less",
              "less_equal", "logical_and", "logical_or", "logical_xor")
BINARY_DIVIDING = ("divide", "floor_divide", "remainder")
BINARY_FLOAT = ("arctan2", "atan2", "logaddexp")
BINARY_BITS = ("bitwise_and", "bitwise_or", "bitwise_xor", "left_shift", "right_shift", "bitwise_left_shift", "bitwise_right_shift")
BROADCASTS = (((3, 4), (3, 4)), ((2, 1, 4), (3, 1)), ((), (5,)))


def beside(function: Callable[[mx.array], mx.array]) -> Callable[[mx.array], list[mx.array]]:
    """The function's result and its argument."""
    return lambda x: [function(x), x]


def evaluated(arrays: list[mx.array]) -> list[mx.array]:
    """The arrays as numbers, so that what makes them isn't exported with them."""
    mx.eval(arrays)
    return arrays


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
    for name in BINARY_ANY + BINARY_DIVIDING + BINARY_FLOAT + BINARY_BITS + ("power", "pow", "isclose", "allclose", "array_equal"):
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
            cases.add(case, lambda x, target=target: mx.astype(x, target) if hasattr(mx, "astype") else x.astype(target), {"x": x})
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
        for dtype in (*FLOATS, mx.int32, mx.int64):
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


def shapes(cases: Cases) -> None:
    rng = generator("shapes")
    x, y = normal(rng, 2, 3, 4), normal(rng, 2, 3, 4)
    unary: dict[str, Callable[[mx.array], object]] = {
        "reshape": lambda x: mx.reshape(x, (4, -1)),
        "flatten": lambda x: mx.flatten(x),
        "flatten-part": lambda x: mx.flatten(x, 1, 2),
        "unflatten": lambda x: mx.unflatten(x, 2, (2, -1)),
        "transpose": lambda x: mx.transpose(x),
        "transpose-axes": lambda x: mx.transpose(x, (1, 2, 0)),
        "permute_dims": lambda x: mx.permute_dims(x, (2, 0, 1)),
        "matrix_transpose": mx.matrix_transpose,
        "swapaxes": lambda x: mx.swapaxes(x, 0, 2),
        "moveaxis": lambda x: mx.moveaxis(x, 0, -1),
        "expand_dims": lambda x: mx.expand_dims(x, (0, 3)),
        "squeeze": lambda x: mx.squeeze(mx.expand_dims(x, 1)),
        "broadcast_to": lambda x: mx.broadcast_to(x[:, :, :1], (5, 2, 3, 4)),
        "atleast_1d": lambda x: mx.atleast_1d(mx.sum(x)),
        "atleast_2d": lambda x: mx.atleast_2d(mx.sum(x)),
        "atleast_3d": lambda x: mx.atleast_3d(x[0]),
        "flip": lambda x: mx.flip(x, axis=1),
        "flip-all": lambda x: mx.flip(x),
        "roll": lambda x: mx.roll(x, 2, axis=2),
        "roll-flat": lambda x: mx.roll(x, -3),
        "repeat": lambda x: mx.repeat(x, 3, axis=1),
        "repeat-flat": lambda x: mx.repeat(x, 2),
        "tile": lambda x: mx.tile(x, (2, 1, 3)),
        "split": lambda x: mx.split(x, 2, axis=2),
        "split-at": lambda x: mx.split(x, [1, 3], axis=2),
        "unstack": lambda x: mx.unstack(x, axis=1),
        "diff": lambda x: mx.diff(x, axis=2),
        "pad": lambda x: mx.pad(x, ((1, 2), (0, 1), (3, 0))),
        "pad-value": lambda x: mx.pad(x, 1, constant_values=2.5),
        "pad-edge": lambda x: mx.pad(x, ((0, 0), (2, 1), (1, 1)), mode="edge"),
        "diagonal": lambda x: mx.diagonal(x),
        "diagonal-offset": lambda x: mx.diagonal(x, 1, 1, 2),
        "diag": lambda x: mx.diag(x[0, :, 0]),
        "diag-matrix": lambda x: mx.diag(x[0], 1),
        "trace": lambda x: mx.trace(x),
        "tril": lambda x: mx.tril(x),
        "triu": lambda x: mx.triu(x, 1),
        "as_strided": lambda x: mx.as_strided(x, (3, 4), (2, 5), 1),
        "as_strided-overlap": lambda x: mx.as_strided(x, (2, 5, 3), (12, 2, 1), 0),
        "slice": lambda x: mx.slice(x, mx.array([0, 1]), (1, 2), (2, 2, 2)),
        "slice-fixed": lambda x: x[:, 1:3, ::2],
        "slice-negative": lambda x: x[:, ::-1, 3:0:-2],
        "index-last": lambda x: x[..., -1],
        "index-new": lambda x: x[:, None, 1],
        "eye": lambda x: x[0, :, :3] + mx.eye(3),
        "identity": lambda x: x[0, :, :3] + mx.identity(3),
        "tri": lambda x: x[0] * mx.tri(3, 4),
        "full": lambda x: mx.full((2, 3, 4), 2.5) * x,
        "full_like": lambda x: mx.full_like(x, 3) + x,
        "ones": lambda x: mx.ones((4,)) + x,
        "zeros": lambda x: mx.zeros((4,)) + x,
        "arange": lambda x: mx.arange(4) + x,
        "arange-step": lambda x: mx.arange(1, 3, 0.5) + x,
        "arange-int": lambda x: (mx.arange(8, 0, -2) + x.astype(mx.int32)),
        "linspace": lambda x: mx.linspace(0, 1, 4) + x,
        "asarray": lambda x: mx.asarray([1.0, 2, 3, 4]) + x,
        "hadamard_transform": lambda x: mx.hadamard_transform(x),
        "sort": lambda x: mx.sort(x, axis=-1),
        "sort-axis": lambda x: mx.sort(x, axis=1),
        "sort-flat": lambda x: mx.sort(x, axis=None),
        "argsort": lambda x: mx.argsort(x, axis=-1),
        "argsort-axis": lambda x: mx.argsort(x, axis=0),
        "partition": lambda x: mx.sort(mx.partition(x, 2, axis=-1)[..., :2], axis=-1),
        "argpartition": lambda x: mx.sort(mx.take_along_axis(x, mx.argpartition(x, 2, axis=-1)[..., :2], axis=-1), axis=-1),
        "topk": lambda x: mx.sort(mx.topk(x, 2, axis=-1), axis=-1),
        "searchsorted": lambda x: mx.searchsorted(mx.array([-1.0, 0, 1]), x),
        "as-compiled": lambda x: mx.compile(lambda a: mx.exp(a) * 2 + a)(x),
        "as-gradient": lambda x: mx.grad(lambda a: (mx.tanh(a) * a).sum())(x),
        "as-vmapped": lambda x: mx.vmap(lambda a: a @ a.T)(x),
    }
    for name, function in unary.items():
        cases.add(name, function, {"x": x})
    for name in ("sort", "argsort"):
        for dtype in (*FLOATS, *INTEGERS):
            case = f"{name}-{text(dtype)}"
            v = values(generator(case), dtype, 3, 7)
            cases.add(case, lambda x, f=getattr(mx, name): f(x, axis=-1), {"x": v})
    for dtype in (mx.float16, mx.bfloat16, mx.bool_, *INTEGERS):
        v = values(generator("shape" + text(dtype)), dtype, 2, 3, 4)
        cases.add(f"transpose-{text(dtype)}", lambda x: mx.transpose(x, (2, 0, 1)), {"x": v})
        cases.add(f"concatenate-{text(dtype)}", lambda x: mx.concatenate([x, x], axis=1), {"x": v})
        cases.add(f"pad-{text(dtype)}", lambda x: mx.pad(x, 1), {"x": v})
        cases.add(f"slice-{text(dtype)}", lambda x: x[:, 1:, ::-1], {"x": v})
        cases.add(f"take-{text(dtype)}", lambda x, i: mx.take(x, i, axis=1), {"x": v, "i": mx.array([2, 0])})
        cases.add(f"broadcast_to-{text(dtype)}", lambda x: mx.broadcast_to(x, (2, 2, 3, 4)), {"x": v})
    cases.add("concatenate", lambda x, y: mx.concatenate([x, y], axis=2), {"x": x, "y": y})
    cases.add("concat", lambda x, y: mx.concat([x, y], axis=0), {"x": x, "y": y})
    cases.add("stack", lambda x, y: mx.stack([x, y], axis=1), {"x": x, "y": y})
    cases.add("meshgrid", lambda a, b: mx.meshgrid(a, b), {"a": normal(rng, 3), "b": normal(rng, 4)})
    cases.add("broadcast_arrays", lambda a, b: mx.broadcast_arrays(a, b), {"a": normal(rng, 3, 1), "b": normal(rng, 4)})
    cases.add("symbolic", lambda x: mx.concatenate([x[:, 1:], x[:, :1]], axis=1).reshape(x.shape[0], -1) * 2,
              {"x": normal(rng, 2, 5, 3)}, dims={"x": ("batch", "sequence", 3)})


def indexing(cases: Cases) -> None:
    rng = generator("indexing")
    x = normal(rng, 4, 5, 6)
    i = integers(rng, 0, 4, 3)
    two = integers(rng, 0, 4, 2, 3)
    signed = mx.array([-1, 2, -4])
    cases.add("take", lambda x, i: mx.take(x, i, axis=1), {"x": x, "i": i})
    cases.add("take-flat", lambda x, i: mx.take(x, i), {"x": x, "i": i})
    cases.add("take-negative", lambda x, i: mx.take(x, i, axis=0), {"x": x, "i": signed})
    cases.add("take-matrix", lambda x, i: mx.take(x, i, axis=2), {"x": x, "i": two})
    cases.add("take-uint", lambda x, i: mx.take(x, i, axis=0), {"x": x, "i": i.astype(mx.uint32)})
    cases.add("take-scalar", lambda x, i: mx.take(x, i, axis=1), {"x": x, "i": mx.array(2)})
    cases.add("index", lambda x, i: x[i], {"x": x, "i": i})
    cases.add("index-two", lambda x, i, j: x[i, j], {"x": x, "i": two, "j": two + 1})
    cases.add("index-apart", lambda x, i, j: x[i, :, j], {"x": x, "i": i, "j": i + 1})
    cases.add("index-broadcast", lambda x, i, j: x[i, j], {"x": x, "i": i, "j": mx.array([[1], [2]])})
    cases.add("index-slice", lambda x, i: x[1:3, i], {"x": x, "i": i})
    cases.add("take_along_axis", lambda x, i: mx.take_along_axis(x, i, axis=1), {"x": x, "i": integers(rng, 0, 5, 4, 2, 6)})
    cases.add("take_along_axis-negative", lambda x, i: mx.take_along_axis(x, i, axis=-1), {"x": x, "i": integers(rng, -6, 6, 4, 5, 2)})
    cases.add("take_along_axis-broadcast", lambda x, i: mx.take_along_axis(x, i, axis=1), {"x": x, "i": integers(rng, 0, 5, 1, 2, 1)})
    cases.add("put_along_axis", lambda x, i, v: mx.put_along_axis(x, i, v, axis=1),
              {"x": x, "i": mx.broadcast_to(mx.array([[[3], [1]]]), (4, 2, 6)), "v": normal(rng, 4, 2, 6)})

    def update(name: str, change: Callable[..., mx.array], **more: mx.array) -> None:
        cases.add(name, change, {"x": x, **more})

    def assigned(x: mx.array, index: object, v: object) -> mx.array:
        y = x + 0
        y[index] = v
        return y

    update("slice_update", lambda x, v: mx.slice_update(x, v, mx.array([1]), (1,)), v=normal(rng, 4, 2, 6))
    update("set-slice", lambda x, v: assigned(x, (slice(1, 3), slice(None), slice(0, 6, 2)), v), v=normal(rng, 2, 5, 3))
    update("set-slice-scalar", lambda x: assigned(x, (slice(None), 2), 0.0))
    update("set-slice-reverse", lambda x, v: assigned(x, slice(None, None, -1), v), v=normal(rng, 4, 5, 6))
    update("set-rows", lambda x, i, v: assigned(x, i, v), i=mx.array([3, 0]), v=normal(rng, 2, 5, 6))
    update("set-pairs", lambda x, i, j, v: assigned(x, (i, j), v), i=mx.array([3, 0]), j=mx.array([1, 4]), v=normal(rng, 2, 6))
    update("set-column", lambda x, i, v: assigned(x, (slice(None), i), v), i=mx.array([3, 0]), v=normal(rng, 4, 2, 6))
    for name in ("add", "subtract", "multiply", "divide", "maximum", "minimum"):
        repeated = mx.array([1, 3, 1])
        update(f"at-{name}", lambda x, i, v, n=name: getattr(x.at[i], n)(v), i=repeated, v=uniform(rng, 0.5, 2, 3, 5, 6))
        update(f"at-slice-{name}", lambda x, v, n=name: getattr(x.at[1:3, ::2], n)(v), v=uniform(rng, 0.5, 2, 2, 3, 6))
    for dtype in (mx.float16, mx.bfloat16, mx.int32, mx.int64):
        v = values(rng, dtype, 4, 5)
        cases.add(f"at-add-{text(dtype)}", lambda x, i, v: x.at[i].add(v), {"x": v, "i": mx.array([1, 1]), "v": v[:2]})


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
    cases.add("addmm-batched", lambda a, b, c: mx.addmm(c, a, b), {"a": normal(rng, 2, 3, 4), "b": normal(rng, 2, 4, 2), "c": normal(rng, 3, 2)})
    cases.add("inner", mx.inner, {"a": normal(rng, 2, 4), "b": normal(rng, 3, 4)})
    cases.add("outer", mx.outer, {"a": normal(rng, 3), "b": normal(rng, 4)})
    cases.add("kron", mx.kron, {"a": normal(rng, 2, 3), "b": normal(rng, 3, 2)})
    cases.add("vecdot", mx.vecdot, {"a": normal(rng, 2, 4), "b": normal(rng, 2, 4)})
    cases.add("tensordot", lambda a, b: mx.tensordot(a, b, 2), {"a": normal(rng, 2, 3, 4), "b": normal(rng, 3, 4, 5)})
    cases.add("tensordot-axes", lambda a, b: mx.tensordot(a, b, [[0, 1], [1, 0]]), {"a": normal(rng, 2, 3, 4), "b": normal(rng, 3, 2, 5)})
    cases.add("einsum-attention", lambda q, k: mx.einsum("bihd,bjhd->bhij", q, k), {"q": normal(rng, 2, 3, 2, 4), "k": normal(rng, 2, 5, 2, 4)})
    cases.add("einsum-diagonal", lambda a: mx.einsum("ii->i", a), {"a": normal(rng, 4, 4)})
    cases.add("matrix_norm", lambda a: mx.matrix_norm(a) if hasattr(mx, "matrix_norm") else a, {"a": normal(rng, 2, 3, 4)})
    cases.add("gather_mm", lambda a, b, i: mx.gather_mm(a, b, rhs_indices=i), {"a": normal(rng, 4, 1, 8), "b": normal(rng, 3, 8, 5), "i": mx.array([0, 2, 1, 2])})
    cases.add("gather_mm-both", lambda a, b, i, j: mx.gather_mm(a, b, i, j),
              {"a": normal(rng, 4, 2, 8), "b": normal(rng, 3, 8, 5), "i": mx.array([0, 3]), "j": mx.array([2, 1])})
    cases.add("gather_mm-sorted", lambda a, b, i: mx.gather_mm(a, b, rhs_indices=i, sorted_indices=True),
              {"a": normal(rng, 4, 1, 8), "b": normal(rng, 3, 8, 5), "i": mx.array([0, 1, 1, 2])})
    cases.add("block_masked_mm", lambda a, b, m: mx.block_masked_mm(a, b, 32, m), {"a": normal(rng, 64, 32), "b": normal(rng, 32, 64), "m": booleans(rng, 2, 2)})
    cases.add("segmented_mm", lambda a, b: mx.segmented_mm(a, b, mx.array([[0, 4], [4, 8]])), {"a": normal(rng, 3, 8), "b": normal(rng, 8, 5)})
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
        cases.add(f"conv_transpose{rank}d-options", lambda x, w, f=transposed: f(x, w, stride=2, padding=1, output_padding=1), {"x": x, "w": w})
        cases.add(f"conv_transpose{rank}d-dilated", lambda x, w, f=transposed: f(x, w, stride=2, dilation=2), {"x": x, "w": w})
        constant = normal(rng, 6, *([3] * rank), 4)
        cases.add(f"conv{rank}d-constant", lambda x, f=conv, w=constant: f(x, w, padding=1), {"x": x})
        cases.add(f"conv_transpose{rank}d-constant", lambda x, f=transposed, w=constant: f(x, w, stride=2), {"x": x})
    cases.add("conv_transpose1d-grouped", lambda x, w: mx.conv_transpose1d(x, w, groups=2), {"x": normal(rng, 2, 8, 4), "w": normal(rng, 6, 3, 2)})
    x, w = normal(rng, 2, 9, 8, 4), normal(rng, 6, 3, 2, 4)
    cases.add("conv_general", lambda x, w: mx.conv_general(x, w, stride=(1, 2), padding=([1, 0], [2, 1]), kernel_dilation=(2, 1)), {"x": x, "w": w})
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
                cases.add(f"quantized_matmul-plain-{name}",
                          lambda x, w=w, s=scales, b=bias, k=settings: mx.quantized_matmul(x, w, s, b, transpose=False, **k), {"x": y})
                experts = [mx.quantize(normal(rng, 16, 128), group, bits, mode) for _ in range(3)]
                stacked = evaluated([mx.stack(part) for part in zip(*experts, strict=True)])
                many = stacked[2] if len(stacked) > 2 else None
                cases.add(f"gather_qmm-{name}",
                          lambda x, i, e=stacked, b=many, k=settings: mx.gather_qmm(x, e[0], e[1], b, rhs_indices=i, transpose=True, **k),
                          {"x": normal(rng, 4, 1, 128), "i": mx.array([0, 2, 1, 2])})
                if mode == "affine":
                    cases.add(f"quantize-{name}", lambda x, k=settings: mx.quantize(x, **k), {"x": weight})
    w, s, b = evaluated(mx.quantize(normal(rng, 32, 64), 32, 4))
    cases.add("quantized_matmul-weights-as-inputs", lambda x, w, s, b: mx.quantized_matmul(x, w, s, b, group_size=32, bits=4),
              {"x": normal(rng, 3, 64), "w": w, "s": s, "b": b})
    w, s = evaluated(mx.quantize(normal(rng, 32, 64), 16, 4, "nvfp4"))
    cases.add("qqmm", lambda x: mx.qqmm(x, w, s, group_size=16, bits=4, mode="nvfp4"), {"x": normal(rng, 4, 64)})
    cases.add("gather_qqmm", lambda x: mx.gather_qqmm(x, w[None], s[None], rhs_indices=mx.array([0]), group_size=16, bits=4, mode="nvfp4"), {"x": normal(rng, 1, 4, 64)})


def fast(cases: Cases) -> None:
    rng = generator("fast")
    for dtype in FLOATS:
        x, w, b = normal(rng, 2, 3, 16, dtype=dtype), normal(rng, 16, dtype=dtype), normal(rng, 16, dtype=dtype)
        cases.add(f"fast.rms_norm-{text(dtype)}", lambda x, w: mx.fast.rms_norm(x, w, 1e-5), {"x": x, "w": w})
        cases.add(f"fast.layer_norm-{text(dtype)}", lambda x, w, b: mx.fast.layer_norm(x, w, b, 1e-5), {"x": x, "w": w, "b": b})
        q, k, v = (normal(rng, 2, heads, length, 16, dtype=dtype) for heads, length in ((4, 3), (2, 5), (2, 5)))
        cases.add(f"fast.attention-{text(dtype)}", lambda q, k, v: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.25), {"q": q, "k": k, "v": v})
        r = normal(rng, 2, 4, 6, 16, dtype=dtype)
        cases.add(f"fast.rope-{text(dtype)}", lambda x: mx.fast.rope(x, 16, traditional=False, base=10000.0, scale=1.0, offset=3), {"x": r})
    x = normal(rng, 2, 3, 16)
    cases.add("fast.rms_norm-plain", lambda x: mx.fast.rms_norm(x, None, 1e-5), {"x": x})
    cases.add("fast.layer_norm-plain", lambda x: mx.fast.layer_norm(x, None, None, 1e-5), {"x": x})
    cases.add("fast.layer_norm-large", lambda x: mx.fast.layer_norm(x * 1e3 + 5, None, None, 1e-5), {"x": x})
    cases.add("fast.attention-causal", lambda q, k, v: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.3, mask="causal"), {"q": q.astype(mx.float32), "k": k.astype(mx.float32), "v": v.astype(mx.float32)})
    cases.add("fast.attention-mask", lambda q, k, v, m: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.3, mask=m),
              {"q": q.astype(mx.float32), "k": k.astype(mx.float32), "v": v.astype(mx.float32), "m": normal(rng, 3, 5)})
    keep = mx.array([[True, False, True, True, False], [True] * 5, [False, True, False, False, True]])
    cases.add("fast.attention-boolean", lambda q, k, v, m: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.3, mask=m),
              {"q": q.astype(mx.float32), "k": k.astype(mx.float32), "v": v.astype(mx.float32), "m": keep})
    cases.add("fast.attention-sinks", lambda q, k, v, s: mx.fast.scaled_dot_product_attention(q, k, v, scale=0.3, sinks=s),
              {"q": q.astype(mx.float32), "k": k.astype(mx.float32), "v": v.astype(mx.float32), "s": normal(rng, 4)})
    r = normal(rng, 2, 4, 6, 16)
    cases.add("fast.rope-traditional", lambda x: mx.fast.rope(x, 8, traditional=True, base=500.0, scale=0.5, offset=2), {"x": r})
    cases.add("fast.rope-offset", lambda x, o: mx.fast.rope(x, 16, traditional=False, base=10000.0, scale=1.0, offset=o), {"x": r, "o": mx.array(7)})
    cases.add("fast.rope-offsets", lambda x, o: mx.fast.rope(x, 16, traditional=False, base=10000.0, scale=1.0, offset=o), {"x": r, "o": mx.array([7, 1])})
    cases.add("fast.rope-freqs", lambda x, f: mx.fast.rope(x, 16, traditional=False, base=None, scale=1.0, offset=1, freqs=f), {"x": r, "f": uniform(rng, 1, 50, 8)})
    cases.add("fast.cross_entropy", lambda x, t: mx.fast.cross_entropy(x, t), {"x": normal(rng, 5, 7), "t": integers(rng, 0, 7, 5)})


def transforms(cases: Cases) -> None:
    rng = generator("transforms")
    x = normal(rng, 3, 8)
    z = (normal(rng, 3, 8) + 1j * normal(rng, 3, 8)).astype(mx.complex64)
    for name in ("fft", "ifft"):
        cases.add(f"fft.{name}", lambda z, f=getattr(mx.fft, name): f(z), {"z": z})
        cases.add(f"fft.{name}-real-output", lambda x, f=getattr(mx.fft, name): mx.abs(f(x)), {"x": x})
    cases.add("fft.rfft", mx.fft.rfft, {"x": x})
    cases.add("fft.irfft", mx.fft.irfft, {"z": z[:, :5]})
    cases.add("fft.power", lambda x: mx.square(mx.abs(mx.fft.rfft(x))), {"x": x})
    cases.add("fft.round", lambda x: mx.fft.irfft(mx.fft.rfft(x)), {"x": x})
    for name in ("fft2", "ifft2", "fftn", "ifftn", "irfft2", "irfftn"):
        cases.add(f"fft.{name}", getattr(mx.fft, name), {"z": z})
    for name in ("rfft2", "rfftn", "fftshift", "ifftshift"):
        cases.add(f"fft.{name}", getattr(mx.fft, name), {"x": x})
    cases.add("fft.fftfreq", lambda x: x + mx.fft.fftfreq(8), {"x": x})
    cases.add("fft.rfftfreq", lambda x: x[:, :5] + mx.fft.rfftfreq(8), {"x": x})
    cases.add("complex-add", mx.add, {"a": z, "b": z})
    cases.add("complex-multiply", mx.multiply, {"a": z, "b": z})
    cases.add("complex-real", mx.real, {"z": z})
    cases.add("complex-imag", mx.imag, {"z": z})
    cases.add("complex-abs", mx.abs, {"z": z})
    cases.add("complex-conjugate", mx.conjugate, {"z": z})
    cases.add("complex-exp", mx.exp, {"z": z})
    cases.add("complex-matmul", lambda a, b: a @ b.T, {"a": z, "b": z})
    square = normal(rng, 4, 4)
    positive = square @ square.T + 4 * mx.eye(4)
    for name in ("cholesky", "cholesky_inv", "det", "eigh", "eigvalsh", "inv", "lu", "lu_factor", "pinv", "qr", "slogdet", "svd", "tri_inv", "eig", "eigvals"):
        function = getattr(mx.linalg, name)
        device = mx.cpu
        cases.add(f"linalg.{name}", lambda a, f=function: f(a, stream=device), {"a": positive})
    cases.add("linalg.solve", lambda a, b: mx.linalg.solve(a, b, stream=mx.cpu), {"a": positive, "b": normal(rng, 4, 2)})
    cases.add("linalg.solve_triangular", lambda a, b: mx.linalg.solve_triangular(a, b, upper=True, stream=mx.cpu), {"a": mx.triu(positive), "b": normal(rng, 4, 2)})
    cases.add("linalg.cross", mx.linalg.cross, {"a": normal(rng, 5, 3), "b": normal(rng, 5, 3)})
    for order in (None, 1, 2, "inf"):
        cases.add(f"linalg.norm-{order}", lambda a, o=order: mx.linalg.norm(a, float(o) if o else None, axis=-1), {"a": x})
    cases.add("linalg.norm-fro", lambda a: mx.linalg.norm(a, "fro"), {"a": x})
    cases.add("linalg.norm-nuc", lambda a: mx.linalg.norm(a, "nuc", axis=(0, 1), stream=mx.cpu), {"a": x})
    key = mx.random.key(7)
    drawn: dict[str, Callable[[mx.array], mx.array]] = {
        "uniform": lambda k: mx.random.uniform(shape=(3, 4), key=k), "normal": lambda k: mx.random.normal((3, 4), key=k),
        "bernoulli": lambda k: mx.random.bernoulli(0.3, (9,), key=k), "randint": lambda k: mx.random.randint(0, 9, (9,), key=k),
        "gumbel": lambda k: mx.random.gumbel((4,), key=k), "laplace": lambda k: mx.random.laplace((4,), key=k),
        "truncated_normal": lambda k: mx.random.truncated_normal(-1, 1, (4,), key=k), "split": lambda k: mx.random.split(k),
        "categorical": lambda k: mx.random.categorical(mx.zeros((3, 5)), key=k), "permutation": lambda k: mx.random.permutation(8, key=k),
    }
    for name, function in drawn.items():
        cases.add(f"random.{name}", function, {"key": key})


def check_coverage(cases: Cases) -> None:
    """Every name of mlx.core is a case's or is no function."""
    known = {name for names in NO_FUNCTION.values() for name in names.split()}
    covered = {entry.split("-")[0] for entry in cases.names()}
    missing = [name for name in dir(mx) if not name.startswith("_") and name not in known and name not in covered]
    for module in ("fast", "fft", "linalg"):
        missing += [
            f"{module}.{name}" for name in dir(getattr(mx, module)) if not name.startswith("_") and f"{module}.{name}" not in covered
        ]
    print("not covered:", missing)


def make(cases: Cases) -> None:
    elementwise(cases)
    reductions(cases)
    shapes(cases)
    indexing(cases)
    linear(cases)
    fast(cases)
    transforms(cases)
    check_coverage(cases)


if __name__ == "__main__":
    main(make)
