package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An AttributeProto while its fields arrive, in any order. */
final class AttributeParts {
    String name = "";
    String reference = "";
    long type;

    @Nullable Long number;

    @Nullable Float real;

    @Nullable String text;

    @Nullable Content tensor;

    @Nullable Tensor sparse;

    @Nullable Graph graph;

    @Nullable Type valueType;

    final List<Long> numbers = new ArrayList<>();
    final List<Float> reals = new ArrayList<>();
    final List<String> texts = new ArrayList<>();

    Attribute attribute(Wire wire) {
        if (type == 0) {
            return of(guessed(), wire);
        }
        for (AttributeKind kind : AttributeKind.values()) {
            if (kind.code() == type) {
                return of(kind, wire);
            }
        }
        throw wire.error(ErrorCode.UNSUPPORTED, "type", type + " is no kind of attribute that this reader knows");
    }

    /** Before IR version 2 the field in use told the kind. */
    private AttributeKind guessed() {
        if (real != null) {
            return AttributeKind.FLOAT;
        }
        if (number != null) {
            return AttributeKind.INT;
        }
        if (text != null) {
            return AttributeKind.STRING;
        }
        if (tensor != null) {
            return AttributeKind.TENSOR;
        }
        if (graph != null) {
            return AttributeKind.GRAPH;
        }
        if (!reals.isEmpty()) {
            return AttributeKind.FLOATS;
        }
        return texts.isEmpty() ? AttributeKind.INTS : AttributeKind.STRINGS;
    }

    private Attribute of(AttributeKind kind, Wire wire) {
        return switch (kind) {
            case FLOAT -> new Attribute.Real(real == null ? 0 : real);
            case INT -> new Attribute.Int(number == null ? 0 : number);
            case STRING -> new Attribute.Text(text == null ? "" : text);
            case TENSOR ->
                switch (present(tensor, "t", wire)) {
                    case Content.Dense(var value) -> new Attribute.TensorValue(value);
                    case Content.Texts(var value) -> new Attribute.TextTensor(value);
                    case Content.Sequence _, Content.Maybe _ ->
                        throw new IllegalStateException("a TensorProto is no sequence");
                };
            case GRAPH -> new Attribute.GraphValue(present(graph, "g", wire));
            case FLOATS -> new Attribute.Reals(reals);
            case INTS -> new Attribute.Ints(numbers);
            case STRINGS -> new Attribute.Texts(texts);
            case SPARSE_TENSOR -> new Attribute.TensorValue(present(sparse, "sparse_tensor", wire));
            case TYPE_PROTO -> new Attribute.TypeValue(present(valueType, "tp", wire));
        };
    }

    private static <T> T present(@Nullable T value, String field, Wire wire) {
        if (value == null) {
            throw wire.error(ErrorCode.MALFORMED, field, "is missing");
        }
        return value;
    }
}
