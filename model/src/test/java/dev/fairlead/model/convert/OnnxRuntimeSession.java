package dev.fairlead.model.convert;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
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

/** ONNX Runtime on the CPU, as the outside judge of what the converter writes. */
public final class OnnxRuntimeSession implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    public OnnxRuntimeSession(Path model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            this.session = environment.createSession(model.toString(), options);
        }
    }

    public Map<String, Tensor> run(Map<String, Tensor> inputs) throws OrtException {
        Map<String, OnnxTensor> feeds = new HashMap<>();
        try {
            for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                feeds.put(input.getKey(), tensor(input.getValue()));
            }
            Map<String, Tensor> outputs = new TreeMap<>();
            try (OrtSession.Result result = session.run(feeds)) {
                result.forEach(entry -> outputs.put(entry.getKey(), tensor((OnnxTensor) entry.getValue())));
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
        OnnxJavaType type = switch (tensor.dtype()) {
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            default -> throw new IllegalArgumentException("dtype: " + tensor.dtype() + " in no fixture");
        };
        return OnnxTensor.createTensor(environment, bytes, shape, type);
    }

    private static Tensor tensor(OnnxTensor value) {
        TensorInfo info = value.getInfo();
        DType dtype = dtype(info.onnxType);
        List<Long> shape = LongStream.of(info.getShape()).boxed().toList();
        ByteBuffer buffer = value.getByteBuffer();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return new Tensor(dtype, shape, MemorySegment.ofArray(bytes));
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
