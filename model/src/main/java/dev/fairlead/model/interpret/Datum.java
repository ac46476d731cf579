package dev.fairlead.model.interpret;

import java.util.List;
import java.util.Optional;

/** What a value of the graph holds while it is interpreted. */
public sealed interface Datum {
    /** A dense array. */
    record Dense(Array array) implements Datum {}

    /** ONNX' sequence type. */
    record Sequence(List<Datum> items) implements Datum {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** ONNX' optional type. */
    record Maybe(Optional<Datum> item) implements Datum {}

    static Datum of(Array array) {
        return new Dense(array);
    }
}
