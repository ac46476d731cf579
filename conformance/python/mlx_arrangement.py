"""Cases of functions that move, pick, put and order numbers."""

from collections.abc import Callable

import mlx.core as mx

from cases import Cases, generator, integers, normal, uniform
from values import FLOATS, INTEGERS, text, values


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
        "arange-int": lambda x: mx.arange(8, 0, -2) + x.astype(mx.int32),
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
    for name, function in (("sort", mx.sort), ("argsort", mx.argsort)):
        for dtype in (*FLOATS, *INTEGERS):
            case = f"{name}-{text(dtype)}"
            v = values(generator(case), dtype, 3, 7)
            cases.add(case, lambda x, f=function: f(x, axis=-1), {"x": v})
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
    cases.add(
        "symbolic",
        lambda x: mx.concatenate([x[:, 1:], x[:, :1]], axis=1).reshape(x.shape[0], -1) * 2,
        {"x": normal(rng, 2, 5, 3)},
        dims={"x": ("batch", "sequence", 3)},
    )


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
    cases.add(
        "take_along_axis-negative", lambda x, i: mx.take_along_axis(x, i, axis=-1), {"x": x, "i": integers(rng, -6, 6, 4, 5, 2)}
    )
    cases.add(
        "take_along_axis-broadcast", lambda x, i: mx.take_along_axis(x, i, axis=1), {"x": x, "i": integers(rng, 0, 5, 1, 2, 1)}
    )
    cases.add(
        "put_along_axis",
        lambda x, i, v: mx.put_along_axis(x, i, v, axis=1),
        {"x": x, "i": mx.broadcast_to(mx.array([[[3], [1]]]), (4, 2, 6)), "v": normal(rng, 4, 2, 6)},
    )

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
    update("set-mask", lambda x, m, v: assigned(x, m, v), m=x > 0.5, v=normal(rng, int((x > 0.5).sum().item())))
    update("set-mask-scalar", lambda x: assigned(x, x > 0.5, -1.0))
    update("set-mask-rows", lambda x, m, v: assigned(x, m, v), m=mx.array([True, False, False, True]), v=normal(rng, 2, 5, 6))
    for name in ("add", "subtract", "multiply", "divide", "maximum", "minimum"):
        repeated = mx.array([1, 3, 1])
        update(f"at-{name}", lambda x, i, v, n=name: getattr(x.at[i], n)(v), i=repeated, v=uniform(rng, 0.5, 2, 3, 5, 6))
        update(f"at-slice-{name}", lambda x, v, n=name: getattr(x.at[1:3, ::2], n)(v), v=uniform(rng, 0.5, 2, 2, 3, 6))
    for dtype in (mx.float16, mx.bfloat16, mx.int32, mx.int64):
        v = values(rng, dtype, 4, 5)
        cases.add(f"at-add-{text(dtype)}", lambda x, i, v: x.at[i].add(v), {"x": v, "i": mx.array([1, 1]), "v": v[:2]})
