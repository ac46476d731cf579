package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.Arrays;

/**
 * The uint8 range that holds numbers and 0, after the page of DynamicQuantizeLinear.
 *
 * @param scale a float32
 */
record DynamicRange(double scale, double zero) {
    static DynamicRange of(double[] values) {
        double highest = Math.max(0, Arrays.stream(values).max().orElse(0));
        double lowest = Math.min(0, Arrays.stream(values).min().orElse(0));
        double range = Doubles.rounded(DType.FLOAT32, (highest - lowest) / 255);
        // Numbers that are all 0 have any scale; ONNX Runtime's is 1.
        double scale = range == 0 ? 1 : range;
        return new DynamicRange(scale, Quantization.integer(DType.UINT8, -lowest / scale, 0));
    }

    double[] quantized(double[] values) {
        return Arrays.stream(values)
                .map(value -> Quantization.integer(DType.UINT8, Doubles.rounded(DType.FLOAT32, value / scale), zero))
                .toArray();
    }
}
