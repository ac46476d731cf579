package dev.fairlead.model.onnx;

import dev.fairlead.model.graph.Attribute;

/** The numbers of {@code AttributeProto.AttributeType} that the graph has a variant for. */
enum AttributeKind {
    FLOAT(1),
    INT(2),
    STRING(3),
    TENSOR(4),
    GRAPH(5),
    FLOATS(6),
    INTS(7),
    STRINGS(8),
    SPARSE_TENSOR(11),
    TYPE_PROTO(13);

    private final int code;

    AttributeKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** A sparse tensor is made dense when it is read, so nothing is written as one. */
    static AttributeKind of(Attribute attribute) {
        return switch (attribute) {
            case Attribute.Real r -> FLOAT;
            case Attribute.Int i -> INT;
            case Attribute.Text t -> STRING;
            case Attribute.TensorValue t -> TENSOR;
            case Attribute.TextTensor t -> TENSOR;
            case Attribute.GraphValue g -> GRAPH;
            case Attribute.TypeValue t -> TYPE_PROTO;
            case Attribute.Reals r -> FLOATS;
            case Attribute.Ints i -> INTS;
            case Attribute.Texts t -> STRINGS;
        };
    }
}
