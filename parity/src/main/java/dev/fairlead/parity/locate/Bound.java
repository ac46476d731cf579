package dev.fairlead.parity.locate;

import dev.fairlead.model.tensor.DType;

/**
 * The largest error of an element of an operation whose inputs are given: τ = u_out·|y| + (2·u_in + λ·√n·u_acc)·(|A||B|), where λ√n·u is
 * never above γ_n = n·u/(1 − n·u) (Higham and Mary, "A new approach to probabilistic rounding error analysis", 2019). The inputs are
 * those that the machine had, so u_in is what it rounds them to inside products, and there is no error to propagate.
 */
final class Bound {
    private static final double LAMBDA = 4;

    private final double output;
    private final double factor;
    private final double least;

    /**
     * @param dtype of the result
     * @param terms that are summed for an element
     * @param isProduct whether operands are rounded as the contract says
     */
    Bound(Contract contract, DType dtype, long terms, boolean isProduct) {
        double unit = dtype == DType.FLOAT64 ? Contract.unit(dtype) : contract.accumulation();
        double worst = terms * unit < 1 ? terms * unit / (1 - terms * unit) : Double.POSITIVE_INFINITY;
        this.output = Contract.unit(dtype);
        this.factor =
                (isProduct ? 2 * contract.operands() : 0) + Math.min(LAMBDA * Math.sqrt((double) terms) * unit, worst);
        this.least = least(dtype);
    }

    /** What an element may differ by whatever its operation. */
    double least() {
        return least;
    }

    /** @param amplification |A||B|, or what stands for it */
    double of(double exact, double amplification) {
        return output * Math.abs(exact) + factor * amplification + least;
    }

    /** The smallest normal number, for machines may take what is below for zero; of float16, which they don't, the smallest of all. */
    private static double least(DType dtype) {
        return switch (dtype) {
            case FLOAT16 -> 0x1p-24;
            case FLOAT32, BFLOAT16 -> 0x1p-126;
            case FLOAT64 -> Double.MIN_NORMAL;
            default -> 0;
        };
    }
}
