package dev.fairlead.model.interpret;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RandomGraphTest {
    /** What float32 loses in a chain of operators, relative to the largest number of a value. */
    private static final double FLOAT32_CHAIN = 1e-4;

    @Property(tries = 300)
    void interpreterAgreesWithOnnxRuntime(@ForAll long seed) throws OrtException {
        RandomGraph graph = new RandomGraph(new Random(seed));
        Model model = graph.model();
        Optional<Map<String, Tensor>> expected = run(graph, model);
        Assume.that(expected.isPresent());
        Map<String, Datum> found = new Interpreter(model).run(OneNode.data(graph.inputs()));
        expected.orElseThrow()
                .forEach((name, tensor) -> OneNode.assertClose(
                        graph + " " + name,
                        tensor,
                        OneNode.tensor(Objects.requireNonNull(found.get(name))),
                        FLOAT32_CHAIN));
    }

    /** Empty where ONNX Runtime has no kernel, as for some operators on float64. */
    private static Optional<Map<String, Tensor>> run(RandomGraph graph, Model model) throws OrtException {
        try {
            return Optional.of(OnnxRuntime.run(model, graph.inputs()));
        } catch (OrtException e) {
            if (e.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
