package dev.fairlead.model.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ObserverTest {
    private static final List<Dim> SCALAR = List.of();

    @Test
    void seesEveryValueOnceInTheGraphsOrder() {
        List<String> seen = new ArrayList<>();
        new Interpreter(model(Map.of("two", Tensor.scalar(DType.FLOAT32, 2))))
                .run(Map.of("x", Datum.of(Array.scalar(DType.FLOAT32, 3.0))), (node, value, datum) -> {
                    assertThat(node.outputs()).containsExactly(value);
                    assertThat(datum).isInstanceOf(Datum.Dense.class);
                    if (datum instanceof Datum.Dense(Array.Reals reals)) {
                        seen.add(value + "=" + reals.values()[0]);
                    }
                });
        assertThat(seen).containsExactly("double=6.0", "sum=9.0", "y=18.0");
    }

    @Test
    void readsNoWeightThatNoNodeUses() {
        Interpreter interpreter;
        try (Arena arena = Arena.ofConfined()) {
            Tensor unused = Tensor.allocate(DType.FLOAT32, List.of(), arena);
            interpreter = new Interpreter(model(Map.of("two", Tensor.scalar(DType.FLOAT32, 2), "unused", unused)));
        }
        assertThat(interpreter.run(Map.of("x", Datum.of(Array.scalar(DType.FLOAT32, 3.0)))))
                .containsOnlyKeys("y");
    }

    private static Model model(Map<String, Tensor> weights) {
        List<Node> nodes = List.of(
                node("Mul", List.of("x", "two"), "double"),
                node("Add", List.of("double", "x"), "sum"),
                node("Mul", List.of("sum", "two"), "y"));
        Graph graph = new Graph(
                "g",
                List.of(Value.of("x", DType.FLOAT32, SCALAR)),
                List.of(Value.of("y", DType.FLOAT32, SCALAR)),
                weights,
                nodes,
                List.of());
        return new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    private static Node node(String op, List<String> inputs, String output) {
        return new Node(output, "", op, inputs, List.of(output), new TreeMap<>(), new TreeMap<>());
    }
}
