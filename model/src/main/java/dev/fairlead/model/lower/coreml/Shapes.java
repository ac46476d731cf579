package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.graph.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Arithmetic on shapes of which some sizes may not be known. */
final class Shapes {
    static final Dim ONE = new Dim.Fixed(1);

    private Shapes() {}

    static List<Dim> of(long... sizes) {
        List<Dim> shape = new ArrayList<>();
        for (long size : sizes) {
            shape.add(new Dim.Fixed(size));
        }
        return shape;
    }

    static List<Dim> of(List<Long> sizes) {
        return sizes.stream().map(size -> (Dim) new Dim.Fixed(size)).toList();
    }

    /** NumPy's broadcast of two shapes. */
    static List<Dim> broadcast(List<Dim> x, List<Dim> y) {
        int rank = Math.max(x.size(), y.size());
        List<Dim> shape = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            shape.add(broadcast(at(x, i - rank + x.size()), at(y, i - rank + y.size())));
        }
        return shape;
    }

    static boolean isOne(Dim dim) {
        return dim.equals(ONE);
    }

    /** The sum of two sizes. */
    static Dim plus(Dim dim, long more) {
        return dim instanceof Dim.Fixed(long size) ? new Dim.Fixed(Math.addExact(size, more)) : new Dim.Unknown();
    }

    static List<Dim> with(List<Dim> shape, int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(shape);
        changed.set(axis, dim);
        return changed;
    }

    static List<Dim> unknown(int rank) {
        return Collections.nCopies(rank, new Dim.Unknown());
    }

    private static Dim at(List<Dim> shape, int index) {
        return index < 0 ? ONE : shape.get(index);
    }

    private static Dim broadcast(Dim x, Dim y) {
        if (x.equals(y) || isOne(y)) {
            return x;
        }
        if (isOne(x)) {
            return y;
        }
        if (x instanceof Dim.Fixed && y instanceof Dim.Fixed) {
            throw Refusals.malformed("sizes " + x + " and " + y + " do not broadcast");
        }
        // A fixed size other than one decides: the other side must turn out to be that, or one.
        return x instanceof Dim.Fixed ? x : y instanceof Dim.Fixed ? y : new Dim.Unknown();
    }
}
