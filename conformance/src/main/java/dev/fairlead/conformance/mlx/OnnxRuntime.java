package dev.fairlead.conformance.mlx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** ONNX Runtime on the CPU. */
final class OnnxRuntime {
    private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

    /** Its Java binding takes no unsigned inputs; a signed one of the same bits, cast in the graph, is the same. */
    private static final Map<DType, DType> SIGNED =
            Map.of(DType.UINT16, DType.INT16, DType.UINT32, DType.INT32, DType.UINT64, DType.INT64);

    private OnnxRuntime() {}

    /** The outputs of a model that lies in a folder. */
    static Map<String, Tensor> run(Model model, Path folder, Map<String, Tensor> inputs) throws OrtException {
        Path file = folder.resolve(OnnxWriter.MODEL);
        Model feedable = feedable(model);
        if (!feedable.equals(model)) {
            Path signed = folder.resolve("signed");
            signed.toFile().mkdir();
            OnnxWriter.write(feedable, signed);
            file = signed.resolve(OnnxWriter.MODEL);
        }
        Map<String, OnnxTensor> feeds = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setSessionLogLevel(ai.onnxruntime.OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            try (OrtSession session = ENVIRONMENT.createSession(file.toString(), options)) {
                for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
                    if (session.getInputNames().contains(input.getKey())) {
                        feeds.put(input.getKey(), tensor(input.getValue()));
                    }
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

    /** The operator, with its reason, where the failure says that this build has no kernel for it. */
    static Optional<String> missingKernel(OrtException failure) {
        String text = String.valueOf(failure.getMessage());
        int found = text.indexOf("Could not find an implementation for ");
        if (found < 0) {
            return Optional.empty();
        }
        String operator = text.substring(found + "Could not find an implementation for ".length());
        int end = operator.indexOf(' ');
        return Optional.of(end < 0 ? operator : operator.substring(0, end));
    }

    private static Model feedable(Model model) {
        Graph graph = model.graph();
        List<Value> inputs = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (Value input : graph.inputs()) {
            DType dtype = input.dtype().orElseThrow();
            DType signed = SIGNED.get(dtype);
            if (signed == null) {
                inputs.add(input);
                continue;
            }
            inputs.add(Value.of(input.name(), signed, input.shape().orElseThrow()));
            TreeMap<String, Attribute> to = new TreeMap<>();
            to.put("to", new Attribute.Int(OnnxTypes.code(dtype).orElseThrow()));
            String cast = input.name() + "/unsigned";
            nodes.add(new Node(cast, "", "Cast", List.of(input.name()), List.of(cast), to, new TreeMap<>()));
        }
        if (nodes.isEmpty()) {
            return model;
        }
        List<String> cast = nodes.stream().map(node -> node.inputs().getFirst()).toList();
        for (Node node : graph.nodes()) {
            List<String> renamed = node.inputs().stream()
                    .map(name -> cast.contains(name) ? name + "/unsigned" : name)
                    .toList();
            nodes.add(new Node(
                    node.name(),
                    node.domain(),
                    node.op(),
                    renamed,
                    node.outputs(),
                    node.attributes(),
                    node.metadata()));
        }
        return new Model(
                model.irVersion(),
                model.producer(),
                model.producerVersion(),
                model.opsets(),
                model.metadata(),
                new Graph(graph.name(), inputs, graph.outputs(), graph.initializers(), nodes, graph.values()));
    }

    private static OnnxTensor tensor(Tensor tensor) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(
                        Math.toIntExact(tensor.data().byteSize()))
                .order(ByteOrder.nativeOrder());
        MemorySegment.ofBuffer(bytes).copyFrom(tensor.data());
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        DType dtype = SIGNED.getOrDefault(tensor.dtype(), tensor.dtype());
        OnnxJavaType type = OnnxJavaType.valueOf(
                switch (dtype) {
                    case FLOAT32 -> "FLOAT";
                    case FLOAT64 -> "DOUBLE";
                    default -> dtype.name();
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
