package dev.fairlead.agent.runtime;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.machine.Accelerator;
import dev.fairlead.agent.machine.ModelFormat;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.machine.RuntimeKind;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Multiplies x with itself as often as the model's file {@code products} says, in plain Java. */
public final class FakeRuntime implements ModelRuntime {
    static final String FILE = "products";
    static final String TAP = "product";

    @Override
    public RuntimeSession load(Path modelFolder) {
        Signature signature = ModelInfoFile.read(modelFolder).signature();
        try {
            return new Session(
                    signature,
                    Integer.parseInt(Files.readString(modelFolder.resolve(FILE)).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private enum State {
        IDLE,
        RUNNING,
        CANCELLED,
        CLOSED
    }

    private static final class Session implements RuntimeSession {
        private final Signature signature;
        private final int products;
        private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

        Session(Signature signature, int products) {
            this.signature = signature;
            this.products = products;
        }

        @Override
        public Signature signature() {
            return signature;
        }

        @Override
        public RuntimeInfo info() {
            return new RuntimeInfo(
                    RuntimeKind.ONNXRUNTIME,
                    "1",
                    List.of(ModelFormat.ONNX),
                    List.of(Accelerator.CPU),
                    "fake",
                    Map.of(),
                    true);
        }

        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, List<String> taps) {
            if (!state.compareAndSet(State.IDLE, State.RUNNING)) {
                throw new IllegalStateException("the session is " + state.get());
            }
            try {
                return compute(inputs, taps);
            } finally {
                state.set(State.IDLE);
            }
        }

        private Map<String, Tensor> compute(Map<String, Tensor> inputs, List<String> taps) {
            Inputs.check(signature, inputs);
            for (String tap : taps) {
                if (!tap.equals(TAP)) {
                    throw new AgentFailure(FailureCode.BAD_TASK, "tap: " + tap + ": the graph has no such value");
                }
            }
            Tensor last = Objects.requireNonNull(inputs.get("x"));
            for (int i = 0; i < products; i++) {
                last = squared(last);
            }
            Map<String, Tensor> found = new HashMap<>(Map.of("y", last));
            for (String tap : taps) {
                found.put(tap, last);
            }
            return found;
        }

        private Tensor squared(Tensor x) {
            int rows = Math.toIntExact(x.shape().getFirst());
            Tensor product = Tensor.allocate(x.dtype(), x.shape());
            for (int row = 0; row < rows; row++) {
                if (state.get() == State.CANCELLED) {
                    throw new AgentFailure(FailureCode.CANCELLED, "the run was cancelled");
                }
                for (int column = 0; column < rows; column++) {
                    float sum = 0;
                    for (int i = 0; i < rows; i++) {
                        sum += (float) (x.doubleAt((long) row * rows + i) * x.doubleAt((long) i * rows + column));
                    }
                    product.data().setAtIndex(Tensor.FLOAT, (long) row * rows + column, sum);
                }
            }
            return product;
        }

        @Override
        public void cancel() {
            state.compareAndSet(State.RUNNING, State.CANCELLED);
        }

        @Override
        public void close() {
            state.set(State.CLOSED);
        }
    }
}
