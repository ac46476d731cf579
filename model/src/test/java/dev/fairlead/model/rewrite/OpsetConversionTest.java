package dev.fairlead.model.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That both forms compute the same is for the conformance suite, which runs them in ONNX Runtime. */
class OpsetConversionTest {
    private static Graphs withX(String... dims) {
        return new Graphs().input("x", DType.FLOAT32, dims).output("y");
    }

    private static List<String> operators(Model model) {
        return model.graph().nodes().stream().map(Node::op).toList();
    }

    @Test
    void movesAxesBetweenAttributeAndInput() {
        Attribute axes = new Attribute.Ints(List.of(-1L));
        Model old = withX("2", "3")
                .node("ReduceMean", "x", "y", Map.of("axes", axes))
                .model(13);
        Model young = OpsetConversion.convert(old, 23);
        assertThat(young.opsets()).containsEntry("", 23L);
        assertThat(young.irVersion()).isEqualTo(11);
        assertThat(operators(young)).containsExactly("Constant", "ReduceMean");
        assertThat(young.graph().nodes().getLast().attributes()).isEmpty();
        Model again = OpsetConversion.convert(young, 13);
        assertThat(again.graph().nodes().getLast().attributes()).containsEntry("axes", axes);
        assertThat(again.graph().nodes().getLast().inputs()).containsExactly("x");
    }

    @Test
    void listsThePartsOfAnUnevenSplit() {
        Map<String, Attribute> three = Map.of("num_outputs", new Attribute.Int(3));
        Model model = OpsetConversion.convert(
                withX("7").node("Split", "x", "y,b,c", three).model(18), 17);
        Node constant = model.graph().nodes().getFirst();
        assertThat(Fact.of(ConstantShapes.value(constant).orElseThrow()).integers())
                .contains(List.of(3L, 3L, 1L));
        assertThat(model.graph().nodes().getLast().attributes()).isEmpty();
    }

    @Test
    void saysNewOperatorsWithOlderOnes() {
        Model model =
                OpsetConversion.convert(withX("2", "3").node("Gelu", "x", "y").model(20), 13);
        assertThat(operators(model))
                .containsExactly("Constant", "Div", "Erf", "Constant", "Add", "Constant", "Mul", "Mul");
        assertThat(model.graph().nodes().getLast().outputs()).containsExactly("y");
    }

    @Test
    void refusesAllThatHasNoOlderForm() {
        Model model = new Graphs()
                .input("x", DType.FLOAT32, "2", "3")
                .input("b", DType.BFLOAT16, "2", "3")
                .node("Trilu", "x", "t")
                .node("Attention", "x,x,x", "a")
                .node("Ceil", "b", "c")
                .node("Cos", "b", "d")
                .model(23);
        assertThatThrownBy(() -> OpsetConversion.convert(model, 13))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessage(
                        "graph: nodes: version 13 has no form of Trilu \"t\": the operator is not in it; "
                                + "Attention \"a\": the operator is not in it; Cos \"d\": input 0 of bfloat16; Cos \"d\": output 0 of bfloat16");
    }

    @Test
    void refusesVersionsOutsideItsRange() {
        Model model = withX("2").node("Relu", "x", "y").model(11);
        assertThatThrownBy(() -> OpsetConversion.convert(model, 17))
                .hasMessage("graph: opset_import: converts between 13 and 23, not from 11 to 17");
    }
}
