package dev.fairlead.model.onnx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.Segments;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads files that hold one value: TensorProto, SequenceProto or OptionalProto. The file does not say which it is. */
public final class OnnxData {
    private final Wire wire;
    private final TensorReader tensors;

    private OnnxData(Path file, Arena arena) {
        Path whole = file.toAbsolutePath();
        Path folder = whole.getParent();
        this.wire = new Wire(ModelException.name(file), Segments.map(file, arena));
        this.tensors = new TensorReader(wire, new ExternalData(folder == null ? whole : folder, arena));
    }

    /**
     * Reads a value of a type. Its tensors are views of the mapped file, which lives as long as the arena.
     *
     * @throws ModelException naming file and field when the bytes are no such value
     */
    public static Content read(Path file, Type type, Arena arena) {
        OnnxData data = new OnnxData(file, arena);
        return switch (type) {
            case Type.Dense _, Type.Texts _ -> data.tensors.read().content();
            case Type.Sequence _ -> data.sequence();
            case Type.Maybe _ -> data.optional();
            case Type.Sparse _, Type.Mapping _ ->
                throw data.wire.error(ErrorCode.UNSUPPORTED, "type", "a sparse tensor or a map cannot be read");
        };
    }

    /** SequenceProto. */
    private Content sequence() {
        List<Content> items = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.skip(field, "name");
                case 2 -> wire.number(field, "elem_type");
                case 3 ->
                    wire.message(
                            field,
                            "tensor_values",
                            () -> items.add(tensors.read().content()));
                case 5 -> wire.message(field, "sequence_values", () -> items.add(sequence()));
                case 7 -> wire.message(field, "optional_values", () -> items.add(optional()));
                default -> throw wire.unknown(field, "SequenceProto");
            }
        });
        return new Content.Sequence(items);
    }

    /** OptionalProto. */
    private Content optional() {
        List<Content> items = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> wire.skip(field, "name");
                case 2 -> wire.number(field, "elem_type");
                case 3 ->
                    wire.message(
                            field,
                            "tensor_value",
                            () -> items.add(tensors.read().content()));
                case 5 -> wire.message(field, "sequence_value", () -> items.add(sequence()));
                case 7 -> wire.message(field, "optional_value", () -> items.add(optional()));
                default -> throw wire.unknown(field, "OptionalProto");
            }
        });
        if (items.size() > 1) {
            throw wire.error(ErrorCode.MALFORMED, "value", "there are " + items.size() + ", expected one at most");
        }
        return new Content.Maybe(items.stream().findFirst());
    }
}
