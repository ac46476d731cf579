package dev.fairlead.conformance.coreml;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** ONNX Runtime on the CPU, for the types that Core ML's features have. */
final class OnnxRuntime {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    private OnnxRuntime() {}

    static Map<String, Tensor> run(Path file, Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> feeds = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (OrtSession session = ENVIRONMENT.createSession(file.toString(), options)) {
                for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                    feeds.put(input.getKey(), tensor(input.getValue()));
                }
                Map<String, Tensor> outputs = new TreeMap<>();
                try (OrtSession.Result result = session.run(feeds)) {
                    result.forEach(entry -> outputs.put(entry.getKey(), tensor((OnnxTensor) entry.getValue())));
                }
                return outputs;
            }
        } finally {
            feeds.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(Tensor tensor) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(
                        Math.toIntExact(tensor.data().byteSize()))
                .order(ByteOrder.nativeOrder());
        MemorySegment.ofBuffer(bytes).copyFrom(tensor.data());
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        OnnxJavaType type = OnnxJavaType.valueOf(
                switch (tensor.dtype()) {
                    case FLOAT32 -> "FLOAT";
                    case FLOAT64 -> "DOUBLE";
                    default -> tensor.dtype().name();
                });
        return OnnxTensor.createTensor(ENVIRONMENT, bytes, shape, type);
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
}
