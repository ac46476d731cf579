package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of a value before anything runs. Absent is unknown.
 *
 * @param elements the numbers of a small integer or boolean tensor of fixed shape in row-major order, each as a function of the inputs' sizes
 * @param constant the whole tensor; its memory belongs to the model
 */
record Fact(Type type, Optional<List<Optional<Expression>>> elements, Optional<Tensor> constant) {
    /** Shapes and indices are shorter; more would slow the pass for nothing. */
    static final int MAX_ELEMENTS = 1024;

    static final Fact UNKNOWN = of(Type.UNKNOWN);

    Fact {
        elements = elements.map(List::copyOf);
    }

    static Fact of(Type type) {
        return new Fact(type, Optional.empty(), Optional.empty());
    }

    static Fact of(Optional<DType> dtype, Optional<List<Dim>> shape) {
        return of(new Type.Dense(dtype, shape));
    }

    /** The element type of a dense tensor. */
    Optional<DType> dtype() {
        return type instanceof Type.Dense dense ? dense.dtype() : Optional.empty();
    }

    /** Of a tensor of any kind; absent when not even the rank is known. */
    Optional<List<Dim>> shape() {
        return switch (type) {
            case Type.Dense dense -> dense.shape();
            case Type.Texts texts -> texts.shape();
            case Type.Sparse sparse -> sparse.shape();
            case Type.Sequence _, Type.Maybe _, Type.Mapping _ -> Optional.empty();
        };
    }

    static Fact of(DType dtype, Dim... shape) {
        return of(Optional.of(dtype), Optional.of(List.of(shape)));
    }

    static Fact of(Value value) {
        return of(value.type());
    }

    /** A constant with its numbers, where they are few integers. */
    static Fact of(Tensor tensor) {
        List<Dim> shape = tensor.shape().stream().<Dim>map(Dim.Fixed::new).toList();
        Optional<List<Optional<Expression>>> elements = Optional.empty();
        boolean whole = tensor.dtype().isInteger() || tensor.dtype() == DType.BOOL;
        if (whole && tensor.elements() <= MAX_ELEMENTS) {
            List<Optional<Expression>> numbers = new ArrayList<>();
            for (long i = 0; i < tensor.elements(); i++) {
                numbers.add(Optional.of(Expression.of(tensor.longAt(i))));
            }
            elements = Optional.of(numbers);
        }
        return new Fact(new Type.Dense(Optional.of(tensor.dtype()), Optional.of(shape)), elements, Optional.of(tensor));
    }

    /** The same with other numbers. */
    Fact holding(Optional<List<Optional<Expression>>> numbers) {
        return new Fact(type, numbers.filter(list -> list.size() <= MAX_ELEMENTS), Optional.empty());
    }

    Fact withDtype(Optional<DType> other) {
        return new Fact(new Type.Dense(other, shape()), elements, Optional.empty());
    }

    /** Only type and shape. */
    Fact outline() {
        return of(type);
    }

    /** All elements, where each is a known number. */
    Optional<List<Long>> integers() {
        return elements.filter(list -> list.stream()
                        .allMatch(e -> e.isPresent() && e.get().constant().isPresent()))
                .map(list -> list.stream()
                        .map(e -> e.orElseThrow().constant().getAsLong())
                        .toList());
    }

    /** The one integer of a scalar or a list of one. */
    Optional<Long> integer() {
        return integers().filter(list -> list.size() == 1).map(List::getFirst);
    }

    /** The numbers of a floating or integer constant. */
    Optional<List<Double>> numbers() {
        return constant.filter(tensor -> tensor.elements() <= MAX_ELEMENTS
                        && (tensor.dtype().isFloating() || tensor.dtype().isInteger()))
                .map(tensor -> Stream.iterate(0L, i -> i < tensor.elements(), i -> i + 1)
                        .map(tensor::doubleAt)
                        .toList());
    }

    Optional<Integer> rank() {
        return shape().map(List::size);
    }

    /** Number of elements as a dim; unknown where a size is. */
    Dim count() {
        return shape().map(Sizes::product).orElse(new Dim.Unknown());
    }
}
