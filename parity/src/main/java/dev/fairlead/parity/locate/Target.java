package dev.fairlead.parity.locate;

import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** The candidate on the machine that is to run it, under fixed settings. */
public interface Target extends AutoCloseable {
    /** Opens a target under settings. */
    @FunctionalInterface
    interface Opener {
        /** A target under these settings; what they do not name is as it usually is. */
        Target open(Map<String, String> settings);
    }

    /**
     * Computes the model's outputs, and values inside it.
     *
     * @param inputs by the candidate's names
     * @param taps names of values; none leaves the model as it is
     * @return outputs and taps by name, in memory that stays as it is
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps);

    /** Computes values with a model that ends with them: all that is not needed for them is cut off. */
    Map<String, Tensor> prefix(Map<String, Tensor> inputs, List<String> values);

    @Override
    void close();
}
