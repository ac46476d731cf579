package dev.fairlead.conformance.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.lower.coreml.CoremlLowering;
import dev.fairlead.model.lower.coreml.Lowered;
import dev.fairlead.model.lower.coreml.Options;
import dev.fairlead.model.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A model lowered to Core ML with the inputs that MIL wants as constants made constants.
 *
 * @param inputs that were made constants
 */
public record Specialised(Lowered.Program program, Set<String> inputs) {
    public Specialised {
        inputs = Set.copyOf(inputs);
    }

    /**
     * Lowers a model in float32.
     *
     * @param data of its inputs
     * @throws ModelException UNSUPPORTED with the first reason
     */
    public static Specialised of(Model model, Map<String, Content> data) {
        Options options = Options.defaults();
        Map<String, Tensor> specialised = new HashMap<>();
        Lowered lowered = CoremlLowering.lower(model, options);
        while (lowered instanceof Lowered.Refused(var refusals, Set<String> wanted)) {
            int before = specialised.size();
            wanted.forEach(name -> {
                if (data.get(name) instanceof Content.Dense(Tensor tensor)) {
                    specialised.put(name, tensor);
                }
            });
            if (specialised.size() == before) {
                Lowered.Refusal first = refusals.getFirst();
                throw new ModelException(
                        ErrorCode.UNSUPPORTED, "model.onnx", first.name(), first.op() + ": " + first.reason());
            }
            lowered = CoremlLowering.lower(model, options.withSpecialised(specialised));
        }
        return new Specialised((Lowered.Program) lowered, specialised.keySet());
    }
}
