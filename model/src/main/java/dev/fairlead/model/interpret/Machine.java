package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;

/**
 * How a machine computes narrower types than float64.
 *
 * @param accumulator type in which sums are kept: float32, or float16 where a kernel accumulates in it
 * @param significand bits, the hidden one included, that the factors of a float32 product keep: 24, or 11 as TF32 has it
 */
public record Machine(DType accumulator, int significand) {
    /** What CUDA, Metal and CPUs promise where no faster mode is chosen. */
    public static final Machine FLOAT32 = new Machine(DType.FLOAT32, 24);

    /** Factors of 11 bits, as NVIDIA's A100 whitepaper defines TF32; sums stay in float32. */
    public static final Machine TF32 = new Machine(DType.FLOAT32, 11);

    /** Factors of 8 bits, as a bfloat16 product under a float32 graph. */
    public static final Machine BFLOAT16_FACTORS = new Machine(DType.FLOAT32, 8);

    /** Sums in float16, as faster modes of some libraries have them. */
    public static final Machine FLOAT16_SUMS = new Machine(DType.FLOAT16, 24);

    public Machine {
        if (accumulator != DType.FLOAT32 && accumulator != DType.FLOAT16) {
            throw new IllegalArgumentException(
                    "accumulator: " + accumulator.text() + " is neither float32 nor float16");
        }
        if (significand < 2 || significand > 24) {
            throw new IllegalArgumentException("significand: " + significand + " is not between 2 and 24");
        }
    }

    boolean roundsFactors() {
        return significand < 24;
    }

    double accumulated(double sum) {
        float single = (float) sum;
        return accumulator == DType.FLOAT32 ? single : Float.float16ToFloat(Float.floatToFloat16(single));
    }

    /** Rounded to the significand's bits, ties to even, by Veltkamp's splitting (Dekker, Numerische Mathematik 18, 1971). */
    double factor(double value) {
        double scaled = value * (0x1p53 / (1L << significand) + 1);
        double high = scaled - (scaled - value);
        return Double.isFinite(scaled) ? high : value;
    }
}
