package dev.fairlead.conformance.mlx;

import dev.fairlead.conformance.Agreement;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxGraphReader;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One exported function, in float64 on both sides.
 *
 * @param folder the MLX folder, with {@code inputs.safetensors} and {@code reference.safetensors} in it
 * @param converted the ONNX folder to make
 * @param values has the reference write what every node makes; only asked where an output differs
 */
record MlxReferenceCase(Path folder, Path converted, Values values) {
    /** Writes {@code values.safetensors} into the case's folder. */
    @FunctionalInterface
    interface Values {
        void write() throws IOException;
    }

    Outcome run() throws IOException {
        if (Converter.convert(folder, converted, Options.defaults())
                instanceof Conversion.Unsupported(var operations, var _)) {
            return MlxCase.refused(operations);
        }
        try (Safetensors inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
                Safetensors reference = Safetensors.open(folder.resolve("reference.safetensors"));
                OnnxFile file = OnnxFile.open(converted.resolve("model.onnx"))) {
            Map<String, Datum> data = new LinkedHashMap<>();
            inputs.tensors().forEach((name, tensor) -> data.put(name, Datum.of(new Content.Dense(tensor))));
            Map<String, Datum> found = new Interpreter(file.model()).run(data);
            Map<String, Tensor> wanted = reference.tensors();
            if (!found.keySet().equals(wanted.keySet())) {
                return new Outcome.Failed("outputs are " + found.keySet() + ", expected " + wanted.keySet());
            }
            for (Map.Entry<String, Datum> output : found.entrySet()) {
                Optional<String> problem =
                        difference(output.getValue(), Objects.requireNonNull(wanted.get(output.getKey())));
                if (problem.isPresent()) {
                    return new Outcome.Failed(
                            "output " + output.getKey() + " " + problem.get() + "; " + origin(file.model(), data));
                }
            }
            return new Outcome.Passed();
        }
    }

    /** @param wanted as the reference stores it: complex numbers have one more axis of two */
    private static Optional<String> difference(Datum found, Tensor wanted) {
        Datum stored = found instanceof Datum.Dense(Array.Complexes complexes) ? Datum.of(parts(complexes)) : found;
        return Agreement.difference(stored, Datum.of(new Content.Dense(wanted)));
    }

    private static Array parts(Array.Complexes complexes) {
        int[] shape = Arrays.copyOf(complexes.shape(), complexes.rank() + 1);
        shape[complexes.rank()] = 2;
        return new Array.Reals(DType.FLOAT64, shape, complexes.values());
    }

    /** The first value, in the ONNX graph's order, that should be a source value and is not: it names the rule at fault. */
    private String origin(Model model, Map<String, Datum> data) throws IOException {
        values.write();
        MlxGraph graph = MlxGraphReader.read(folder.resolve("graph.json"));
        Map<String, Datum> found = new Interpreter(tapped(model)).run(data);
        try (Safetensors all = Safetensors.open(folder.resolve("values.safetensors"))) {
            Map<String, Tensor> wanted = all.tensors();
            for (OfValue value : ProvenanceFile.read(converted).values()) {
                if (value.relation() != Relation.IDENTITY || value.sources().size() != 1) {
                    continue;
                }
                Datum datum = found.get(value.value());
                Tensor tensor = wanted.get(value.sources().getFirst());
                if (datum == null || tensor == null) {
                    continue;
                }
                Optional<String> problem = difference(datum, tensor);
                if (problem.isPresent()) {
                    return "first " + value.value() + " of rule " + value.rule() + " for "
                            + operation(graph, value.sources().getFirst()) + " " + problem.get();
                }
            }
        }
        return "no value that is compared differs before";
    }

    /** The same model with what every node makes among its outputs. */
    private static Model tapped(Model model) {
        Graph graph = model.graph();
        List<Value> outputs = new ArrayList<>(graph.outputs());
        Set<String> names = new LinkedHashSet<>();
        graph.nodes().forEach(node -> names.addAll(node.outputs()));
        names.remove("");
        graph.outputs().forEach(output -> names.remove(output.name()));
        names.forEach(name -> outputs.add(new Value(name, Optional.empty(), Optional.empty())));
        return new Model(
                model.irVersion(),
                model.producer(),
                model.producerVersion(),
                model.opsets(),
                model.metadata(),
                new Graph(graph.name(), graph.inputs(), outputs, graph.initializers(), graph.nodes(), graph.values()));
    }

    private static String operation(MlxGraph graph, String value) {
        for (MlxNode node : graph.nodes()) {
            if (node.outputs().stream().anyMatch(output -> output.name().equals(value))) {
                return node.op() + " at " + node.path();
            }
        }
        return "the input " + value;
    }
}
