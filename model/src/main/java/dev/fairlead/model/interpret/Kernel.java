package dev.fairlead.model.interpret;

import java.util.List;

/** Computes one operator. */
interface Kernel {
    /**
     * The node's outputs, in order; trailing optional outputs that the node does not name may be left out.
     *
     * @throws dev.fairlead.model.ModelException MALFORMED for inputs or attributes that the operator does not allow, UNSUPPORTED for a
     *     variant that has no kernel
     */
    List<Datum> run(Call call);
}
