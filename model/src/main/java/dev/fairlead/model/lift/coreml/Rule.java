package dev.fairlead.model.lift.coreml;

/** How one MIL operation is lifted. */
record Rule(String operation, int version, Lifting lifting) {
    @FunctionalInterface
    interface Lifting {
        /**
         * Writes the operation's nodes and binds its outputs.
         *
         * @throws dev.fairlead.model.ModelException UNSUPPORTED when ONNX cannot say this use of it
         */
        void lift(Invocation call, Emitter out);
    }
}
