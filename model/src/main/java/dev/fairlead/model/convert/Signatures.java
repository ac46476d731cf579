package dev.fairlead.model.convert;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.Feature;
import dev.fairlead.model.coreml.FeatureType;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.lower.coreml.CoremlLowering;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a target's users see. */
final class Signatures {
    private static final String UNSTATED =
            "is no tensor of a known type and rank, and a model's signature has only such";

    private Signatures() {}

    /** Of an ONNX graph. An input with an initializer has a default and is none that must be given. */
    static Signature of(Graph graph) {
        return new Signature(
                graph.inputs().stream()
                        .filter(value -> !graph.initializers().containsKey(value.name()))
                        .map(Signatures::spec)
                        .toList(),
                graph.outputs().stream().map(Signatures::spec).toList());
    }

    /** The inputs and outputs of a graph that a signature cannot state. */
    static List<UnsupportedOperation> unstated(Graph graph) {
        List<UnsupportedOperation> unstated = new ArrayList<>();
        graph.inputs().stream()
                .filter(value -> !graph.initializers().containsKey(value.name()))
                .forEach(value -> require("input", value, unstated));
        graph.outputs().forEach(value -> require("output", value, unstated));
        return unstated;
    }

    private static void require(String kind, Value value, List<UnsupportedOperation> unstated) {
        if (value.dtype().isEmpty() || value.shape().isEmpty()) {
            unstated.add(new UnsupportedOperation(kind, value.name(), Origin.UNKNOWN, UNSTATED));
        }
    }

    static Signature of(MlxGraph graph) {
        return new Signature(
                graph.inputs().stream().map(value -> spec(value.name(), value)).toList(),
                graph.outputs().stream()
                        .map(output -> spec(output.name(), output.value()))
                        .toList());
    }

    /** Of a Core ML model made from a graph: names and types are the features', sizes the graph's. */
    static Signature of(Description description, Graph graph) {
        Signature stated = of(graph);
        Map<String, String> carried = description.metadata().userDefined();
        return new Signature(
                specs("input", description.main().inputs(), stated.inputs(), carried),
                specs("output", description.main().outputs(), stated.outputs(), carried));
    }

    static TensorSpec spec(String name, MlxValue value) {
        return new TensorSpec(name, value.dtype(), value.dims());
    }

    private static List<TensorSpec> specs(
            String kind, List<Feature> features, List<TensorSpec> stated, Map<String, String> carried) {
        Map<String, TensorSpec> byName =
                stated.stream().collect(Collectors.toMap(TensorSpec::name, Function.identity(), (one, same) -> one));
        List<TensorSpec> specs = new ArrayList<>();
        for (Feature feature : features) {
            String key = CoremlLowering.CARRIED + kind + "." + feature.name() + ".name";
            TensorSpec value = byName.get(carried.getOrDefault(key, feature.name()));
            if (value == null || !(feature.type() instanceof FeatureType.MultiArray array)) {
                throw new IllegalStateException(kind + " " + feature.name() + " is no tensor of the graph");
            }
            // A scalar travels as a tensor of one element.
            List<Dim> dims = value.shape().isEmpty()
                    ? Stream.<Dim>of(new Dim.Fixed(1))
                            .limit(array.shape().size())
                            .toList()
                    : value.shape();
            specs.add(new TensorSpec(feature.name(), array.element().dtype(), dims));
        }
        return specs;
    }

    private static TensorSpec spec(Value value) {
        if (value.dtype().isEmpty() || value.shape().isEmpty()) {
            throw new ModelException(ErrorCode.UNSUPPORTED, "graph", ModelException.shown(value.name()), UNSTATED);
        }
        return new TensorSpec(value.name(), value.dtype().get(), value.shape().get());
    }
}
