package dev.fairlead.conformance.gate;

import dev.fairlead.model.graph.Model;
import java.util.Set;
import java.util.function.Function;

/**
 * A public bug, built again.
 *
 * @param number in the list of the parity design
 * @param report where it was told of, or why there is none
 * @param precisions at which it is built
 * @param net the whole network, right or wrong
 * @param culprits values of the network, one of which the gate has to name
 */
record Fault(
        int number,
        String name,
        String report,
        Kind kind,
        Set<Level> precisions,
        Function<Side, Model> net,
        Set<String> culprits) {
    /** Who is at fault. */
    enum Kind {
        /** The converted graph says something else than the source. */
        CONVERSION,
        /** The graph is right, and a machine computes something else. */
        MACHINE,
        /** The graph and the machine are right, and the precision that was chosen can't hold the numbers. */
        PRECISION
    }

    enum Side {
        RIGHT,
        WRONG;

        boolean isWrong() {
            return this == WRONG;
        }
    }

    /** What weights and activations are kept in. */
    enum Level {
        FLOAT32,
        FLOAT16,
        BFLOAT16,
        /** Weights of 4 bits, activations of float32. */
        INT4
    }

    Model right() {
        return net.apply(Side.RIGHT);
    }

    Model wrong() {
        return net.apply(Side.WRONG);
    }

    /** For a case's name. */
    String id() {
        return "%02d-%s".formatted(number, name);
    }
}
