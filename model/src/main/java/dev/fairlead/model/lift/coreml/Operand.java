package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilValue;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;

/** What a MIL name stands for while a function is lifted. */
sealed interface Operand {
    /** A tensor that a node or the caller makes. */
    record Computed(String onnx, MilType.OfTensor type) implements Operand {}

    /** A tensor that is known now. */
    record Constant(Weight weight) implements Operand {}

    /** Text; no tensor. */
    record Texts(List<String> values) implements Operand {
        public Texts {
            values = List.copyOf(values);
        }
    }

    /** Anything else that a constant can be; rules refuse it unless they know it. */
    record Other(MilValue value) implements Operand {}

    /** An output that nothing could be made of. */
    record Failed(MilType type) implements Operand {}

    /** A buffer that outlives the call. */
    record State(String name, MilType.OfTensor type) implements Operand {}

    /** A constant of a MIL program. */
    static Operand of(Tensor tensor, String name) {
        return new Constant(new Weight.Plain(name, tensor));
    }
}
