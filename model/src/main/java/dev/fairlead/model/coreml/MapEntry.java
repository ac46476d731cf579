package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.protobuf.Wire;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An entry of a protobuf map while its fields arrive. */
final class MapEntry<T> {
    private String key = "";
    private @Nullable T value;

    /** Reads one entry, whose value is a message, and puts it. */
    static <T> void read(Wire wire, Wire.Field field, String name, Map<String, T> into, Supplier<T> reader) {
        MapEntry<T> entry = new MapEntry<>();
        wire.message(field, name + "[" + into.size() + "]", () -> {
            wire.fields(part -> {
                switch (part.number()) {
                    case 1 -> entry.key = wire.text(part, "key");
                    case 2 ->
                        wire.message(
                                part,
                                entry.key.isEmpty() ? "value" : shown(entry.key),
                                () -> entry.value = reader.get());
                    default -> throw wire.unknown(part, "map entry");
                }
            });
            T value = entry.value;
            if (value == null) {
                throw wire.error(ErrorCode.MALFORMED, "value", "is missing");
            }
            if (into.put(entry.key, value) != null) {
                throw wire.error(ErrorCode.MALFORMED, "key", ModelException.shown(entry.key) + " is there twice");
            }
        });
    }

    private static String shown(String key) {
        String shown = ModelException.shown(key);
        return shown.substring(1, shown.length() - 1);
    }
}
