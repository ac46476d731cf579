package dev.fairlead.model.interpret;

/** The kernels of neural networks' operators, family by family. */
final class NeuralKernels {
    private NeuralKernels() {}

    static void register(Kernels kernels) {
        ConvolutionKernels.register(kernels);
        TransposedConvolutionKernels.register(kernels);
        DeformableConvolutionKernels.register(kernels);
        PoolKernels.register(kernels);
        RegionKernels.register(kernels);
        NormalizationKernels.register(kernels);
        LayerNormalizationKernels.register(kernels);
        RecurrentKernels.register(kernels);
        AttentionKernels.register(kernels);
        LinearAttentionKernels.register(kernels);
        RotaryKernels.register(kernels);
        QuantizationKernels.register(kernels);
        QuantizedLinearKernels.register(kernels);
        ResizeKernels.register(kernels);
        SamplingKernels.register(kernels);
        BoxKernels.register(kernels);
        SignalKernels.register(kernels);
        LossKernels.register(kernels);
        TrainingKernels.register(kernels);
        LearnedKernels.register(kernels);
        TreeKernels.register(kernels);
        BlockwiseKernels.register(kernels);
        FusedKernels.register(kernels);
        GroupQueryKernels.register(kernels);
        MultiHeadKernels.register(kernels);
        QuantizedElementwiseKernels.register(kernels);
        QuantizedProductKernels.register(kernels);
        ProjectedAttentionKernels.register(kernels);
        ExpertKernels.register(kernels);
    }
}
