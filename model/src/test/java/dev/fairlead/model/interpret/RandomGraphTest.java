package dev.fairlead.model.interpret;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RandomGraphTest {
    /** What float32 loses in a chain of operators, relative to the largest number of a value. */
    private static final double FLOAT32_CHAIN = 1e-4;

    @Property(tries = 300)
    void interpreterAgreesWithOnnxRuntime(@ForAll long seed) throws OrtException {
        RandomGraph graph = new RandomGraph(new Random(seed));
        Model model = graph.model();
        Map<String, Tensor> expected = OnnxRuntime.run(model, graph.inputs());
        Map<String, Datum> found = new Interpreter(model).run(OneNode.data(graph.inputs()));
        expected.forEach((name, tensor) -> OneNode.assertClose(
                graph + " " + name, tensor, OneNode.tensor(Objects.requireNonNull(found.get(name))), FLOAT32_CHAIN));
    }
}
