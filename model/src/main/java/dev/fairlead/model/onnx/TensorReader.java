package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.TextArray;
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

    /** A tensor's records and its view of the memory. */
    private static final int TENSOR = 160;

    private final Wire wire;
    private final ExternalData external;

    TensorReader(Wire wire, ExternalData external) {
        this.wire = wire;
        this.external = external;
    }

    /** @param content dense or texts */
    record Named(String name, Content content, Map<String, String> metadata) {
        /** The tensor; a tensor of strings is refused. */
        Tensor tensor(Wire wire) {
            if (content instanceof Content.Dense(Tensor tensor)) {
                return tensor;
            }
            throw wire.error(ErrorCode.UNSUPPORTED, "data_type", "strings cannot be used here");
        }
    }

    private static final class Parts {
        String name = "";
        long type;
        final List<Long> dims = new ArrayList<>();
        final List<Long> numbers = new ArrayList<>();
        final List<Float> reals = new ArrayList<>();
        final List<String> texts = new ArrayList<>();
        Optional<MemorySegment> doubles = Optional.empty();
        Optional<MemorySegment> raw = Optional.empty();
        final Map<String, String> place = new TreeMap<>();
        final Map<String, String> metadata = new TreeMap<>();
        boolean isExternal;
    }

    Named read() {
        wire.keep(TENSOR);
        Parts parts = new Parts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.numbers(field, "dims", parts.dims);
                case 2 -> parts.type = wire.number(field, "data_type");
                case 4 -> wire.reals(field, "float_data", parts.reals);
                case 5 -> wire.numbers(field, "int32_data", parts.numbers);
                case 6 -> parts.texts.add(wire.text(field, "string_data"));
                case 7 -> wire.numbers(field, "int64_data", parts.numbers);
                case 8 -> parts.name = wire.text(field, "name");
                case 9 -> parts.raw = Optional.of(wire.bytes(field, "raw_data"));
                case 10 -> parts.doubles = Optional.of(wire.bytes(field, "double_data"));
                case 11 -> wire.numbers(field, "uint64_data", parts.numbers);
                case 12 -> wire.skip(field, "doc_string");
                case 13 -> wire.message(field, "external_data", () -> OnnxReader.entry(wire, parts.place));
                case 14 -> parts.isExternal = wire.number(field, "data_location") != 0;
                case 16 -> wire.message(field, "metadata_props", () -> OnnxReader.entry(wire, parts.metadata));
                default -> throw wire.unknown(field, "TensorProto");
            }
        });
        return new Named(parts.name, parts.type == OnnxTypes.STRING ? texts(parts) : dense(parts), parts.metadata);
    }

    private Content texts(Parts parts) {
        long size = size(parts, DType.UINT8);
        if (parts.isExternal || parts.raw.isPresent()) {
            throw wire.error(ErrorCode.MALFORMED, "string_data", "strings cannot be raw or external data");
        }
        if (parts.texts.size() != size) {
            throw wire.error(ErrorCode.MALFORMED, "data", parts.texts.size() + " elements, but the shape has " + size);
        }
        return new Content.Texts(new TextArray(parts.dims, parts.texts));
    }

    private Content dense(Parts parts) {
        DType dtype = OnnxTypes.parse(Math.toIntExact(Math.clamp(parts.type, 0, 1000)))
                .orElseThrow(() -> wire.error(
                        ErrorCode.UNSUPPORTED, "data_type", parts.type + " is no type that this reader knows"));
        return new Content.Dense(new Tensor(dtype, parts.dims, data(parts, dtype, size(parts, dtype))));
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
        if (parts.doubles.isPresent() && (dtype == DType.FLOAT64 || dtype == DType.COMPLEX128)) {
            return sized(parts.doubles.get(), "double_data", size);
        }
        // Each type has one typed field; what stands in another one would be read as other numbers than are meant.
        boolean asReals = dtype == DType.FLOAT32 || dtype == DType.COMPLEX64;
        boolean asDoubles = dtype == DType.FLOAT64 || dtype == DType.COMPLEX128;
        long found = asReals ? parts.reals.size() : asDoubles ? 0 : parts.numbers.size();
        long count = entries(dtype, Tensor.elements(parts.dims));
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
        if (dtype == DType.FLOAT32 || dtype == DType.COMPLEX64) {
            for (int i = 0; i < parts.reals.size(); i++) {
                data.set(Tensor.FLOAT, i * 4L, parts.reals.get(i));
            }
            return data;
        }
        int width = dtype.isPacked() ? 1 : dtype.bytes();
        for (int i = 0; i < parts.numbers.size() && size > 0; i++) {
            long value = parts.numbers.get(i);
            switch (width) {
                case 1 -> data.set(ValueLayout.JAVA_BYTE, i, (byte) value);
                case 2 -> data.set(Tensor.SHORT, i * 2L, (short) value);
                case 4 -> data.set(Tensor.INT, i * 4L, (int) value);
                default -> data.set(Tensor.LONG, i * 8L, value);
            }
        }
        return data;
    }
}
