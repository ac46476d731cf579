package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An AttributeProto while its fields arrive, in any order. */
final class AttributeParts {
    String name = "";
    long type;
    long number;
    float real;
    String text = "";

    @Nullable Tensor tensor;

    @Nullable Graph graph;

    final List<Long> numbers = new ArrayList<>();
    final List<Float> reals = new ArrayList<>();
    final List<String> texts = new ArrayList<>();

    Attribute attribute(Wire wire) {
        for (AttributeKind kind : AttributeKind.values()) {
            if (kind.code() == type) {
                return of(kind, wire);
            }
        }
        throw wire.error(ErrorCode.UNSUPPORTED, "type", type + " is no kind of attribute that this reader knows");
    }

    private Attribute of(AttributeKind kind, Wire wire) {
        return switch (kind) {
            case FLOAT -> new Attribute.Real(real);
            case INT -> new Attribute.Int(number);
            case STRING -> new Attribute.Text(text);
            case TENSOR -> new Attribute.TensorValue(present(tensor, "t", wire));
            case GRAPH -> new Attribute.GraphValue(present(graph, "g", wire));
            case FLOATS -> new Attribute.Reals(reals);
            case INTS -> new Attribute.Ints(numbers);
            case STRINGS -> new Attribute.Texts(texts);
        };
    }

    private static <T> T present(@Nullable T value, String field, Wire wire) {
        if (value == null) {
            throw wire.error(ErrorCode.MALFORMED, field, "is missing");
        }
        return value;
    }
}
