package dev.fairlead.model.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sum's own kernel, one loop over all indices, is the judge of what it becomes. */
class ContractionTest {
    private static final Map<Character, Long> SIZES =
            Map.of('a', 2L, 'b', 3L, 'i', 4L, 'j', 5L, 'k', 6L, 'h', 2L, 'd', 3L);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ik,kj->ij; MatMul",
                "bik,bjk->bij; MatMul",
                "bihd,bjhd->bhij; MatMul",
                "bihd,hdk->bik; MatMul",
                "bik,khd->bihd; MatMul",
                "bhij,bjhd->bihd; MatMul",
                "i,j->ij; Mul",
                "i,i->; MatMul",
                "ij,j; MatMul",
                "ij->ji; Transpose",
                "ijk->k; ReduceSum",
                "ij,jk,kd->id; MatMul",
                "...ij,...jk->...ik; MatMul",
                "a...i,ij->...j; MatMul",
                "ij,ij->ij; Mul",
                "bi,ij,bj->b; MatMul",
            })
    void becomesProductsOfMatrices(String equation, String uses) {
        for (DType dtype : List.of(DType.FLOAT32, DType.INT32)) {
            for (boolean isFixed : List.of(true, false)) {
                Model model = model(equation, dtype, isFixed);
                Model expanded = Contraction.expand(model);
                List<String> operators =
                        expanded.graph().nodes().stream().map(Node::op).toList();
                assertThat(operators).doesNotContain("Einsum");
                assertThat(operators).contains(uses.equals("MatMul") && dtype == DType.INT32 ? "Mul" : uses);
                assertThat(run(expanded, dtype)).as(equation).isEqualTo(run(model, dtype));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"ii->i", "ij,jj->i"})
    void leavesADiagonal(String equation) {
        assertThat(Contraction.expand(model(equation, DType.FLOAT32, true))
                        .graph()
                        .nodes())
                .extracting(Node::op)
                .containsExactly("Einsum");
    }

    private static List<String> letters(String equation) {
        return List.of(equation.split("->", -1)[0].split(","));
    }

    /** Two axes for an ellipsis, the first of size 1 in the first term. */
    private static List<Long> shape(String term, boolean isFirst) {
        List<Long> shape = new ArrayList<>();
        for (char letter : term.replace("...", ".").toCharArray()) {
            if (letter == '.') {
                shape.add(isFirst ? 1L : 3L);
                shape.add(2L);
            } else {
                shape.add(SIZES.get(letter));
            }
        }
        return shape;
    }

    private static Model model(String equation, DType dtype, boolean isFixed) {
        List<Value> inputs = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String term : letters(equation)) {
            String name = "x" + inputs.size();
            List<Dim> dims = new ArrayList<>();
            for (long size : shape(term, inputs.isEmpty())) {
                boolean isSymbol = !isFixed && size == 4;
                dims.add(isSymbol ? Dim.of(Expression.symbol("length")) : new Dim.Fixed(size));
            }
            inputs.add(Value.of(name, dtype, dims));
            names.add(name);
        }
        Node node = new Node(
                "sum",
                "",
                "Einsum",
                names,
                List.of("y"),
                new TreeMap<>(Map.of("equation", new Attribute.Text(equation))),
                new TreeMap<>());
        Value output = new Value("y", Optional.of(dtype), Optional.empty());
        Graph graph = new Graph("g", inputs, List.of(output), new LinkedHashMap<>(), List.of(node), List.of());
        return new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    /** Whole numbers, whose sums have no rounding. */
    private static String run(Model model, DType dtype) {
        SplittableRandom random = new SplittableRandom(3);
        Map<String, Datum> feeds = new HashMap<>();
        for (Value input : model.graph().inputs()) {
            List<Long> shape = input.shape().orElseThrow().stream()
                    .map(dim -> dim instanceof Dim.Fixed(long size) ? size : 4L)
                    .toList();
            Tensor tensor = Tensor.allocate(dtype, shape);
            for (long i = 0; i < tensor.elements(); i++) {
                double number = random.nextInt(-9, 10);
                if (dtype.isFloating()) {
                    tensor.set(i, number);
                } else {
                    tensor.set(i, (long) number);
                }
            }
            feeds.put(input.name(), Datum.of(new Content.Dense(tensor)));
        }
        Datum result = Objects.requireNonNull(new Interpreter(model).run(feeds).get("y"));
        if (!(result.content() instanceof Content.Dense(Tensor made))) {
            throw new AssertionError("no tensor");
        }
        StringBuilder text = new StringBuilder(made.shape().toString());
        for (long i = 0; i < made.elements(); i++) {
            text.append(' ').append((long) made.doubleAt(i));
        }
        return text.toString();
    }
}
