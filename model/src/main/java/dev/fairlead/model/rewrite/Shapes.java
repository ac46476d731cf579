package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Shapes of several values together. */
final class Shapes {
    private static final Dim UNKNOWN = new Dim.Unknown();

    private Shapes() {}

    /** Two shapes never met by one broadcast. */
    static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message);
        }
    }

    /**
     * ONNX' multidirectional broadcast. A size known to be neither 0 nor 1 decides; a size other than 1 is what the other must be, or 1.
     *
     * @throws Mismatch where two fixed sizes differ and none is 1
     */
    static List<Dim> broadcast(List<Dim> a, List<Dim> b) {
        int rank = Math.max(a.size(), b.size());
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            out.add(broadcast(fromEnd(a, rank - i), fromEnd(b, rank - i)));
        }
        return out;
    }

    static Optional<List<Dim>> broadcast(Optional<List<Dim>> a, Optional<List<Dim>> b) {
        return a.flatMap(x -> b.map(y -> broadcast(x, y)));
    }

    private static Dim fromEnd(List<Dim> shape, int back) {
        return back > shape.size() ? Sizes.fixed(1) : shape.get(shape.size() - back);
    }

    private static Dim broadcast(Dim a, Dim b) {
        if (a.equals(b) || Sizes.isOne(b)) {
            return a;
        }
        if (Sizes.isOne(a)) {
            return b;
        }
        if (a instanceof Dim.Fixed && b instanceof Dim.Fixed) {
            throw new Mismatch("sizes " + a + " and " + b + " do not broadcast");
        }
        return a instanceof Dim.Fixed ? a : b instanceof Dim.Fixed ? b : UNKNOWN;
    }

    /** What two sizes of the same thing tell together; empty when they contradict each other. */
    static Optional<Dim> meet(Dim a, Dim b) {
        if (a.equals(b) || b instanceof Dim.Unknown) {
            return Optional.of(a);
        }
        if (a instanceof Dim.Unknown || (b instanceof Dim.Fixed && !(a instanceof Dim.Fixed))) {
            return Optional.of(b);
        }
        return a instanceof Dim.Fixed && b instanceof Dim.Fixed ? Optional.empty() : Optional.of(a);
    }

    /** What holds of a value that may have either shape. */
    static Optional<List<Dim>> join(Optional<List<Dim>> a, Optional<List<Dim>> b) {
        if (a.isEmpty() || b.isEmpty() || a.get().size() != b.get().size()) {
            return Optional.empty();
        }
        List<Dim> out = new ArrayList<>();
        for (int i = 0; i < a.get().size(); i++) {
            Dim size = a.get().get(i);
            out.add(size.equals(b.get().get(i)) ? size : UNKNOWN);
        }
        return Optional.of(out);
    }

    static List<Dim> unknown(int rank) {
        return Collections.nCopies(rank, UNKNOWN);
    }

    static List<Dim> with(List<Dim> shape, int axis, Dim size) {
        List<Dim> out = new ArrayList<>(shape);
        out.set(axis, size);
        return out;
    }

    static List<Dim> without(List<Dim> shape, int axis) {
        List<Dim> out = new ArrayList<>(shape);
        out.remove(axis);
        return out;
    }

    /** Two parts of shapes, one after the other. */
    static List<Dim> joined(List<Dim> a, List<Dim> b) {
        List<Dim> out = new ArrayList<>(a);
        out.addAll(b);
        return out;
    }

    static List<Dim> of(Iterable<Long> sizes) {
        List<Dim> out = new ArrayList<>();
        sizes.forEach(size -> out.add(size < 0 ? UNKNOWN : new Dim.Fixed(size)));
        return out;
    }
}
