package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.protobuf.Message;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Optional;

/** Writes ValueInfoProto and TypeProto. */
final class ValueWriter {
    private ValueWriter() {}

    static void write(Value value, Message out) {
        out.text(1, value.name());
        if (!value.type().equals(Type.UNKNOWN)) {
            out.message(2, message -> write(value.name(), value.type(), message));
        }
        out.entries(4, value.metadata());
    }

    /** @param name of the value, for errors */
    static void write(String name, Type type, Message out) {
        switch (type) {
            case Type.Dense(var dtype, var shape) ->
                out.message(1, tensor -> tensor(dtype.map(known -> code(name, known)), shape, tensor));
            case Type.Texts(var shape) ->
                out.message(1, tensor -> tensor(Optional.of(OnnxTypes.STRING), shape, tensor));
            case Type.Sequence(Type item) ->
                out.message(4, sequence -> sequence.message(1, inner -> write(name, item, inner)));
            case Type.Mapping(var key, Type item) ->
                out.message(5, mapping -> {
                    mapping.number(1, key.map(known -> code(name, known)).orElse(OnnxTypes.STRING));
                    mapping.message(2, inner -> write(name, item, inner));
                });
            case Type.Sparse(var dtype, var shape) ->
                out.message(8, tensor -> tensor(dtype.map(known -> code(name, known)), shape, tensor));
            case Type.Maybe(Type item) -> out.message(9, maybe -> maybe.message(1, inner -> write(name, item, inner)));
        }
    }

    private static void tensor(Optional<Integer> code, Optional<List<Dim>> shape, Message out) {
        code.ifPresent(known -> out.number(1, known));
        shape.ifPresent(dims -> out.message(
                2,
                message -> dims.forEach(dim -> message.message(1, size -> {
                    switch (dim) {
                        case Dim.Fixed(long fixed) -> size.number(1, fixed);
                        case Dim.Symbolic(var expression) -> size.text(2, expression.toString());
                        case Dim.Unknown() -> {}
                    }
                }))));
    }

    static int code(String name, DType dtype) {
        return OnnxTypes.code(dtype)
                .orElseThrow(() -> new ModelException(
                        ErrorCode.UNSUPPORTED,
                        OnnxWriter.MODEL,
                        ModelException.shown(name),
                        "ONNX has no type " + dtype.text()));
    }
}
