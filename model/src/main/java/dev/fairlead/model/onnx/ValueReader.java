package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.ExpressionParser;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads ValueInfoProto. */
final class ValueReader {
    private final Wire wire;

    ValueReader(Wire wire) {
        this.wire = wire;
    }

    private static final class Parts {
        String name = "";
        Optional<DType> dtype = Optional.empty();
        Optional<List<Dim>> shape = Optional.empty();
    }

    Value read() {
        Parts parts = new Parts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.name = wire.text(field, "name");
                case 2 -> wire.message(field, "type", () -> type(parts));
                case 3 -> wire.skip(field, "doc_string");
                default -> throw wire.unknown(field, "ValueInfoProto");
            }
        });
        return new Value(parts.name, parts.dtype, parts.shape);
    }

    private void type(Parts parts) {
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.message(field, "tensor_type", () -> tensorType(parts));
                case 6 -> wire.skip(field, "denotation");
                default -> throw wire.unknown(field, "TypeProto");
            }
        });
    }

    private void tensorType(Parts parts) {
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.dtype = dtype(wire.number(field, "elem_type"));
                case 2 -> {
                    List<Dim> dims = new ArrayList<>();
                    wire.message(field, "shape", () -> shape(dims));
                    parts.shape = Optional.of(dims);
                }
                default -> throw wire.unknown(field, "TypeProto.Tensor");
            }
        });
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
