package dev.fairlead.parity.locate;

import dev.fairlead.model.interpret.Array;
import java.util.Set;

/** One side of a comparison, whose inner values can be asked for by name. */
public interface Values {
    /** Takes values as they come. */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes a value.
         *
         * @param array is not kept by the side, so that memory does not grow with their number
         */
        void take(String name, Array array);
    }

    /** All that it can give but its inputs. */
    Set<String> names();

    /**
     * Computes a case and gives each value that is wanted once, in the order in which it makes them. A value that holds no dense
     * tensor of numbers is left out.
     *
     * @param wanted of {@link #names()}
     */
    void stream(Case one, Set<String> wanted, Sink sink);
}
