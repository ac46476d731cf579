package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What two statements of a value's type say together. */
final class Types {
    private Types() {}

    /** Both at once, what is inferred first where both are right; empty when they contradict each other. */
    static Optional<Type> meet(Type inferred, Type declared) {
        if (declared.equals(Type.UNKNOWN) || inferred.equals(Type.UNKNOWN)) {
            return Optional.of(declared.equals(Type.UNKNOWN) ? inferred : declared);
        }
        return switch (inferred) {
            case Type.Dense(var dtype, var shape) ->
                switch (declared) {
                    case Type.Dense(var other, var stated) ->
                        dtype.isPresent() && other.isPresent() && !dtype.equals(other)
                                ? Optional.empty()
                                : shape(shape, stated).map(both -> new Type.Dense(dtype.or(() -> other), both));
                    case Type.Texts(var stated) ->
                        dtype.isPresent()
                                ? Optional.empty()
                                : shape(shape, stated).map(Type.Texts::new);
                    case Type.Sparse _, Type.Sequence _, Type.Maybe _, Type.Mapping _ -> Optional.empty();
                };
            case Type.Texts(var shape) ->
                declared instanceof Type.Texts(var stated)
                        ? shape(shape, stated).map(Type.Texts::new)
                        : Optional.empty();
            case Type.Sequence(Type item) ->
                declared instanceof Type.Sequence(Type stated)
                        ? meet(item, stated).map(Type.Sequence::new)
                        : Optional.empty();
            case Type.Maybe(Type item) ->
                declared instanceof Type.Maybe(Type stated)
                        ? meet(item, stated).map(Type.Maybe::new)
                        : Optional.empty();
            case Type.Sparse _, Type.Mapping _ -> Optional.of(declared);
        };
    }

    /** Present when the two go together; what is inside is absent when neither states a rank. */
    private static Optional<Optional<List<Dim>>> shape(Optional<List<Dim>> inferred, Optional<List<Dim>> declared) {
        if (inferred.isEmpty() || declared.isEmpty()) {
            return Optional.of(inferred.or(() -> declared));
        }
        if (inferred.get().size() != declared.get().size()) {
            return Optional.empty();
        }
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < inferred.get().size(); i++) {
            Optional<Dim> both =
                    Shapes.meet(inferred.get().get(i), declared.get().get(i));
            if (both.isEmpty()) {
                return Optional.empty();
            }
            dims.add(both.get());
        }
        return Optional.of(Optional.of(dims));
    }

    /** What holds of a value that may be of either type. */
    static Type join(Type a, Type b) {
        if (a.equals(b)) {
            return a;
        }
        return switch (a) {
            case Type.Dense(var dtype, var shape) ->
                b instanceof Type.Dense(var other, var stated)
                        ? new Type.Dense(dtype.filter(t -> other.equals(dtype)), Shapes.join(shape, stated))
                        : Type.UNKNOWN;
            case Type.Texts(var shape) ->
                b instanceof Type.Texts(var stated) ? new Type.Texts(Shapes.join(shape, stated)) : Type.UNKNOWN;
            case Type.Sequence(Type item) ->
                b instanceof Type.Sequence(Type other) ? new Type.Sequence(join(item, other)) : Type.UNKNOWN;
            case Type.Maybe(Type item) ->
                b instanceof Type.Maybe(Type other) ? new Type.Maybe(join(item, other)) : Type.UNKNOWN;
            case Type.Sparse _, Type.Mapping _ -> Type.UNKNOWN;
        };
    }

    /** What is declared, its gaps filled from what is inferred. */
    static Type complete(Type declared, Type inferred) {
        if (!(declared instanceof Type.Dense(var dtype, var shape))
                || !(inferred instanceof Type.Dense(var made, var sizes))) {
            return meet(inferred, declared).orElse(declared);
        }
        Optional<DType> known = dtype.or(() -> made);
        if (shape.isEmpty() || sizes.isEmpty()) {
            return new Type.Dense(known, shape.or(() -> sizes));
        }
        List<Dim> dims = new ArrayList<>();
        for (int i = 0; i < shape.get().size(); i++) {
            Dim stated = shape.get().get(i);
            dims.add(stated instanceof Dim.Unknown ? sizes.get().get(i) : stated);
        }
        return new Type.Dense(known, Optional.of(dims));
    }

    /** For errors. */
    static String text(Type type) {
        return switch (type) {
            case Type.Dense(var dtype, var shape) -> dtype.map(DType::text).orElse("?") + text(shape);
            case Type.Texts(var shape) -> "string" + text(shape);
            case Type.Sparse(var dtype, var shape) ->
                "sparse " + dtype.map(DType::text).orElse("?") + text(shape);
            case Type.Sequence(Type item) -> "sequence of " + text(item);
            case Type.Maybe(Type item) -> "optional " + text(item);
            case Type.Mapping mapping -> "map to " + text(mapping.item());
        };
    }

    private static String text(Optional<List<Dim>> shape) {
        return shape.map(List::toString).orElse("");
    }
}
