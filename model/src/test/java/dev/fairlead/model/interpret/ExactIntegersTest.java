package dev.fairlead.model.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Integers keep every bit and wrap at their width, where ONNX Runtime has no kernel to ask. */
class ExactIntegersTest {
    private static long[] run(String op, Map<String, Attribute> attributes, Array... inputs) {
        Node node = new Node("n", "", op, List.of(), List.of("y"), new TreeMap<>(attributes), new TreeMap<>());
        List<Optional<Datum>> data =
                Arrays.stream(inputs).map(array -> Optional.of(Datum.of(array))).toList();
        Call call = new Call(node, 24, data, Sums.EXACT, (_, _) -> List.of());
        Datum result = Kernels.all().find("", op).orElseThrow().run(call).getFirst();
        return ((Array.Integers) ((Datum.Dense) result).array()).values();
    }

    private static Array.Integers integers(DType dtype, long... values) {
        return new Array.Integers(dtype, new int[] {values.length}, values);
    }

    @Test
    void wrapAtTheirWidth() {
        assertThat(run("Add", Map.of(), integers(DType.INT8, 127, -128), integers(DType.INT8, 1, -1)))
                .containsExactly(-128, 127);
        assertThat(run("Mul", Map.of(), integers(DType.UINT16, 0xFFFF), integers(DType.UINT16, 0xFFFF)))
                .containsExactly(1);
        assertThat(run("Neg", Map.of(), integers(DType.INT32, Integer.MIN_VALUE)))
                .containsExactly(Integer.MIN_VALUE);
        assertThat(run("Pow", Map.of(), integers(DType.INT64, 3), integers(DType.INT64, 40)))
                .containsExactly(-6289078614652622815L);
        assertThat(run("ReduceSum", Map.of(), integers(DType.UINT8, 200, 100))).containsExactly(44);
        assertThat(run("Cast", Map.of("to", new Attribute.Int(3)), integers(DType.INT16, 200)))
                .containsExactly(-56);
        assertThat(run("Cast", Map.of("to", new Attribute.Int(22)), integers(DType.INT16, 9)))
                .containsExactly(-7);
    }

    @Test
    void readTheHighestBitOfUnsignedNumbersAsANumber() {
        Array all = integers(DType.UINT64, -1);
        Array two = integers(DType.UINT64, 2);
        assertThat(run("Div", Map.of(), all, two)).containsExactly(Long.MAX_VALUE);
        assertThat(run("Mod", Map.of(), all, two)).containsExactly(1);
        assertThat(run("Greater", Map.of(), all, two)).containsExactly(1);
        assertThat(run("Max", Map.of(), all, two)).containsExactly(-1);
        assertThat(run("ReduceMin", Map.of(), integers(DType.UINT64, -1, 7))).containsExactly(7);
        assertThat(run("BitShift", Map.of("direction", new Attribute.Text("RIGHT")), all, integers(DType.UINT64, 60)))
                .containsExactly(15);
        Array real = new Array.Reals(DType.FLOAT64, new int[] {2}, new double[] {0x1p63, 0x1.8p63});
        assertThat(run("Cast", Map.of("to", new Attribute.Int(13)), real))
                .containsExactly(Long.MIN_VALUE, 0xC000_0000_0000_0000L);
    }

    @Test
    void keepWhatDoublesWouldLose() {
        long large = (1L << 53) + 1;
        assertThat(run("Add", Map.of(), integers(DType.INT64, large), integers(DType.INT64, 2)))
                .containsExactly(large + 2);
        assertThat(run("ReduceMax", Map.of(), integers(DType.INT64, large, large - 1)))
                .containsExactly(large);
        assertThat(run("MatMul", Map.of(), integers(DType.INT64, large, 1), integers(DType.INT64, 1, 1)))
                .containsExactly(large + 1);
        assertThat(run("CumSum", Map.of(), integers(DType.INT64, large, 1), Array.scalar(DType.INT64, 0L)))
                .containsExactly(large, large + 1);
    }

    @Test
    void nameTheNodeThatCannotBeComputed() {
        assertThatThrownBy(() -> run("Div", Map.of(), integers(DType.INT32, 1), integers(DType.INT32, 0)))
                .isInstanceOf(ModelException.class)
                .hasMessage("graph: Div \"n\": divides an integer by zero");
        assertThatThrownBy(() -> run("Add", Map.of(), integers(DType.INT32, 1), integers(DType.INT64, 0)))
                .isInstanceOf(ModelException.class)
                .hasMessage("graph: Add \"n\": inputs are not of one numeric type");
        assertThatThrownBy(() -> run("Gather", Map.of(), integers(DType.INT32, 1, 2), integers(DType.INT64, 2)))
                .isInstanceOf(ModelException.class)
                .hasMessage("graph: Gather \"n\": index 2 of an axis of size 2");
        assertThatThrownBy(() ->
                        run("Expand", Map.of(), integers(DType.INT32, 1), integers(DType.INT64, 1L << 40, 1L << 40)))
                .isInstanceOf(ModelException.class)
                .hasMessage("graph: Expand \"n\": shape [1099511627776, 1099511627776] has no usable size at 0");
    }
}
