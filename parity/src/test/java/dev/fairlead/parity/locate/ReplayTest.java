package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A machine that runs a faulty operation, in its own precision: the graph is right, what the machine makes of it is not. */
class ReplayTest {
    static Stream<Arguments> faults() {
        return Stream.of(DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16)
                .flatMap(dtype -> Stream.of(
                        Arguments.of(
                                "active",
                                dtype,
                                new Block(dtype)
                                        .with("active", "Gelu", Map.of("approximate", new Attribute.Text("tanh")))),
                        Arguments.of("scaled", dtype, new Block(dtype).with("scale", DivergenceTest::larger)),
                        Arguments.of("attended", dtype, new Block(dtype).with("out", DivergenceTest::transposed)),
                        Arguments.of("values", dtype, new Block(dtype).with("value", DivergenceTest::swapped)),
                        Arguments.of("steps", dtype, new Block(dtype).with("steps", "Round", Map.of())),
                        Arguments.of(
                                "weighting",
                                dtype,
                                new Block(dtype).with("weighting", "Softmax", Map.of("axis", new Attribute.Int(1))))));
    }

    /** The tanh form of GELU is within bfloat16's own rounding at most points, but not at all. */
    @ParameterizedTest
    @MethodSource("faults")
    void namesTheOperationThatTheMachineGetsWrong(String planted, DType dtype, Block faulty) {
        List<Replayed> replayed = replay(new Block(dtype).model(), faulty.model(), dtype, Set.of());
        assertThat(replayed)
                .filteredOn(one -> one.verdict() == Replayed.Verdict.WRONG)
                .extracting(one -> one.operation().value())
                .containsExactly(planted);
        assertThat(Replay.culprit(replayed).orElseThrow().operation().value()).isEqualTo(planted);
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT16", "BFLOAT16", "FLOAT32"})
    void findsAMachineRightThatRoundsAsDeclared(DType dtype) {
        List<Replayed> replayed = replay(new Block(dtype).model(), new Block(dtype).model(), dtype, Set.of());
        assertThat(replayed).hasSize(24).allSatisfy(one -> {
            assertThat(one.verdict()).isEqualTo(Replayed.Verdict.RIGHT);
            assertThat(one.unrounded()).isZero();
        });
        assertThat(Replay.culprit(replayed)).isEmpty();
    }

    @Test
    void takesPrefixesWhereATapUndoesAFusion() {
        Block faulty = new Block().with("scale", DivergenceTest::larger);
        List<Replayed> replayed =
                replay(new Block().model(), faulty.model(), DType.FLOAT32, Set.of("weighting", "querys"));
        assertThat(Replay.culprit(replayed).orElseThrow().operation().value()).isEqualTo("scaled");
        assertThat(replayed)
                .filteredOn(Replayed::prefixed)
                .extracting(one -> one.operation().value())
                .containsExactly("querys", "query_split", "weighting", "context");
    }

    /** Float16 has TF32's 11 bits; the machine rounds the operands of one product to them, and says float32. */
    @Test
    void saysWhereOperandsAreRoundedToElevenBits() {
        Model right = new Block().model();
        Graph graph = right.graph();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.name().equals("raised")) {
                nodes.add(cast("residual", "narrow", 10));
                nodes.add(cast("narrow", "left", 1));
                nodes.add(cast("up", "narrow_up", 10));
                nodes.add(cast("narrow_up", "right", 1));
                nodes.add(new Node(
                        "raised",
                        "",
                        "MatMul",
                        List.of("left", "right"),
                        node.outputs(),
                        node.attributes(),
                        node.metadata()));
            } else {
                nodes.add(node);
            }
        }
        Model machine = right.withGraph(
                new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes, graph.values()));
        List<Replayed> replayed = replay(right, machine, DType.FLOAT32, Set.of());
        Replayed culprit = Replay.culprit(replayed).orElseThrow();
        assertThat(culprit.operation().value()).isEqualTo("raised");
        assertThat(culprit.reason()).isEqualTo("it is within the bound of operands rounded to 11 bits (TF32)");
        Map<String, Tensor> inputs = Block.input("a", 1).inputs();
        try (FakeTarget target = new FakeTarget(machine, Set.of())) {
            assertThat(Replay.culprit(new Replay(right, Provenance.NONE, Contract.TF32).all(target, inputs)))
                    .isEmpty();
        }
    }

    private static Node cast(String from, String to, long type) {
        return new Node(
                to,
                "",
                "Cast",
                List.of(from),
                List.of(to),
                new TreeMap<>(Map.of("to", new Attribute.Int(type))),
                new TreeMap<>());
    }

    @Test
    void judgesNoRandomNumbers() {
        Block random = new Block().with("scaled", "RandomNormalLike", Map.of());
        Replayed one = replay(random.model(), new Block().model(), DType.FLOAT32, Set.of()).stream()
                .filter(each -> each.operation().value().equals("scaled"))
                .findFirst()
                .orElseThrow();
        assertThat(one.verdict()).isEqualTo(Replayed.Verdict.NOT_JUDGED);
        assertThat(one.sentence()).endsWith("was not judged: it draws random numbers or runs another graph");
    }

    /** λ√n·u against n·u/(1 − n·u): the first is smaller from n = 17 on. */
    @Test
    void boundsByTheSmallerOfBothRules() {
        double u = 0x1p-24;
        assertThat(new Bound(Contract.FLOAT32, DType.FLOAT32, 4, true).of(0, 1))
                .isCloseTo(4 * u / (1 - 4 * u), within(1e-20));
        assertThat(new Bound(Contract.FLOAT32, DType.FLOAT32, 100, true).of(0, 1))
                .isCloseTo(40 * u, within(1e-20));
        assertThat(new Bound(Contract.TF32, DType.FLOAT32, 100, true).of(2, 3))
                .isCloseTo(2 * u + (2 * 0x1p-11 + 40 * u) * 3, within(1e-20));
        assertThat(new Bound(Contract.TF32, DType.FLOAT32, 100, false).of(2, 3))
                .isCloseTo(2 * u + 40 * u * 3, within(1e-20));
        assertThat(new Bound(Contract.FLOAT32, DType.FLOAT16, 1, true).of(2, 0)).isCloseTo(2 * 0x1p-11, within(1e-7));
    }

    private static List<Replayed> replay(Model right, Model machine, DType dtype, Set<String> fused) {
        Map<String, Tensor> inputs = Block.input(dtype, "a", 1).inputs();
        try (FakeTarget target = new FakeTarget(machine, fused)) {
            return new Replay(right, Provenance.NONE, Contract.FLOAT32).all(target, inputs);
        }
    }
}
