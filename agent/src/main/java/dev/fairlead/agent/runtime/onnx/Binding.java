package dev.fairlead.agent.runtime.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.runtime.Shapes;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The library's views of one set of input memory, and of the output memory that belongs to it. */
final class Binding implements AutoCloseable {
    private final Map<String, Tensor> given;
    private final List<String> taps;
    private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
    private final Map<String, OnnxTensor> pinned = new LinkedHashMap<>();
    private final Map<String, Tensor> pinnedTensors = new LinkedHashMap<>();
    private final Set<String> requested = new LinkedHashSet<>();

    private Binding(Map<String, Tensor> given, List<String> taps) {
        this.given = Map.copyOf(given);
        this.taps = List.copyOf(taps);
    }

    static Binding of(Signature signature, Map<String, Tensor> given, List<String> taps) {
        var binding = new Binding(given, taps);
        var shapes = new Shapes(signature, given);
        try {
            for (TensorSpec spec : signature.inputs()) {
                Tensor tensor = given.get(spec.name());
                if (tensor != null) {
                    binding.inputs.put(spec.name(), view(spec.name(), tensor));
                }
            }
            for (TensorSpec spec : signature.outputs()) {
                Optional<List<Long>> shape = shapes.of(spec);
                if (shape.isPresent()) {
                    Tensor tensor = Tensor.allocate(spec.dtype(), shape.get());
                    binding.pinnedTensors.put(spec.name(), tensor);
                    binding.pinned.put(spec.name(), view(spec.name(), tensor));
                } else {
                    binding.requested.add(spec.name());
                }
            }
        } catch (OrtException e) {
            binding.close();
            throw new AgentFailure(FailureCode.RUNTIME_FAILED, "tensors: " + e.getMessage(), e);
        }
        binding.requested.addAll(taps);
        return binding;
    }

    private static OnnxTensor view(String name, Tensor tensor) throws OrtException {
        MemorySegment data = tensor.data();
        if (data.byteSize() > Integer.MAX_VALUE) {
            throw new AgentFailure(
                    FailureCode.RUNTIME_FAILED,
                    name + ": " + data.byteSize() + " bytes; ONNX Runtime's Java interface takes at most 2 GiB");
        }
        ByteBuffer bytes = data.asByteBuffer();
        if (data.isReadOnly() || !data.isNative()) {
            // The library takes the address of direct, writable memory only.
            bytes = ByteBuffer.allocateDirect((int) data.byteSize())
                    .put(data.asByteBuffer())
                    .flip();
        }
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), bytes, shape, OnnxTypes.of(name, tensor.dtype()));
    }

    /** Whether these are views of the same memory: then nothing has to be made anew. */
    boolean fits(Map<String, Tensor> others, List<String> otherTaps) {
        if (others.size() != given.size() || !taps.equals(otherTaps)) {
            return false;
        }
        for (Map.Entry<String, Tensor> entry : others.entrySet()) {
            Tensor known = given.get(entry.getKey());
            if (known == null
                    || !(known.equals(entry.getValue())
                            && known.data().isNative()
                            && !known.data().isReadOnly())) {
                return false;
            }
        }
        return true;
    }

    Map<String, OnnxTensor> inputs() {
        return inputs;
    }

    /** Outputs that the library allocates. */
    Set<String> requested() {
        return requested;
    }

    Map<String, OnnxTensor> pinned() {
        return pinned;
    }

    Map<String, Tensor> outputs(OrtSession.Result result) throws OrtException {
        if (requested.isEmpty()) {
            return pinnedTensors;
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>(pinnedTensors);
        for (String name : requested) {
            var value = result.get(name);
            if (value.isEmpty() || !(value.get() instanceof OnnxTensor tensor)) {
                throw new AgentFailure(FailureCode.RUNTIME_FAILED, name + ": the output is no tensor");
            }
            outputs.put(name, copy(name, tensor));
        }
        return outputs;
    }

    private static Tensor copy(String name, OnnxTensor value) {
        TensorInfo info = value.getInfo();
        List<Long> shape = Arrays.stream(info.getShape()).boxed().toList();
        Tensor tensor = Tensor.allocate(OnnxTypes.of(name, info), shape);
        tensor.data().copyFrom(MemorySegment.ofBuffer(value.getByteBuffer()));
        return tensor;
    }

    @Override
    public void close() {
        inputs.values().forEach(OnnxTensor::close);
        pinned.values().forEach(OnnxTensor::close);
    }
}
