package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.ExpressionParser;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads ValueInfoProto and TypeProto. */
final class ValueReader {
    private final Wire wire;

    ValueReader(Wire wire) {
        this.wire = wire;
    }

    Value read() {
        String[] name = {""};
        Type[] type = {Type.UNKNOWN};
        SortedMap<String, String> metadata = new TreeMap<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> name[0] = wire.text(field, "name");
                case 2 -> wire.message(field, "type", () -> type[0] = type());
                case 3 -> wire.skip(field, "doc_string");
                case 4 -> wire.message(field, "metadata_props", () -> OnnxReader.entry(wire, metadata));
                default -> throw wire.unknown(field, "ValueInfoProto");
            }
        });
        return new Value(name[0], type[0], metadata);
    }

    /** A TypeProto that the wire has entered. */
    Type type() {
        Type[] type = {Type.UNKNOWN};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "tensor_type", () -> type[0] = tensor());
                case 4 -> wire.message(field, "sequence_type", () -> type[0] = new Type.Sequence(item()));
                case 5 -> wire.message(field, "map_type", () -> type[0] = mapping());
                case 6 -> wire.skip(field, "denotation");
                case 8 -> wire.message(field, "sparse_tensor_type", () -> type[0] = sparse());
                case 9 -> wire.message(field, "optional_type", () -> type[0] = new Type.Maybe(item()));
                default -> throw wire.unknown(field, "TypeProto");
            }
        });
        return type[0];
    }

    /** {@code elem_type} is the only field of TypeProto.Sequence and TypeProto.Optional. */
    private Type item() {
        Type[] type = {Type.UNKNOWN};
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "TypeProto.Sequence or Optional");
            }
            wire.message(field, "elem_type", () -> type[0] = type());
        });
        return type[0];
    }

    private Type mapping() {
        long[] key = {0};
        Type[] item = {Type.UNKNOWN};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> key[0] = wire.number(field, "key_type");
                case 2 -> wire.message(field, "value_type", () -> item[0] = type());
                default -> throw wire.unknown(field, "TypeProto.Map");
            }
        });
        return new Type.Mapping(key[0] == OnnxTypes.STRING ? Optional.empty() : dtype(key[0]), item[0]);
    }

    /** Fields of TypeProto.Tensor and TypeProto.SparseTensor. */
    private static final class Parts {
        long element;
        Optional<List<Dim>> shape = Optional.empty();
    }

    private Type tensor() {
        Parts parts = parts();
        return parts.element == OnnxTypes.STRING
                ? new Type.Texts(parts.shape)
                : new Type.Dense(dtype(parts.element), parts.shape);
    }

    private Type sparse() {
        Parts parts = parts();
        return new Type.Sparse(dtype(parts.element), parts.shape);
    }

    private Parts parts() {
        Parts parts = new Parts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.element = wire.number(field, "elem_type");
                case 2 -> {
                    List<Dim> dims = new ArrayList<>();
                    wire.message(field, "shape", () -> shape(dims));
                    parts.shape = Optional.of(dims);
                }
                default -> throw wire.unknown(field, "TypeProto.Tensor");
            }
        });
        return parts;
    }

    private Optional<DType> dtype(long code) {
        if (code == 0) {
            return Optional.empty();
        }
        return Optional.of(OnnxTypes.parse((int) code)
                .orElseThrow(() ->
                        wire.error(ErrorCode.UNSUPPORTED, "elem_type", code + " is no type that this reader knows")));
    }

    private void shape(List<Dim> dims) {
        wire.fields(field -> {
            if (field.number() != 1) {
                throw wire.unknown(field, "TensorShapeProto");
            }
            wire.message(field, "dim[" + dims.size() + "]", () -> dims.add(dim()));
        });
    }

    private Dim dim() {
        Dim[] dim = {new Dim.Unknown()};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> {
                    long size = wire.number(field, "dim_value");
                    if (size < 0) {
                        throw wire.error(ErrorCode.MALFORMED, "dim_value", size + " is negative");
                    }
                    dim[0] = new Dim.Fixed(size);
                }
                case 2 -> dim[0] = symbol(wire.text(field, "dim_param"));
                case 3 -> wire.skip(field, "denotation");
                default -> throw wire.unknown(field, "TensorShapeProto.Dimension");
            }
        });
        return dim[0];
    }

    /** Any text may name a size; what is no expression is a symbol of that name. */
    private static Dim symbol(String text) {
        if (text.isEmpty()) {
            return new Dim.Unknown();
        }
        try {
            Expression expression = ExpressionParser.parse(text);
            if (expression.constant().isEmpty()) {
                return new Dim.Symbolic(expression);
            }
        } catch (IllegalArgumentException e) {
            // Not an expression, then: fall through to a plain symbol.
        }
        return new Dim.Symbolic(Expression.symbol(text));
    }
}
