package dev.fairlead.model.lower.mlx;

import java.util.List;

/** Writes the primitives that compute what one operator computes. */
interface Rule {
    /**
     * The node's outputs, in order; trailing ones that it doesn't name may be left out.
     *
     * @throws Refusal for a variant that has no exact counterpart
     */
    List<? extends Bound> lower(Operation op, Primitives mlx);

    /** The rule of an operator with one output. */
    interface Single {
        Operand lower(Operation op, Primitives mlx);
    }
}
