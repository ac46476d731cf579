package dev.fairlead.model.graph;

import dev.fairlead.model.tensor.Tensor;
import java.util.List;

/** A constant argument of a node. Lists of tensors, of graphs and of types have no variant: no standard operator takes one. */
public sealed interface Attribute {
    record Int(long value) implements Attribute {}

    record Real(float value) implements Attribute {}

    /** Text that is UTF-8 in the file. */
    record Text(String value) implements Attribute {}

    record TensorValue(Tensor value) implements Attribute {}

    /** A tensor of strings. */
    record TextTensor(TextArray value) implements Attribute {}

    record GraphValue(Graph value) implements Attribute {}

    record TypeValue(Type value) implements Attribute {}

    record Ints(List<Long> values) implements Attribute {
        public Ints {
            values = List.copyOf(values);
        }
    }

    record Reals(List<Float> values) implements Attribute {
        public Reals {
            values = List.copyOf(values);
        }
    }

    record Texts(List<String> values) implements Attribute {
        public Texts {
            values = List.copyOf(values);
        }
    }
}
