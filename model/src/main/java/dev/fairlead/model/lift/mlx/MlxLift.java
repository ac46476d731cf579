package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxNode;
import dev.fairlead.model.safetensors.Safetensors;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lifts a traced MLX function into the ONNX-shaped graph. */
public final class MlxLift {
    /** ONNX Runtime registers its CUDA DequantizeLinear at exactly this version; later ones drop to the CPU. */
    static final long OPSET = 21;

    static final long IR_VERSION = 10;

    private MlxLift() {}

    /**
     * Lifts a graph. The same input gives the same model.
     *
     * @param weights the graph's constants; the model's initializers are views of them where their bytes are kept
     * @param arena owner of the bytes that are not kept
     * @param version of this program
     * @throws ModelException MALFORMED when the graph or the weights break their format
     */
    public static Lift lift(MlxGraph graph, Safetensors weights, Arena arena, String version) {
        Names names = new Names(graph, "graph.json");
        Weights initializers = new Weights(graph, weights, arena);
        Emitter emitter = new Emitter(graph, names, initializers);
        List<UnsupportedOperation> unsupported = lower(graph, emitter);
        if (!unsupported.isEmpty()) {
            return new Lift.Unsupported(unsupported);
        }
        Assembly assembly = Assembly.of(graph, names, emitter, initializers);
        Model model = new Model(
                IR_VERSION,
                "fairlead",
                version,
                opsets(assembly),
                Map.of("fairlead.source", "mlx " + graph.frameworkVersion()),
                assembly.graph());
        return new Lift.Lifted(model, assembly.provenance());
    }

    private static SortedMap<String, Long> opsets(Assembly assembly) {
        SortedMap<String, Long> opsets = new TreeMap<>(Map.of("", OPSET));
        assembly.graph().nodes().forEach(node -> opsets.putIfAbsent(node.domain(), 1L));
        return opsets;
    }

    private static List<UnsupportedOperation> lower(MlxGraph graph, Emitter emitter) {
        List<UnsupportedOperation> unsupported = new ArrayList<>();
        Set<String> lost = new HashSet<>();
        for (MlxNode node : graph.nodes()) {
            // A complex number that could not be made is reported once, not at each of its uses.
            if (node.inputs().stream()
                    .anyMatch(value -> ComplexRules.isComplex(value) && lost.contains(value.name()))) {
                node.outputs().forEach(value -> lost.add(value.name()));
                continue;
            }
            int before = unsupported.size();
            Optional<Rule> rule = Rules.all().find(node);
            if (rule.isEmpty()) {
                unsupported.add(unsupported(node, Rules.all().missing(node)));
            } else {
                try {
                    emitter.begin(node, rule.get());
                    if (ComplexRules.uses(node)) {
                        ComplexRules.lower(node, rule.get(), emitter);
                    } else if (!Fusions.fuse(node, emitter)) {
                        rule.get().lowering().lower(node, emitter);
                    }
                } catch (ModelException e) {
                    // All other failures mean that the file is wrong; this one is collected, to report every one.
                    if (e.code() != ErrorCode.UNSUPPORTED) {
                        throw e;
                    }
                    unsupported.add(unsupported(node, e.problem()));
                }
            }
            if (unsupported.size() > before) {
                node.outputs().forEach(value -> lost.add(value.name()));
            }
        }
        for (MlxGraph.Output output : graph.outputs()) {
            if (ComplexRules.isComplex(output.value())) {
                unsupported.add(new UnsupportedOperation(
                        "output " + output.name(),
                        "outputs",
                        Origin.UNKNOWN,
                        "ONNX has no operators on complex numbers; give real and imaginary part apart"));
            }
        }
        return unsupported;
    }

    private static UnsupportedOperation unsupported(MlxNode node, String reason) {
        return new UnsupportedOperation(node.op(), node.path(), node.origin(), reason);
    }
}
