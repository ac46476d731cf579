package dev.fairlead.model.quantised;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;

/**
 * Biases as integer zero points and what these leave: bias = residual − zero point · scale, without rounding. Where every residual is
 * zero, the zero points say the same as the biases.
 *
 * @param packed {@code [rows, ⌈groups · bits / 8⌉]}, a row's first zero point lowest
 * @param residuals of the biases' dtype and shape
 * @param exact whether every residual is zero
 */
public record ZeroPoints(Tensor packed, Tensor residuals, boolean exact) {
    /**
     * The zero points nearest to −bias / scale. A group whose residual would round has zero point 0 and its bias as residual.
     *
     * @param arena owner of both tensors
     */
    public static ZeroPoints of(AffineWeight weight, Arena arena) {
        int bits = weight.payloadBits();
        int most = (1 << weight.bits()) - 1;
        Tensor scales = weight.scales();
        Tensor biases = weight.biases();
        long groups = scales.shape().getLast();
        long rows = weight.rows();
        long rowBytes = Math.ceilDiv(groups * bits, 8L);
        Tensor packed = Tensor.allocate(DType.UINT8, List.of(rows, rowBytes), arena);
        long rowPoints = rowBytes * 8 / bits;
        Tensor points = new Tensor(type(bits), List.of(rows, rowPoints), packed.data());
        Tensor residuals = Tensor.allocate(biases.dtype(), biases.shape(), arena);
        boolean exact = true;
        for (long row = 0; row < rows; row++) {
            for (long group = 0; group < groups; group++) {
                long at = row * groups + group;
                double scale = scales.doubleAt(at);
                double bias = biases.doubleAt(at);
                int zero = nearest(-bias / scale, most);
                // Exact in float64: a product of 24 by 8 bits, and both terms are near each other.
                residuals.set(at, bias + zero * scale);
                if (residuals.doubleAt(at) - zero * scale != bias) {
                    zero = 0;
                    residuals.set(at, bias);
                }
                exact &= residuals.doubleAt(at) == 0;
                points.set(row * rowPoints + group, (long) zero);
            }
        }
        return new ZeroPoints(packed, residuals, exact);
    }

    private static DType type(int bits) {
        return switch (bits) {
            case 2 -> DType.UINT2;
            case 4 -> DType.UINT4;
            default -> DType.UINT8;
        };
    }

    private static int nearest(double value, int most) {
        return Double.isFinite(value) ? (int) Math.clamp(Math.rint(value), 0, most) : 0;
    }
}
