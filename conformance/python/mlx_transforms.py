"""Cases of Fourier transforms, complex numbers, linear algebra and random numbers."""

from collections.abc import Callable

import mlx.core as mx

from cases import Cases, generator, normal


def transforms(cases: Cases) -> None:
    rng = generator("transforms")
    x = normal(rng, 3, 8)
    z = (normal(rng, 3, 8) + 1j * normal(rng, 3, 8)).astype(mx.complex64)
    parts = {"a": normal(rng, 3, 8), "b": normal(rng, 3, 8)}
    halves = {"a": normal(rng, 3, 5), "b": normal(rng, 3, 5)}

    def apart(function: Callable[[mx.array], mx.array]) -> Callable[[mx.array, mx.array], list[mx.array]]:
        """Of real and imaginary part, for ONNX Runtime takes no complex numbers."""

        def call(a: mx.array, b: mx.array) -> list[mx.array]:
            result = function(a + 1j * b)
            return [mx.real(result), mx.imag(result)] if result.dtype == mx.complex64 else [result]

        return call

    for name in ("fft", "ifft", "fft2", "ifft2", "fftn", "ifftn", "irfft2", "irfftn"):
        cases.add(f"fft.{name}", apart(getattr(mx.fft, name)), parts)
    for name in ("rfft", "rfft2", "rfftn"):
        function = getattr(mx.fft, name)
        cases.add(f"fft.{name}", lambda x, f=function: [mx.real(f(x)), mx.imag(f(x))], {"x": x})
    cases.add("fft.irfft", apart(lambda z: mx.fft.irfft(z)), halves)
    cases.add("fft.irfft-odd", apart(lambda z: mx.fft.irfft(z, 9)), halves)
    cases.add("fft.fft-axis", apart(lambda z: mx.fft.fft(z, 5, axis=0)), parts)
    cases.add("fft.fft-real", lambda x: mx.abs(mx.fft.fft(x)), {"x": x})
    cases.add("fft.power", lambda x: mx.square(mx.abs(mx.fft.rfft(x))), {"x": x})
    cases.add("fft.round", lambda x: mx.fft.irfft(mx.fft.rfft(x)), {"x": x})
    for name in ("fftshift", "ifftshift"):
        cases.add(f"fft.{name}", getattr(mx.fft, name), {"x": x})
    cases.add("fft.stft", lambda x: mx.abs(mx.fft.stft(x, n_fft=8, hop_length=4)), {"x": normal(rng, 2, 32)})
    cases.add(
        "fft.istft",
        lambda x: mx.fft.istft(mx.fft.stft(x, n_fft=8, hop_length=4), n_fft=8, hop_length=4),
        {"x": normal(rng, 2, 32)},
    )
    cases.add("fft.fftfreq", lambda x: x + mx.fft.fftfreq(8), {"x": x})
    cases.add("fft.rfftfreq", lambda x: x[:, :5] + mx.fft.rfftfreq(8), {"x": x})
    complexes: dict[str, Callable[[mx.array], mx.array]] = {
        "add": lambda z: z + z.T.reshape(3, 8),
        "subtract": lambda z: z - 2j,
        "multiply": lambda z: z * z[:1],
        "abs": mx.abs,
        "conjugate": mx.conjugate,
        "conj": mx.conj,
        "real": mx.real,
        "imag": mx.imag,
        "exp": mx.exp,
        "matmul": lambda z: z @ z.T,
        "square": mx.square,
        "sum": lambda z: z.sum(axis=1),
        "slice": lambda z: z[:, ::-2],
        "negative": lambda z: -z,
        "concatenate": lambda z: mx.concatenate([z, z], axis=1),
        "pad": lambda z: mx.pad(z, 1),
        "take": lambda z: z[mx.array([2, 0])],
        "divide": lambda z: z / (z + 3),
        "sqrt": mx.sqrt,
        "log": mx.log,
        "sin": mx.sin,
        "cos": mx.cos,
        "log2": mx.log2,
        "equal": lambda z: z == z[:1],
    }
    for name, function in complexes.items():
        cases.add(f"complex-{name}", apart(function), parts)
    cases.add("complex-input", mx.real, {"z": z})
    cases.add("complex-output", lambda x: x + 1j, {"x": x})
    square = normal(rng, 4, 4)
    positive = square @ square.T + 4 * mx.eye(4)
    for name in (
        "cholesky",
        "cholesky_inv",
        "det",
        "eigh",
        "eigvalsh",
        "inv",
        "lu",
        "lu_factor",
        "pinv",
        "qr",
        "slogdet",
        "svd",
        "tri_inv",
        "eig",
        "eigvals",
    ):
        function = getattr(mx.linalg, name)
        cases.add(f"linalg.{name}", lambda a, f=function: f(a, stream=mx.cpu), {"a": positive})
    cases.add("linalg.solve", lambda a, b: mx.linalg.solve(a, b, stream=mx.cpu), {"a": positive, "b": normal(rng, 4, 2)})
    cases.add(
        "linalg.solve_triangular",
        lambda a, b: mx.linalg.solve_triangular(a, b, upper=True, stream=mx.cpu),
        {"a": mx.triu(positive), "b": normal(rng, 4, 2)},
    )
    cases.add("linalg.cross", mx.linalg.cross, {"a": normal(rng, 5, 3), "b": normal(rng, 5, 3)})
    for order in (None, 1, 2, "inf"):
        cases.add(f"linalg.norm-{order}", lambda a, o=order: mx.linalg.norm(a, float(o) if o else None, axis=-1), {"a": x})
    cases.add("linalg.norm-fro", lambda a: mx.linalg.norm(a, "fro"), {"a": x})
    cases.add("linalg.norm-nuc", lambda a: mx.linalg.norm(a, "nuc", axis=(0, 1), stream=mx.cpu), {"a": x})
    key = mx.random.key(7)
    drawn: dict[str, Callable[[mx.array], mx.array]] = {
        "uniform": lambda k: mx.random.uniform(shape=(3, 4), key=k),
        "normal": lambda k: mx.random.normal((3, 4), key=k),
        "bernoulli": lambda k: mx.random.bernoulli(0.3, (9,), key=k),
        "randint": lambda k: mx.random.randint(0, 9, (9,), key=k),
        "gumbel": lambda k: mx.random.gumbel((4,), key=k),
        "laplace": lambda k: mx.random.laplace((4,), key=k),
        "truncated_normal": lambda k: mx.random.truncated_normal(-1, 1, (4,), key=k),
        "split": lambda k: mx.random.split(k),
        "categorical": lambda k: mx.random.categorical(mx.zeros((3, 5)), key=k),
        "permutation": lambda k: mx.random.permutation(8, key=k),
        "multivariate_normal": lambda k: mx.random.multivariate_normal(mx.zeros(2), mx.eye(2), key=k, stream=mx.cpu),
    }
    for name, function in drawn.items():
        cases.add(f"random.{name}", function, {"key": key})
