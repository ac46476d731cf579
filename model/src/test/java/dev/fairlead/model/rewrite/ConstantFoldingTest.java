package dev.fairlead.model.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConstantFoldingTest {
    private static final long LIMIT = 1 << 16;

    private static Model folded(Graphs graphs) {
        return DeadCode.remove(ConstantFolding.fold(graphs.model(21), LIMIT));
    }

    private static List<String> operators(Model model) {
        return model.graph().nodes().stream().map(Node::op).toList();
    }

    @Test
    void foldsShapesThatAreFixed() {
        Model model = folded(new Graphs()
                .input("x", DType.FLOAT32, "n", "4", "6")
                .longs("one", 1)
                .longs("two", 2)
                .longs("rest", -1)
                .node("Shape", "x", "s")
                .node("Gather", "s,one", "b")
                .node("Gather", "s,two", "c")
                .node("Mul", "b,c", "bc")
                .node("Concat", "rest,bc", "to", Map.of("axis", new Attribute.Int(0)))
                .node("Reshape", "x,to", "y")
                .output("y"));
        assertThat(operators(model)).containsExactly("Reshape");
        assertThat(model.graph().initializers().keySet()).containsExactly("to");
        assertThat(model.graph().initializers().get("to")).isNotNull().satisfies(to -> {
            assertThat(to.longAt(0)).isEqualTo(-1);
            assertThat(to.longAt(1)).isEqualTo(24);
        });
    }

    @Test
    void movesFloatingNumbersButComputesNone() {
        Tensor weight = Tensor.ofFloats(List.of(2L, 2L), 1, -0.0f, Float.intBitsToFloat(0x7FC12345), 4);
        Model model = folded(new Graphs()
                .input("x", DType.FLOAT32, "2", "2")
                .weight("w", weight)
                .node("Transpose", "w", "t", Map.of("perm", new Attribute.Ints(List.of(1L, 0L))))
                .node("Exp", "t", "e")
                .node("Add", "x,e", "y")
                .output("y"));
        assertThat(operators(model)).containsExactly("Exp", "Add");
        assertThat(model.graph().initializers().get("t")).isNotNull().satisfies(t -> {
            assertThat(t.data().get(Tensor.INT, 4)).as("payload").isEqualTo(0x7FC12345);
            assertThat(t.data().get(Tensor.INT, 8)).as("negative zero").isEqualTo(0x80000000);
        });
    }

    @Test
    void keepsWhatMakesAnOutputAndWhatIsTooLarge() {
        Model model = folded(new Graphs()
                .longs("size", 1, 2)
                .longs("large", 300, 300)
                .node(
                        "ConstantOfShape",
                        "size",
                        "y",
                        Map.of("value", new Attribute.TensorValue(Tensor.ofLongs(List.of(1L), 7))))
                .node(
                        "ConstantOfShape",
                        "large",
                        "z",
                        Map.of("value", new Attribute.TensorValue(Tensor.ofLongs(List.of(1L), 7))))
                .node("Neg", "z", "w")
                .output("y")
                .output("w"));
        assertThat(operators(model)).containsExactly("ConstantOfShape", "ConstantOfShape", "Neg");
    }

    @Test
    void leavesDivisionByZeroToTheRuntime() {
        Model model = folded(new Graphs()
                .input("x", DType.INT64, "1")
                .longs("one", 1)
                .longs("zero", 0)
                .node("Div", "one,zero", "d")
                .node("Add", "x,d", "y")
                .output("y"));
        assertThat(operators(model)).containsExactly("Div", "Add");
    }

    @Test
    void removesWhatNoOutputNeeds() {
        Model model = DeadCode.remove(new Graphs()
                .input("x", DType.FLOAT32, "1")
                .longs("unused", 1)
                .node("Relu", "x", "y")
                .node("Exp", "x", "dead")
                .node("Tanh", "dead", "deader")
                .states("dead", DType.FLOAT32, "1")
                .output("y")
                .model(21));
        assertThat(operators(model)).containsExactly("Relu");
        assertThat(model.graph().initializers()).isEmpty();
        assertThat(model.graph().values()).isEmpty();
        assertThat(model.graph().inputs()).hasSize(1);
    }
}
