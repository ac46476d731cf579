package dev.fairlead.model.interpret;

/** The families of arithmetic, shapes, control flow, sequences and strings. */
final class CoreKernels {
    private CoreKernels() {}

    static void register(Kernels kernels) {}
}
