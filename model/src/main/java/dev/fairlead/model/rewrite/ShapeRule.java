package dev.fairlead.model.rewrite;

import java.util.List;

/** Says what is known of an operator's outputs. */
interface ShapeRule {
    /** In the node's order; outputs left out are unknown. */
    List<Fact> infer(Inference at);
}
