package dev.fairlead.conformance.trip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Precision;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoundTripTest {
    private static final Map<String, Content> INPUTS =
            Map.of("x", new Content.Dense(Tensor.ofFloats(List.of(2L), 1, 4)));

    @TempDir
    private Path folder;

    @Test
    void passesWhatComesBackEqual() throws IOException {
        assertThat(outcome(returning(0))).isEqualTo(new Outcome.Passed());
    }

    @Test
    void failsWhatComesBackOtherThanByTheTypesRounding() throws IOException {
        assertThat(outcome(returning(1e-5)))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.detail()).startsWith("output y differs by "));
    }

    @Test
    void refusesToCallTheTypesRoundingEqual() throws IOException {
        assertThat(outcome(returning(1e-8))).isInstanceOf(Outcome.Unsupported.class);
    }

    @Test
    void passesOnesWhoseConstantsOnlyFloat64Holds() throws IOException {
        assertThat(outcome(new ByMlx())).isInstanceOf(Outcome.PassedElsewhere.class);
    }

    private Outcome outcome(Route route) throws IOException {
        return RoundTrip.outcome(gelu(), INPUTS, route, folder);
    }

    /** GELU has the root of two in it. */
    private static Model gelu() {
        List<Dim> shape = List.of(new Dim.Fixed(2));
        Node node = new Node(
                "y", "", "Gelu", List.of("x"), List.of("y"), new TreeMap<String, Attribute>(), new TreeMap<>());
        Graph graph = new Graph(
                "gelu",
                List.of(Value.of("x", DType.FLOAT32, shape)),
                List.of(Value.of("y", DType.FLOAT32, shape)),
                Map.of(),
                List.of(node),
                List.of());
        return new Model(10, "test", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    /** A format that changes numbers by a part of themselves. */
    private static Route returning(double error) {
        return new Route() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public Map<String, Datum> outputs(
                    Model model, Map<String, Content> inputs, Path folder, Precision precision) {
                double[] values = {1, 4};
                for (int i = 0; i < values.length; i++) {
                    double x = values[i];
                    values[i] = gelu(x) * (1 + error);
                }
                DType dtype = model.graph().outputs().getFirst().dtype().orElseThrow();
                return Map.of("y", Datum.of(new Array.Reals(dtype, new int[] {2}, values)));
            }
        };
    }

    /** From tables of the normal distribution: 0.5 (1 + erf(x / √2)) is 0.841344746068543 at 1 and 0.999968328758167 at 4. */
    private static double gelu(double x) {
        return x == 1 ? 0.841344746068543 : 4 * 0.999968328758167;
    }
}
