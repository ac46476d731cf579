package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads SparseTensorProto into a dense tensor: the graph has no sparse ones. */
final class SparseReader {
    /** A few bytes can ask for any size, so the dense form is bounded. */
    private static final long MAX_BYTES = 32L << 20;

    private final Wire wire;
    private final TensorReader tensors;

    SparseReader(Wire wire, TensorReader tensors) {
        this.wire = wire;
        this.tensors = tensors;
    }

    record Named(String name, Tensor tensor, Map<String, String> metadata) {}

    Named read() {
        TensorReader.@Nullable Named[] parts = new TensorReader.Named[2];
        List<Long> dims = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "values", () -> parts[0] = tensors.read());
                case 2 -> wire.message(field, "indices", () -> parts[1] = tensors.read());
                case 3 -> wire.numbers(field, "dims", dims);
                default -> throw wire.unknown(field, "SparseTensorProto");
            }
        });
        TensorReader.Named values = parts[0];
        TensorReader.Named indices = parts[1];
        if (values == null || indices == null) {
            throw wire.error(ErrorCode.MALFORMED, values == null ? "values" : "indices", "is missing");
        }
        return new Named(values.name(), dense(values.tensor(wire), indices.tensor(wire), dims), values.metadata());
    }

    private Tensor dense(Tensor values, Tensor indices, List<Long> dims) {
        long count = values.elements();
        int rank = dims.size();
        boolean linear = indices.shape().equals(List.of(count));
        if (indices.dtype() != DType.INT64 || (!linear && !indices.shape().equals(List.of(count, (long) rank)))) {
            throw wire.error(
                    ErrorCode.MALFORMED,
                    "indices",
                    indices.dtype().text() + indices.shape() + " for " + count + " values of rank " + rank);
        }
        DType dtype = values.dtype();
        if (dtype.isPacked()) {
            throw wire.error(ErrorCode.UNSUPPORTED, "values", "sparse tensors of " + dtype.text() + " are not read");
        }
        Tensor dense = Tensor.allocate(dtype, checked(dtype, dims));
        for (long i = 0; i < count; i++) {
            long at = linear ? indices.longAt(i) : flat(indices, i, dims);
            if (at < 0 || at >= dense.elements()) {
                throw wire.error(ErrorCode.MALFORMED, "indices", "entry " + i + " lies outside " + dims);
            }
            MemorySegment.copy(values.data(), i * dtype.bytes(), dense.data(), at * dtype.bytes(), dtype.bytes());
        }
        return dense;
    }

    private List<Long> checked(DType dtype, List<Long> dims) {
        try {
            if (dims.size() <= 64 && dims.stream().allMatch(size -> size >= 0)) {
                long bytes = Tensor.byteSize(dtype, dims);
                if (bytes > MAX_BYTES) {
                    throw wire.error(ErrorCode.LIMIT, "dims", bytes + " bytes when made dense, more than " + MAX_BYTES);
                }
                return dims;
            }
        } catch (ArithmeticException e) {
            // Reported below, as negative sizes are.
        }
        throw wire.error(ErrorCode.MALFORMED, "dims", dims + " is no shape");
    }

    private static long flat(Tensor indices, long entry, List<Long> dims) {
        long at = 0;
        for (int axis = 0; axis < dims.size(); axis++) {
            long index = indices.longAt(entry * dims.size() + axis);
            if (index < 0 || index >= dims.get(axis)) {
                return -1;
            }
            at = at * dims.get(axis) + index;
        }
        return at;
    }
}
