package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads TensorProto. Raw and external data stay where they lie; typed fields, meant for small tensors, are decoded. */
final class TensorReader {
    private static final int MAX_RANK = 64;

    private final Wire wire;
    private final ExternalData external;

    TensorReader(Wire wire, ExternalData external) {
        this.wire = wire;
        this.external = external;
    }

    record Named(String name, Tensor tensor) {}

    private static final class Parts {
        String name = "";
        long type;
        final List<Long> dims = new ArrayList<>();
        final List<Long> numbers = new ArrayList<>();
        final List<Float> reals = new ArrayList<>();
        Optional<MemorySegment> doubles = Optional.empty();
        Optional<MemorySegment> raw = Optional.empty();
        final Map<String, String> place = new TreeMap<>();
        boolean isExternal;
    }

    Named read() {
        Parts parts = new Parts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.numbers(field, "dims", parts.dims);
                case 2 -> parts.type = wire.number(field, "data_type");
                case 4 -> wire.reals(field, "float_data", parts.reals);
                case 5 -> wire.numbers(field, "int32_data", parts.numbers);
                case 7 -> wire.numbers(field, "int64_data", parts.numbers);
                case 8 -> parts.name = wire.text(field, "name");
                case 9 -> parts.raw = Optional.of(wire.bytes(field, "raw_data"));
                case 10 -> parts.doubles = Optional.of(wire.bytes(field, "double_data"));
                case 11 -> wire.numbers(field, "uint64_data", parts.numbers);
                case 12 -> wire.skip(field, "doc_string");
                case 13 -> wire.message(field, "external_data", () -> OnnxReader.entry(wire, parts.place));
                case 14 -> parts.isExternal = wire.number(field, "data_location") != 0;
                default -> throw wire.unknown(field, "TensorProto");
            }
        });
        DType dtype = OnnxTypes.parse(Math.toIntExact(Math.clamp(parts.type, 0, 1000)))
                .orElseThrow(() -> wire.error(
                        ErrorCode.UNSUPPORTED, "data_type", parts.type + " is no type that this reader knows"));
        return new Named(parts.name, new Tensor(dtype, parts.dims, data(parts, dtype, size(parts, dtype))));
    }

    private long size(Parts parts, DType dtype) {
        if (parts.dims.size() > MAX_RANK) {
            throw wire.error(ErrorCode.LIMIT, "dims", "rank " + parts.dims.size() + ", more than " + MAX_RANK);
        }
        if (parts.dims.stream().anyMatch(size -> size < 0)) {
            throw wire.error(ErrorCode.MALFORMED, "dims", parts.dims + " has a negative size");
        }
        try {
            return Tensor.byteSize(dtype, parts.dims);
        } catch (ArithmeticException e) {
            throw wire.error(ErrorCode.MALFORMED, "dims", parts.dims + " has more elements than can be counted");
        }
    }

    private MemorySegment data(Parts parts, DType dtype, long size) {
        if (parts.isExternal) {
            return external.slice(wire, parts.place, size);
        }
        if (parts.raw.isPresent()) {
            return sized(parts.raw.get(), "raw_data", size);
        }
        if (parts.doubles.isPresent()) {
            return sized(parts.doubles.get(), "double_data", size);
        }
        long count = entries(dtype, Tensor.elements(parts.dims));
        long found = Math.max(parts.numbers.size(), parts.reals.size());
        if (found != count) {
            throw wire.error(ErrorCode.MALFORMED, "data", found + " elements, but the shape has " + count);
        }
        return decoded(parts, dtype, size);
    }

    /** How many entries a typed field has: the parts of a complex number each take one, packed types share one a byte. */
    private static long entries(DType dtype, long elements) {
        if (dtype.kind() == DType.Kind.COMPLEX) {
            return 2 * elements;
        }
        return dtype.isPacked() ? dtype.bytes(elements) : elements;
    }

    private MemorySegment sized(MemorySegment data, String field, long size) {
        if (data.byteSize() != size) {
            throw wire.error(ErrorCode.MALFORMED, field, data.byteSize() + " bytes, but type and shape take " + size);
        }
        return data;
    }

    /** The list was read already, so its size is known to be backed by the file. */
    private static MemorySegment decoded(Parts parts, DType dtype, long size) {
        MemorySegment data = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
        for (int i = 0; i < parts.reals.size(); i++) {
            data.set(Tensor.FLOAT, i * 4L, parts.reals.get(i));
        }
        for (int i = 0; i < parts.numbers.size(); i++) {
            long value = parts.numbers.get(i);
            switch (dtype.isPacked() ? 1 : dtype.bytes()) {
                case 1 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) value);
                case 2 -> data.set(Tensor.SHORT, i * 2L, (short) value);
                case 4 -> data.set(Tensor.INT, i * 4L, (int) value);
                default -> data.set(Tensor.LONG, i * 8L, value);
            }
        }
        return data;
    }
}
