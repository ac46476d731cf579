package dev.fairlead.conformance;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * ONNX Runtime on the CPU, as the outside judge of the ONNX that is written.
 *
 * <p>It runs the graph that stands there: its own rewrites are off by default, for not all of them keep the numbers. Of those of release
 * 1.29, one rounds the other operand of a product with quantised weights to 8 bits.
 */
public final class OnnxRuntime implements AutoCloseable {
    private static final String NO_KERNEL = "Could not find an implementation for ";

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    private OnnxRuntime(Path file, OrtSession.SessionOptions.OptLevel rewrites) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            options.setOptimizationLevel(rewrites);
            this.session = environment.createSession(file.toString(), options);
        }
    }

    /** Opens a model that {@link OnnxWriter} wrote to a folder. A copy is put beside it where its inputs can't be fed as they are. */
    public static OnnxRuntime open(Model model, Path folder) throws IOException, OrtException {
        return open(model, folder, OrtSession.SessionOptions.OptLevel.NO_OPT);
    }

    /** The same with rewrites of its own. */
    public static OnnxRuntime open(Model model, Path folder, OrtSession.SessionOptions.OptLevel rewrites)
            throws IOException, OrtException {
        Model feedable = Feedable.of(model);
        Path place = folder;
        if (!feedable.graph().inputs().equals(model.graph().inputs())) {
            place = Files.createDirectories(folder.resolve("feedable"));
            OnnxWriter.write(feedable, place);
        }
        return new OnnxRuntime(place.resolve(OnnxWriter.MODEL), rewrites);
    }

    /**
     * Runs the model. Outputs that are no tensors are left out.
     *
     * @param inputs by name; what the model doesn't take is left out
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> feeds = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                String name = input.getKey();
                for (String given : List.of(name, Feedable.name(name))) {
                    if (session.getInputNames().contains(given)) {
                        feeds.put(given, tensor(input.getValue()));
                    }
                }
            }
            Map<String, Tensor> outputs = new TreeMap<>();
            try (OrtSession.Result result = session.run(feeds)) {
                result.forEach(entry -> {
                    if (entry.getValue() instanceof OnnxTensor tensor) {
                        outputs.put(entry.getKey(), tensor(tensor));
                    }
                });
            }
            return outputs;
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    /** The operator and its version, where the failure says that this build has no kernel for it. */
    public static Optional<String> missingKernel(OrtException failure) {
        String text = String.valueOf(failure.getMessage());
        int found = text.indexOf(NO_KERNEL);
        if (found < 0) {
            return Optional.empty();
        }
        String operator = text.substring(found + NO_KERNEL.length());
        int end = operator.indexOf(' ');
        return Optional.of(end < 0 ? operator : operator.substring(0, end));
    }

    private OnnxTensor tensor(Tensor tensor) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(
                        Math.toIntExact(tensor.data().byteSize()))
                .order(ByteOrder.nativeOrder());
        MemorySegment.ofBuffer(bytes).copyFrom(tensor.data());
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(environment, bytes, shape, type(Feedable.dtype(tensor.dtype())));
    }

    private static OnnxJavaType type(DType dtype) {
        return switch (dtype) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case INT8 -> OnnxJavaType.INT8;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            default ->
                throw new IllegalArgumentException("dtype: ONNX Runtime's Java binding takes no " + dtype.text());
        };
    }

    private static Tensor tensor(OnnxTensor value) {
        TensorInfo info = value.getInfo();
        List<Long> shape = LongStream.of(info.getShape()).boxed().toList();
        ByteBuffer buffer = value.getByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new Tensor(dtype(info.onnxType), shape, MemorySegment.ofArray(bytes));
    }

    /** By name: the constants' numbers are those of the runtime's Java binding, not of ONNX. */
    private static DType dtype(TensorInfo.OnnxTensorType type) {
        String name = type.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "");
        return switch (name) {
            case "FLOAT" -> DType.FLOAT32;
            case "DOUBLE" -> DType.FLOAT64;
            default -> DType.valueOf(name);
        };
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
