package dev.fairlead.conformance;

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

/** ONNX Runtime on the CPU, as the outside judge of the ONNX that is written. */
public final class OnnxRuntime implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
    private final OrtSession session;

    public OnnxRuntime(Path model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(2);
            // Left alone, it rounds the other operand of a product with quantised weights to 8 bits.
            options.addConfigEntry("session.qdq_matmulnbits_accuracy_level", "1");
            this.session = environment.createSession(model.toString(), options);
        }
    }

    /** Runs the model. Outputs that are no tensors of numbers are left out. */
    public Map<String, Tensor> run(Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> feeds = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                feeds.put(input.getKey(), tensor(input.getValue()));
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

    private OnnxTensor tensor(Tensor tensor) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(
                        Math.toIntExact(tensor.data().byteSize()))
                .order(ByteOrder.nativeOrder());
        MemorySegment.ofBuffer(bytes).copyFrom(tensor.data());
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(environment, bytes, shape, type(tensor.dtype()));
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
