package dev.fairlead.agent.cuda.canary;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * Main class of the child: {@code Canary cuda|cpu}. Computes one product and prints {@code canary ok VERSION} or why
 * not. A child, because a provider whose libraries do not match may end the whole process.
 */
public final class Canary {
    static final String OK = "canary ok ";

    private static final float[] GIVEN = {1, 2, 3, 4};
    private static final float[] SQUARE = {7, 10, 15, 22};
    private static final long[] SHAPE = {2, 2};

    private Canary() {}

    public static void main(String[] arguments) {
        boolean cuda = arguments.length == 0 || arguments[0].equals("cuda");
        try {
            System.out.println(run(cuda));
        } catch (OrtException | RuntimeException | LinkageError e) {
            System.out.println(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("failed"));
            System.exit(1);
        }
    }

    private static String run(boolean cuda) throws OrtException {
        var environment = OrtEnvironment.getEnvironment();
        try (var options = new OrtSession.SessionOptions()) {
            if (cuda) {
                try (var cudaOptions = new OrtCUDAProviderOptions(0)) {
                    cudaOptions.add("use_tf32", "0");
                    options.addCUDA(cudaOptions);
                }
                // Without this, what CUDA cannot do would quietly run on the CPU.
                options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
            }
            try (var session = environment.createSession(CanaryModel.bytes(), options);
                    var x = OnnxTensor.createTensor(environment, FloatBuffer.wrap(GIVEN), SHAPE);
                    var result = session.run(Map.of("x", x))) {
                float[] found = new float[SQUARE.length];
                ((OnnxTensor) result.get(0)).getFloatBuffer().get(found);
                return Arrays.equals(found, SQUARE)
                        ? OK + environment.getVersion()
                        : "computed " + Arrays.toString(found) + " for " + Arrays.toString(SQUARE);
            }
        }
    }
}
