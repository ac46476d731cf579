package dev.fairlead.model.graph;

import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** What a value holds, for each of ONNX' types but maps. */
public sealed interface Content {
    record Dense(Tensor tensor) implements Content {}

    record Texts(TextArray array) implements Content {}

    record Sequence(List<Content> items) implements Content {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    record Maybe(Optional<Content> item) implements Content {}
}
