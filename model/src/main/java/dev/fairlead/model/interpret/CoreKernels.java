package dev.fairlead.model.interpret;

/** The families of arithmetic, shapes, control flow, sequences and strings. */
final class CoreKernels {
    private CoreKernels() {}

    static void register(Kernels kernels) {
        ArithmeticKernels.register(kernels);
        FunctionKernels.register(kernels);
        ActivationKernels.register(kernels);
        LogicKernels.register(kernels);
        CastKernels.register(kernels);
        ReduceKernels.register(kernels);
        SoftmaxKernels.register(kernels);
        CumulativeKernels.register(kernels);
        ShapeKernels.register(kernels);
        SliceKernels.register(kernels);
        PadKernels.register(kernels);
        GatherKernels.register(kernels);
        ScatterKernels.register(kernels);
        CreateKernels.register(kernels);
        MatrixKernels.register(kernels);
        EinsumKernels.register(kernels);
        OrderKernels.register(kernels);
        ControlKernels.register(kernels);
        SequenceKernels.register(kernels);
        TextKernels.register(kernels);
        VectorizerKernels.register(kernels);
    }
}
