package dev.fairlead.agent.runtime;

import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** A loaded model. One thread runs it at a time; {@link #cancel} may come from any. */
public interface RuntimeSession extends AutoCloseable {
    Signature signature();

    /** What really computes. */
    RuntimeInfo info();

    /**
     * Computes the signature's outputs, and each of {@code taps} under its own name.
     *
     * @param inputs every input of the signature, of its dtype
     * @param taps names of values inside the graph; a run with taps may be slower
     * @return tensors that stay valid until the next run or the close of this session
     * @throws dev.fairlead.agent.failure.AgentFailure BAD_TASK for a missing or unknown input, another dtype or shape,
     *     or an unknown tap, CANCELLED after {@link #cancel}, RUNTIME_FAILED for what the runtime says
     * @throws IllegalStateException after {@link #close}
     */
    Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps);

    /** Ends a run in progress soon; the next run is not affected. Without one it does nothing. */
    void cancel();

    /** Gives back what the model took. A second close does nothing. */
    @Override
    void close();
}
