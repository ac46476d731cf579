package dev.fairlead.model.graph;

import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Optional;

/** ONNX' types of values. An absent part is not stated. */
public sealed interface Type {
    /** Nothing is stated, not even that it is a tensor. */
    Type UNKNOWN = new Dense(Optional.empty(), Optional.empty());

    /**
     * A dense tensor.
     *
     * @param shape absent when not even the rank is known
     */
    record Dense(Optional<DType> dtype, Optional<List<Dim>> shape) implements Type {
        public Dense {
            shape = shape.map(List::copyOf);
        }
    }

    /** A tensor of strings, which have no {@link DType}. */
    record Texts(Optional<List<Dim>> shape) implements Type {
        public Texts {
            shape = shape.map(List::copyOf);
        }
    }

    /** A sparse tensor. */
    record Sparse(Optional<DType> dtype, Optional<List<Dim>> shape) implements Type {
        public Sparse {
            shape = shape.map(List::copyOf);
        }
    }

    record Sequence(Type item) implements Type {}

    /** ONNX' optional type. */
    record Maybe(Type item) implements Type {}

    /**
     * A map.
     *
     * @param key an integer type; absent for strings
     */
    record Mapping(Optional<DType> key, Type item) implements Type {}
}
