package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.provenance.OfValue;
import dev.fairlead.model.provenance.OfWeight;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.Relation;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The block's weights are the converted ones; its source has "out" transposed and all others as they are. */
class WeightCheckTest {
    private static final List<String> SQUARE = List.of("query", "key", "value", "out", "up", "down");
    private static final Origin LINE = new Origin(Optional.of("out"), Optional.of("block.py"), Optional.of(9));

    @Test
    void acceptsWhatTheConversionMade() {
        assertThat(faults(new Block().model())).isEmpty();
    }

    @Test
    void namesATransposedSquareWeight() {
        WeightFault fault =
                only(new Block().with("out", DivergenceTest::transposed).model());
        assertThat(fault.initializer()).isEqualTo("out");
        assertThat(fault.source()).isEqualTo("source.out");
        assertThat(fault.problem()).isEqualTo("equals the source transposed [1, 0], which has the same shape");
        assertThat(fault.rule()).isEqualTo("Linear");
        assertThat(fault.origin()).isEqualTo(LINE);
        assertThat(fault.sentence())
                .isEqualTo("weight `out` of `source.out` equals the source transposed [1, 0], which has the same"
                        + " shape; used by MatMul `attended` (rule Linear version 2, prototype block.py:9 (out))");
    }

    @Test
    void namesTheWeightThatStandsInAnothersPlace() {
        Tensor key = new Block().weight("key");
        assertThat(only(new Block().with("query", _ -> key).model()).problem())
                .isEqualTo("holds the source's `source.key` instead");
    }

    @Test
    void namesColumnsThatAreSwapped() {
        assertThat(only(new Block().with("value", DivergenceTest::swapped).model())
                        .problem())
                .isEqualTo("has slices [0, 4] along axis 1 in another order");
    }

    @Test
    void namesWhatAWeightWasMultipliedBy() {
        assertThat(only(new Block().with("scale", DivergenceTest::larger).model())
                        .problem())
                .isEqualTo("is the source times 1.010");
    }

    @Test
    void namesOnePlusTheWeight() {
        assertThat(only(new Block().with("gamma", WeightCheckTest::plusOne).model())
                        .problem())
                .isEqualTo("is the source plus 1.000");
    }

    @Test
    void namesADroppedWeight() {
        Model model = new Block().model();
        Graph graph = model.graph();
        Map<String, Tensor> fewer = new LinkedHashMap<>(graph.initializers());
        fewer.remove("gamma");
        WeightFault fault = only(model.withGraph(
                new Graph(graph.name(), graph.inputs(), graph.outputs(), fewer, graph.nodes(), graph.values())));
        assertThat(fault.problem()).isEqualTo("was dropped: the graph has no such initializer");
        assertThat(fault.operation()).startsWith("LayerNormalization `normal`");
    }

    @Test
    void countsElementsThatDiffer() {
        assertThat(only(new Block().with("up", WeightCheckTest::altered).model())
                        .problem())
                .isEqualTo("differs from the source in 1 of 64 elements, by up to 0.5000");
    }

    @Test
    void saysThatHashesDifferWhereTheSourceIsNotAtHand() {
        Model model = new Block().with("up", WeightCheckTest::altered).model();
        assertThat(new WeightCheck(model, provenance(), Map.of())
                        .faults(provenance().weights()))
                .extracting(WeightFault::problem)
                .containsExactly("differs from the source by its hash");
    }

    @Test
    void undoesPackingAndShapes() {
        // 4-bit numbers 1, 2, 3, 4, least significant first, as bytes that hold one each.
        Tensor packed = new Tensor(DType.UINT8, List.of(2L), MemorySegment.ofArray(new byte[] {0x21, 0x43}));
        Tensor wide = new Tensor(DType.UINT8, List.of(2L, 2L), MemorySegment.ofArray(new byte[] {1, 2, 3, 4}));
        Tensor found = Inversion.of(
                        wide,
                        List.of(
                                new WeightTransform.Widen(4, 8),
                                new WeightTransform.Reinterpret(DType.UINT8, List.of(2L, 2L))),
                        Optional.empty())
                .orElseThrow();
        assertThat(Segments.sha256(found.data())).isEqualTo(Segments.sha256(packed.data()));
        assertThat(Inversion.of(wide, List.of(new WeightTransform.Computed("folded")), Optional.empty()))
                .isEmpty();
    }

    private static Tensor plusOne(Tensor tensor) {
        Tensor changed = Tensor.allocate(tensor.dtype(), tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            changed.set(i, 1 + tensor.doubleAt(i));
        }
        return changed;
    }

    private static Tensor altered(Tensor tensor) {
        Tensor changed = Tensor.allocate(tensor.dtype(), tensor.shape());
        changed.data().copyFrom(tensor.data());
        changed.set(5, tensor.doubleAt(5) + 0.5);
        return changed;
    }

    private static WeightFault only(Model model) {
        List<WeightFault> faults = faults(model);
        assertThat(faults).hasSize(1);
        return faults.getFirst();
    }

    private static List<WeightFault> faults(Model model) {
        return new WeightCheck(model, provenance(), source())
                .faults(provenance().weights());
    }

    private static Map<String, Tensor> source() {
        Map<String, Tensor> source = new LinkedHashMap<>();
        Block block = new Block();
        SQUARE.forEach(name -> source.put("source." + name, block.weight(name)));
        source.put("source.out", DivergenceTest.transposed(block.weight("out")));
        source.put("source.gamma", block.weight("gamma"));
        source.put("source.scale", block.weight("scale"));
        return source;
    }

    private static Provenance provenance() {
        List<OfWeight> weights = source().keySet().stream()
                .map(name -> new OfWeight(
                        name.substring("source.".length()),
                        name,
                        Segments.sha256(
                                Objects.requireNonNull(source().get(name)).data()),
                        name.equals("source.out") ? List.of(new WeightTransform.Permute(List.of(1, 0))) : List.of()))
                .toList();
        OfValue attended = new OfValue("attended", List.of("a"), LINE, "Linear", 2, Relation.IDENTITY);
        return new Provenance(List.of(attended), weights);
    }
}
