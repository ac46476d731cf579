package dev.fairlead.model.lower.coreml;

/** Writes the MIL operations that compute what one ONNX operator computes. */
interface Rule {
    /**
     * Defines every output that the node names.
     *
     * @throws dev.fairlead.model.ModelException UNSUPPORTED when MIL cannot say this variant of the operator exactly
     */
    void lower(Call call, Mil mil);
}
