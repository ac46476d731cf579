package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;

/** Writes the ONNX nodes that compute what one primitive computes. */
interface Lowering {
    /**
     * Defines every output of the node in {@code out}.
     *
     * @throws dev.fairlead.model.ModelException UNSUPPORTED when this variant of the primitive has no counterpart
     */
    void lower(MlxNode node, Emitter out);
}
