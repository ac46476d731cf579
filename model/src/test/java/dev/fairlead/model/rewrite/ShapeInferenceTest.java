package dev.fairlead.model.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShapeInferenceTest {
    private static Graphs withX(String... dims) {
        return new Graphs().input("x", DType.FLOAT32, dims);
    }

    private static String shape(Graphs graphs, String value) {
        Model model = ShapeInference.infer(graphs.model(21));
        return model.graph().values().stream()
                .filter(v -> v.name().equals(value))
                .map(ShapeInferenceTest::text)
                .findFirst()
                .orElse("none");
    }

    private static String text(Value value) {
        return value.dtype().map(DType::text).orElse("?")
                + value.shape().map(List::toString).orElse("");
    }

    @Test
    void followsSizesThroughTheNodesThatComputeThem() {
        Graphs graphs = withX("batch", "sequence", "768")
                .longs("zero", 0)
                .longs("one", 1)
                .longs("heads", 12, 64)
                .longs("rest", -1)
                .node("Shape", "x", "s")
                .node("Gather", "s,zero", "b")
                .node("Gather", "s,one", "n")
                .node("Concat", "b,n,heads", "split", Map.of("axis", new Attribute.Int(0)))
                .node("Reshape", "x,split", "y")
                .node("Transpose", "y", "t", Map.of("perm", new Attribute.Ints(List.of(0L, 2L, 1L, 3L))))
                .node("Mul", "b,n", "bn")
                .node("Concat", "bn,rest", "flat", Map.of("axis", new Attribute.Int(0)))
                .node("Reshape", "t,flat", "z");
        assertThat(shape(graphs, "y")).isEqualTo("float32[batch, sequence, 12, 64]");
        assertThat(shape(graphs, "t")).isEqualTo("float32[batch, 12, sequence, 64]");
        assertThat(shape(graphs, "z")).isEqualTo("float32[batch*sequence, 768]");
    }

    @Test
    void countsStridedWindowsOfSymbolicSizes() {
        Map<String, Attribute> strided = Map.of(
                "kernel_shape", new Attribute.Ints(List.of(3L)),
                "strides", new Attribute.Ints(List.of(2L)),
                "pads", new Attribute.Ints(List.of(1L, 1L)));
        Graphs graphs = withX("1", "4", "n").node("MaxPool", "x", "y", strided).node("MaxPool", "y", "z", strided);
        assertThat(shape(graphs, "y")).isEqualTo("float32[1, 4, (n+1)//2]");
        assertThat(shape(graphs, "z")).isEqualTo("float32[1, 4, (n+3)//4]");
    }

    @Test
    void slicesWhatIsSurelyThere() {
        Graphs graphs = withX("n", "5")
                .longs("zero", 0)
                .longs("one", 1)
                .longs("seven", 7)
                .longs("last", -1)
                .longs("end", Long.MAX_VALUE)
                .node("Slice", "x,one,end,zero", "rest")
                .node("Slice", "x,last,end,zero", "final")
                .node("Slice", "x,zero,seven,zero", "some")
                .node("Slice", "x,one,seven,one", "fixed");
        assertThat(shape(graphs, "rest")).isEqualTo("float32[n-1, 5]");
        assertThat(shape(graphs, "final")).isEqualTo("float32[1, 5]");
        assertThat(shape(graphs, "some")).isEqualTo("float32[?, 5]");
        assertThat(shape(graphs, "fixed")).isEqualTo("float32[n, 4]");
    }

    @Test
    void forgetsTheSizesThatALoopChanges() {
        Graph body = new Graphs()
                .input("i", DType.INT64)
                .input("go", DType.BOOL)
                .input("a")
                .input("b")
                .node("Identity", "go", "again")
                .node("Concat", "a,a", "longer", Map.of("axis", new Attribute.Int(0)))
                .node("Tanh", "b", "same")
                .node("Identity", "b", "each")
                .output("again")
                .output("longer")
                .output("same")
                .output("each")
                .graph();
        Graphs graphs = withX("2", "n")
                .weight("count", Tensor.ofLongs(List.of(), 3))
                .node("Loop", "count,,x,x", "a2,b2,all", Map.of("body", new Attribute.GraphValue(body)));
        assertThat(shape(graphs, "a2")).isEqualTo("float32[?, n]");
        assertThat(shape(graphs, "b2")).isEqualTo("float32[2, n]");
        assertThat(shape(graphs, "all")).isEqualTo("float32[?, 2, n]");
    }

    @Test
    void completesOutputsAndKeepsTheirSymbols() {
        Model model = ShapeInference.infer(withX("2", "3")
                .node("Relu", "x", "y")
                .node("Tanh", "x", "z")
                .output("y", DType.FLOAT32, "batch", "?")
                .output("z")
                .model(21));
        assertThat(model.graph().outputs())
                .extracting(ShapeInferenceTest::text)
                .containsExactly("float32[batch, 3]", "float32[2, 3]");
    }

    @Test
    void refusesWhatContradictsItself() {
        refuses(
                withX("2", "3").node("Relu", "x", "y").states("y", DType.FLOAT32, "3", "2"),
                "graph: \"y\": is declared float32[3, 2], but Relu \"y\" makes float32[2, 3]");
        refuses(
                withX("2", "3").node("Relu", "x", "y").states("y", DType.FLOAT16, "2", "3"),
                "graph: \"y\": is declared float16[2, 3], but Relu \"y\" makes float32[2, 3]");
        refuses(withX("2", "3").node("MatMul", "x,x", "y"), "graph: MatMul \"y\": multiplies [2, 3] by [2, 3]");
        refuses(
                withX("2", "3").input("w", DType.FLOAT32, "2").node("Add", "x,w", "y"),
                "graph: Add \"y\": sizes 3 and 2 do not broadcast");
    }

    private static void refuses(Graphs graphs, String message) {
        assertThatThrownBy(() -> ShapeInference.infer(graphs.model(21)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED))
                .hasMessage(message);
    }

    @Test
    void knowsNearlyEveryOperatorOfOnnx() {
        assertThat(ShapeRules.all().operators()).hasSizeGreaterThan(180);
    }
}
