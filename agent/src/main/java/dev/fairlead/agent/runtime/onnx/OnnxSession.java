package dev.fairlead.agent.runtime.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.runtime.Inputs;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A model in ONNX Runtime. Inputs are read where they lie; outputs whose sizes are known before the run are written
 * where they are returned. Runs on the same input memory share their buffers, so a loop costs what the library costs.
 */
final class OnnxSession implements RuntimeSession {
    private final OnnxRuntime runtime;
    private final Path folder;
    private final Signature signature;
    private final RuntimeInfo info;
    private final OrtSession plain;
    private final OrtSession.RunOptions options;
    private final ReentrantLock cancelling = new ReentrantLock();
    private List<String> tapped = List.of();
    private @Nullable OrtSession tapping;
    private @Nullable Binding binding;
    private boolean running;
    private boolean terminated;
    private boolean closed;

    OnnxSession(OnnxRuntime runtime, Path folder, Signature signature) {
        this.runtime = runtime;
        this.folder = folder;
        this.signature = signature;
        this.info = runtime.info();
        this.plain = runtime.open(folder, List.of());
        try {
            this.options = new OrtSession.RunOptions();
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public RuntimeInfo info() {
        return info;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps) {
        if (closed) {
            throw new IllegalStateException(folder + ": the session is closed");
        }
        Binding bound = binding;
        if (bound == null || !bound.fits(inputs, taps)) {
            Inputs.check(signature, inputs);
            if (bound != null) {
                binding = null;
                bound.close();
            }
            bound = Binding.of(signature, inputs, taps);
            binding = bound;
        }
        OrtSession session = taps.isEmpty() ? plain : tapping(taps);
        begin();
        try (var result = session.run(bound.inputs(), bound.requested(), bound.pinned(), options)) {
            return bound.outputs(result);
        } catch (OrtException e) {
            throw cancelled() ? new AgentFailure(FailureCode.CANCELLED, "the run was cancelled", e) : failure(e);
        } finally {
            end();
        }
    }

    private OrtSession tapping(List<String> taps) {
        OrtSession known = tapping;
        if (known != null && tapped.equals(taps)) {
            return known;
        }
        closeTapping();
        OrtSession opened;
        try {
            opened = runtime.open(folder, taps);
        } catch (AgentFailure e) {
            throw new AgentFailure(FailureCode.BAD_TASK, "taps " + taps + ": " + e.getMessage(), e);
        }
        tapping = opened;
        tapped = List.copyOf(taps);
        return opened;
    }

    private void begin() {
        cancelling.lock();
        try {
            running = true;
        } finally {
            cancelling.unlock();
        }
    }

    private boolean cancelled() {
        cancelling.lock();
        try {
            return terminated;
        } finally {
            cancelling.unlock();
        }
    }

    private void end() {
        cancelling.lock();
        try {
            running = false;
            if (terminated) {
                terminated = false;
                options.setTerminate(false);
            }
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            cancelling.unlock();
        }
    }

    @Override
    public void cancel() {
        cancelling.lock();
        try {
            if (running) {
                terminated = true;
                options.setTerminate(true);
            }
        } catch (OrtException e) {
            throw failure(e);
        } finally {
            cancelling.unlock();
        }
    }

    private static AgentFailure failure(OrtException e) {
        return new AgentFailure(FailureCode.RUNTIME_FAILED, OnnxRuntime.MODEL + ": " + e.getMessage(), e);
    }

    private void closeTapping() {
        OrtSession known = tapping;
        tapping = null;
        close(known);
    }

    private static void close(@Nullable OrtSession session) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (OrtException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        Binding bound = binding;
        if (bound != null) {
            bound.close();
        }
        closeTapping();
        options.close();
        close(plain);
    }
}
