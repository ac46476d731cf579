package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.MilFunction;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.lift.Lift;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lifts a function of a Core ML model into the ONNX-shaped graph. */
public final class CoremlLift {
    /** ONNX Runtime registers its CUDA DequantizeLinear at exactly this version; later ones drop to the CPU. */
    static final long OPSET = 21;

    static final long IR_VERSION = 10;

    private CoremlLift() {}

    /**
     * Lifts one function. A state is an input of its name and an output of its name with {@code _next}. Which shapes a flexible input
     * may have, the description's text and the names of the other functions are in the metadata, under {@code fairlead.coreml}.
     *
     * @param function its name; absent for the default one
     * @param version of this program
     * @throws ModelException MALFORMED when the program contradicts itself, MISSING when it has no such function
     */
    public static Lift lift(CoremlModel model, Optional<String> function, String version) {
        String name = function.orElseGet(() -> defaultFunction(model));
        MilFunction found = Optional.ofNullable(model.program().functions().get(name))
                .orElseThrow(() -> new ModelException(
                        ErrorCode.MISSING,
                        Invocation.FILE,
                        "functions",
                        ModelException.shown(name) + " is none of "
                                + model.program().functions().keySet()));
        Description.Signature signature = signature(model, name);
        FunctionLift lift = new FunctionLift(name, found, signature, model.specificationVersion());
        Optional<Assembly> assembly = lift.run();
        if (assembly.isEmpty()) {
            List<UnsupportedOperation> unsupported = lift.unsupported();
            return new Lift.Unsupported(unsupported);
        }
        return new Lift.Lifted(
                new Model(
                        IR_VERSION,
                        "fairlead",
                        version,
                        new TreeMap<>(Map.of("", OPSET)),
                        Annotations.of(model, name, signature, assembly.get().states(), lift.labels()),
                        assembly.get().graph()),
                assembly.get().provenance());
    }

    private static String defaultFunction(CoremlModel model) {
        String stated = model.description().defaultFunction();
        return stated.isEmpty() ? CoremlModel.MAIN : stated;
    }

    private static Description.Signature signature(CoremlModel model, String function) {
        return model.description().functions().stream()
                .filter(candidate -> candidate.name().equals(function))
                .findFirst()
                .map(Description.NamedSignature::signature)
                .orElse(model.description().main());
    }
}
