package dev.fairlead.model.interpret;

import java.util.Iterator;
import java.util.Locale;

/** The activation functions of recurrent networks, after the page of LSTM. */
interface Activation {
    double of(double x);

    /**
     * The function of a name.
     *
     * @param alphas numbers that the functions of a node take in turn, where they need one
     * @param betas as {@code alphas}
     */
    static Activation of(Call call, String name, Iterator<Float> alphas, Iterator<Float> betas) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "relu" -> x -> Math.max(0, x);
            case "tanh" -> StrictMath::tanh;
            case "sigmoid" -> Functions::sigmoid;
            case "softsign" -> x -> x / (1 + Math.abs(x));
            case "softplus" -> Functions::softplus;
            case "affine" -> {
                double alpha = next(alphas, 1);
                double beta = next(betas, 0);
                yield x -> alpha * x + beta;
            }
            case "leakyrelu" -> {
                double alpha = next(alphas, 0.01f);
                yield x -> x >= 0 ? x : alpha * x;
            }
            case "thresholdedrelu" -> {
                double alpha = next(alphas, 1);
                yield x -> x >= alpha ? x : 0;
            }
            case "scaledtanh" -> {
                double alpha = next(alphas, 1);
                double beta = next(betas, 1);
                yield x -> alpha * StrictMath.tanh(beta * x);
            }
            case "hardsigmoid" -> {
                double alpha = next(alphas, 0.2f);
                double beta = next(betas, 0.5f);
                yield x -> Math.clamp(alpha * x + beta, 0, 1);
            }
            case "elu" -> {
                double alpha = next(alphas, 1);
                yield x -> x >= 0 ? x : alpha * StrictMath.expm1(x);
            }
            default -> throw call.malformed("activation " + name);
        };
    }

    private static double next(Iterator<Float> numbers, float otherwise) {
        return numbers.hasNext() ? numbers.next() : otherwise;
    }
}
