package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;

/** The same model with another part. */
final class Models {
    private Models() {}

    static Model withGraph(Model model, Graph graph) {
        return new Model(
                model.irVersion(), model.producer(), model.producerVersion(), model.opsets(), model.metadata(), graph);
    }
}
