package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.tensor.Permutation;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DivergenceTest {
    private static final List<Case> CASES =
            List.of(Block.input("a", 1), Block.input("b", 2), Block.input("c", 3), Block.input("d", 4));

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(
                        "normal",
                        new Block().with("normal", "LayerNormalization", Map.of("epsilon", new Attribute.Real(1e-6f)))),
                Arguments.of(
                        "active",
                        new Block().with("active", "Gelu", Map.of("approximate", new Attribute.Text("tanh")))),
                Arguments.of("attended", new Block().with("out", DivergenceTest::transposed)),
                Arguments.of("values", new Block().with("value", DivergenceTest::swapped)),
                Arguments.of("scaled", new Block().with("scale", DivergenceTest::larger)),
                Arguments.of("steps", new Block().with("steps", "Round", Map.of())),
                Arguments.of(
                        "joined",
                        new Block()
                                .with("joined", "Transpose", Map.of("perm", new Attribute.Ints(List.of(1L, 2L, 0L))))));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesTheOperationThatIsWrong(String planted, Block faulty) {
        Located located = locate(new Block().model(), faulty.model(), Provenance.NONE);
        assertThat(located.culprit().map(Operation::value)).contains(planted);
        assertThat(located.confirmed()).isEqualTo(3);
        assertThat(located.cases()).isEqualTo(3);
        Operation culprit = located.culprit().orElseThrow();
        assertThat(culprit.error()).isGreaterThan(Divergence.LIMIT);
        assertThat(culprit.inputs()).allMatch(input -> input.error() <= Divergence.LIMIT);
        assertThat(located.worst()).isNotEmpty().hasSizeLessThanOrEqualTo(10);
        assertThat(located.worst()).extracting(Operation::error).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void namesNothingWhereNothingIsWrong() {
        Located located = locate(new Block().model(), new Block().model(), Provenance.NONE);
        assertThat(located.culprit()).isEmpty();
        assertThat(located.compared()).isEqualTo(24);
    }

    @Test
    void alignsByProvenanceWhereNamesDiffer() {
        Model source = new Block().model();
        Block faulty = new Block().with("active", "Gelu", Map.of("approximate", new Attribute.Text("tanh")));
        Model renamed = renamed(faulty.model());
        List<OfValue> values = new ArrayList<>();
        Origin origin = new Origin(Optional.of("feed"), Optional.of("block.py"), Optional.of(17));
        source.graph()
                .nodes()
                .forEach(node -> values.add(new OfValue(
                        "new/" + node.outputs().getFirst(),
                        List.of(node.outputs().getFirst()),
                        origin,
                        node.op() + "Rule",
                        4,
                        // The steps before are inside what one rule makes.
                        node.op().equals("MatMul") ? Relation.FUSED_INTERNAL : relation(node))));
        Located located = locate(source, renamed, new Provenance(values, List.of()));
        Operation culprit = located.culprit().orElseThrow();
        assertThat(culprit.value()).isEqualTo("new/active");
        assertThat(culprit.rule()).isEqualTo("GeluRule");
        assertThat(culprit.version()).isEqualTo(4);
        assertThat(culprit.origin()).isEqualTo(origin);
        assertThat(culprit.within()).containsExactly("new/raised");
        assertThat(culprit.inputs()).extracting(Operation.Input::value).containsExactly("new/residual");
        assertThat(culprit.title())
                .isEqualTo("Gelu `new/active` (rule GeluRule version 4, prototype block.py:17 (feed))");
    }

    private static Relation relation(Node node) {
        return switch (node.op()) {
            case "Reshape" -> Relation.RESHAPE;
            default -> Relation.IDENTITY;
        };
    }

    @Test
    void comparesAPermutedValueInTheCandidatesForm() {
        // The source has "values" as [n, 8]; the candidate computes it permuted, and permutes it back.
        Model source = new Block().model();
        Graph graph = source.graph();
        List<Node> nodes = new ArrayList<>();
        Map<String, Attribute> across = Map.of("perm", new Attribute.Ints(List.of(1L, 0L)));
        for (Node node : graph.nodes()) {
            if (node.name().equals("residual")) {
                nodes.add(node("Transpose", "across", across, "attended"));
                nodes.add(node("Transpose", "back", across, "across"));
                nodes.add(node("Sub", "residual", Map.of(), "x", "back"));
            } else {
                nodes.add(node);
            }
        }
        Model candidate = source.withGraph(
                new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes, graph.values()));
        OfValue across1 = new OfValue("across", List.of("attended"), Origin.UNKNOWN, "MatMul", 1, Relation.PERMUTE);
        Located located = locate(source, candidate, new Provenance(List.of(across1), List.of()));
        Operation culprit = located.culprit().orElseThrow();
        assertThat(culprit.value()).isEqualTo("residual");
        assertThat(culprit.inputs()).anySatisfy(input -> {
            assertThat(input.value()).isEqualTo("across");
            assertThat(input.error()).isLessThan(Divergence.LIMIT);
        });
    }

    private static Node node(String op, String output, Map<String, Attribute> attributes, String... inputs) {
        return new Node(output, "", op, List.of(inputs), List.of(output), new TreeMap<>(attributes), new TreeMap<>());
    }

    static Located locate(Model source, Model candidate, Provenance provenance) {
        return new Divergence(
                        candidate,
                        provenance,
                        new Interpreted(source, List.of("x")),
                        List.of("y"),
                        new Interpreted(candidate, List.of("x")))
                .locate(CASES);
    }

    private static Model renamed(Model model) {
        Graph graph = model.graph();
        UnaryOperator<String> name =
                old -> graph.initializers().containsKey(old) || old.equals("x") ? old : "new/" + old;
        List<Node> nodes = graph.nodes().stream()
                .map(node -> new Node(
                        name.apply(node.name()),
                        "",
                        node.op(),
                        node.inputs().stream().map(name).toList(),
                        node.outputs().stream().map(name).toList(),
                        node.attributes(),
                        node.metadata()))
                .toList();
        Value y = graph.outputs().getFirst();
        return model.withGraph(new Graph(
                graph.name(),
                graph.inputs(),
                List.of(new Value("new/y", y.type())),
                new LinkedHashMap<>(graph.initializers()),
                nodes,
                List.of()));
    }

    static Tensor transposed(Tensor tensor) {
        return Permutation.apply(tensor, List.of(1, 0), Arena.ofAuto());
    }

    /** The first column of each head for that of the other. */
    static Tensor swapped(Tensor tensor) {
        Tensor changed = Tensor.allocate(tensor.dtype(), tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            long column = i % Block.WIDTH;
            long from = column == 0 ? i + 4 : column == 4 ? i - 4 : i;
            changed.set(i, tensor.doubleAt(from));
        }
        return changed;
    }

    static Tensor larger(Tensor tensor) {
        return Tensor.scalar(tensor.dtype(), 1.01 * tensor.doubleAt(0));
    }
}
