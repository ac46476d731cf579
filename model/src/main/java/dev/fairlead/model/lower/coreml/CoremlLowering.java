package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.Feature;
import dev.fairlead.model.coreml.MilBlock;
import dev.fairlead.model.coreml.MilFunction;
import dev.fairlead.model.coreml.MilProgram;
import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.rewrite.ConstantFolding;
import dev.fairlead.model.rewrite.Contraction;
import dev.fairlead.model.rewrite.DeadCode;
import dev.fairlead.model.rewrite.Specialise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lowers a model to a Core ML model of one function. */
public final class CoremlLowering {
    /**
     * Metadata keys that say what a feature is in ONNX are this, {@code input.} or {@code output.}, the feature's name, and {@code
     * .dtype}, {@code .name} or {@code .rank}; a key is there where Core ML's answer differs.
     */
    public static final String CARRIED = "fairlead.carried.";

    /** Larger constants are left to the runtime, so that weights do not grow. */
    private static final long FOLDED_BYTES = 1 << 20;

    private CoremlLowering() {}

    /**
     * Lowers a model. The same model gives the same program.
     *
     * @throws ModelException MALFORMED when the graph breaks ONNX' own rules
     */
    public static Lowered lower(Model given, Options options) {
        Model model = DeadCode.remove(ConstantFolding.fold(
                Contraction.expand(Specialise.inputs(given, options.specialised())), FOLDED_BYTES));
        Emitter out = new Emitter(options.target().orElse(CoremlModel.IOS_18));
        Mil mil = new Mil(out);
        Graph graph = model.graph();
        GraphLowering lowering = new GraphLowering(model, options, mil);
        Features features = new Features(options, lowering, mil, new Remembered(model.metadata(), graph));
        Scope scope = new Scope(null);
        for (Value input : graph.inputs()) {
            if (!graph.initializers().containsKey(input.name())) {
                features.input(input, scope);
            }
        }
        features.reserve(graph.outputs());
        lowering.lower(graph, scope);
        List<Var> results = new ArrayList<>();
        for (Value output : graph.outputs()) {
            features.output(output, scope).ifPresent(results::add);
        }
        if (!lowering.refusals().isEmpty()) {
            return new Lowered.Refused(lowering.refusals(), lowering.wanted());
        }
        int version = options.target().orElse(out.needed());
        MilBlock block = out.finish(results, version);
        List<MilVariable> inputs = features.variables();
        MilFunction function =
                new MilFunction(inputs, CoremlModel.opset(version).orElseThrow(), block);
        List<Feature> outputs = features.outputs(results);
        Description description = Description.of(
                new Description.Signature(features.inputs(), outputs, features.states()), features.metadata());
        return new Lowered.Program(
                new CoremlModel(version, description, new MilProgram(Map.of(CoremlModel.MAIN, function))),
                out.provenance(block),
                features.notes());
    }

    /** Operators that have a rule. */
    public static Set<String> operators() {
        return Rules.operators();
    }
}
