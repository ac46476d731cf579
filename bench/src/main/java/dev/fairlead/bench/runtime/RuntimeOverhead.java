package dev.fairlead.bench.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.agent.runtime.onnx.OnnxProvider;
import dev.fairlead.agent.runtime.onnx.OnnxRuntime;
import dev.fairlead.bench.Benchmark;
import dev.fairlead.bench.Scale;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run through the agents' runtime interface against a bare {@code OrtSession.run} on the same model with direct buffers
 * and a pre-allocated output, one after the other on one thread, both with the library's default threads. The model is
 * small, so that what the interface adds can be seen.
 */
public final class RuntimeOverhead implements Benchmark {
    public static final String NAME = "runtime-overhead";

    private final int runs;
    private final Tensor input = Tensor.allocate(DType.FLOAT32, List.of(1L, (long) Perceptron.WIDTH));
    private final Tensor output = Tensor.allocate(DType.FLOAT32, List.of(1L, (long) Perceptron.WIDTH));
    private @Nullable Path folder;
    private @Nullable RuntimeSession session;
    private @Nullable Bare bare;

    /** 2,000 runs a measurement, 200 in a quick run. */
    public RuntimeOverhead(Scale scale) {
        runs = scale.pick(2000, 200);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String unit() {
        return "x time of a bare pinned-buffer run, lower is better";
    }

    @Override
    public double target() {
        return 1.05;
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public String measure() {
        return "µs";
    }

    @Override
    public void prepare() throws IOException, OrtException {
        folder = Files.createTempDirectory("fairlead-bench-");
        Perceptron.write(folder);
        session = new OnnxRuntime(new OnnxProvider.Cpu(), OnnxRuntime.Role.STAND_IN).load(folder);
        bare = Bare.open(folder, input, output);
    }

    @Override
    public double subject() {
        RuntimeSession loaded = session;
        if (loaded == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        Map<String, Tensor> inputs = Map.of(Perceptron.INPUT, input);
        long start = System.nanoTime();
        int outputs = 0;
        for (int i = 0; i < runs; i++) {
            outputs += loaded.run(inputs, List.of()).size();
        }
        double time = microseconds(start);
        if (outputs != runs) {
            throw new IllegalStateException("outputs: " + outputs + " of " + runs + " runs");
        }
        return time;
    }

    @Override
    public double baseline() throws OrtException {
        Bare library = bare;
        if (library == null) {
            throw new IllegalStateException("prepare() comes first");
        }
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            library.run();
        }
        return microseconds(start);
    }

    @Override
    public void close() throws IOException {
        if (session != null) {
            session.close();
        }
        if (bare != null) {
            bare.close();
        }
        if (folder != null) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private double microseconds(long start) {
        return (System.nanoTime() - start) / 1e3 / runs;
    }

    /** The library alone. */
    private record Bare(OrtSession session, OnnxTensor input, OnnxTensor output) {
        static Bare open(Path folder, Tensor input, Tensor output) throws OrtException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                OrtSession session =
                        environment.createSession(folder.resolve("model.onnx").toString(), options);
                return new Bare(session, view(environment, input), view(environment, output));
            }
        }

        private static OnnxTensor view(OrtEnvironment environment, Tensor tensor) throws OrtException {
            long[] shape = tensor.shape().stream().mapToLong(size -> size).toArray();
            return OnnxTensor.createTensor(
                    environment,
                    tensor.data().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer(),
                    shape);
        }

        void run() throws OrtException {
            session.run(Map.of(Perceptron.INPUT, input), Set.of(), Map.of(Perceptron.OUTPUT, output))
                    .close();
        }

        void close() throws IOException {
            input.close();
            output.close();
            try {
                session.close();
            } catch (OrtException e) {
                throw new IOException("session: did not close", e);
            }
        }
    }
}
