package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import java.util.List;
import java.util.Optional;

/** RNN, GRU and LSTM: X is [sequence, batch, features], or with layout 1 [batch, sequence, features]. */
final class RecurrentShapes {
    private RecurrentShapes() {}

    static void register(ShapeRules rules) {
        rules.add(List.of("RNN", "GRU", "LSTM"), RecurrentShapes::recurrent);
    }

    private static List<Fact> recurrent(Inference at) {
        Dim hidden = at.integer("hidden_size")
                .filter(size -> size >= 0)
                .map(Sizes::fixed)
                .orElseGet(() -> at.dim(2, 2));
        Dim directions = Sizes.fixed(at.text("direction", "forward").equals("bidirectional") ? 2 : 1);
        boolean batchFirst = at.integer("layout", 0) != 0;
        Dim sequence = at.dim(0, batchFirst ? 1 : 0);
        Dim batch = at.dim(0, batchFirst ? 0 : 1);
        List<Dim> all = batchFirst
                ? List.of(batch, sequence, directions, hidden)
                : List.of(sequence, directions, batch, hidden);
        List<Dim> last = batchFirst ? List.of(batch, directions, hidden) : List.of(directions, batch, hidden);
        Fact state = Fact.of(at.dtype(0), Optional.of(last));
        return List.of(Fact.of(at.dtype(0), Optional.of(all)), state, state);
    }
}
