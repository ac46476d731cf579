"""Cases of every array function of mlx.core and its submodules, over shapes and dtypes."""

import mlx.core as mx

from cases import Cases, main
from mlx_arrangement import indexing, shapes
from mlx_elementwise import elementwise, reductions
from mlx_linear import fast, linear
from mlx_transforms import transforms

# What each name of mlx.core is that is no function from arrays to arrays.
NO_FUNCTION = {
    "type or object": "ArrayAt ArrayIterator ArrayLike Device DeviceType Dtype DtypeCategory FunctionExporter PrintOptions "
    "Stream StreamContext ThreadLocalStream array bfloat16 bool_ complex64 complexfloating cpu gpu float16 float32 float64 "
    "floating generic inexact int16 int32 int64 int8 integer number signedinteger uint16 uint32 uint64 uint8 unsignedinteger "
    "finfo iinfo",
    "number": "e euler_gamma inf nan newaxis pi",
    "device, memory or stream": "clear_cache clear_streams default_device default_stream device_count device_info "
    "get_active_memory get_array_buffer_size get_cache_memory get_memory_limit get_peak_memory is_available new_stream "
    "new_thread_local_stream new_thread_unsafe_stream reset_peak_memory set_cache_limit set_default_device set_default_stream "
    "set_memory_limit set_wired_limit stream synchronize cuda metal distributed",
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
    "kernel of one's own": "fast.cuda_kernel fast.metal_kernel fast.precompiled_cuda_kernel",
    "random state, or a constant": "random.seed random.key",
}


def check_coverage(cases: Cases) -> None:
    """Every name of mlx.core is a case's or is no function."""
    known = {name for names in NO_FUNCTION.values() for name in names.split()}
    covered = {entry.split("-")[0] for entry in cases.names()}
    missing = [name for name in dir(mx) if not name.startswith("_") and name not in known and name not in covered]
    for module in ("fast", "fft", "linalg", "random"):
        names = [f"{module}.{name}" for name in dir(getattr(mx, module)) if not name.startswith("_")]
        missing += [name for name in names if name not in covered and name not in known]
    if missing:
        raise SystemExit(f"no case of {', '.join(missing)}")


def make(cases: Cases) -> None:
    for part in (elementwise, reductions, shapes, indexing, linear, fast, transforms):
        part(cases)
    check_coverage(cases)


if __name__ == "__main__":
    main(make)
