package dev.fairlead.conformance.replay;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.lower.mlx.Lowered;
import dev.fairlead.model.lower.mlx.MlxLowering;
import dev.fairlead.model.lower.mlx.Options;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A model lowered to MLX with its inputs that decide the graph made constants.
 *
 * @param inputs that were made constants
 */
public record Specialised(Lowered.Graph graph, Set<String> inputs) {
    public Specialised {
        inputs = Set.copyOf(inputs);
    }

    /**
     * Lowers a model.
     *
     * @param data of its inputs
     * @throws ModelException UNSUPPORTED with the first reason
     */
    public static Specialised of(Model model, Map<String, Content> data) {
        Map<String, Tensor> specialised = new TreeMap<>();
        Lowered lowered = MlxLowering.lower(model, Options.defaults());
        while (lowered instanceof Lowered.Refused refused) {
            int before = specialised.size();
            refused.undecided().forEach(input -> {
                if (data.get(input) instanceof Content.Dense(Tensor tensor)) {
                    specialised.put(input, tensor);
                }
            });
            if (specialised.size() == before) {
                Lowered.Operator first = refused.operators().getFirst();
                throw new ModelException(
                        ErrorCode.UNSUPPORTED, "model.onnx", first.node(), first.op() + ": " + first.reason());
            }
            lowered = MlxLowering.lower(model, new Options(specialised));
        }
        return new Specialised((Lowered.Graph) lowered, specialised.keySet());
    }
}
