package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long a slice is. Negative bounds count from the end, and bounds are clamped to the axis; an axis with a symbol has at least one element. */
final class Slicing {
    /** Bounds beyond this mean "to the end" and not a number. */
    private static final long FAR = Integer.MAX_VALUE;

    private Slicing() {}

    static Dim length(Dim size, Optional<Expression> start, Optional<Expression> end, Optional<Long> step) {
        if (start.isEmpty() || end.isEmpty() || step.isEmpty()) {
            return new Dim.Unknown();
        }
        boolean fixed = size instanceof Dim.Fixed
                && start.get().constant().isPresent()
                && end.get().constant().isPresent();
        if (fixed && size instanceof Dim.Fixed(long n)) {
            return Sizes.fixed(length(
                    n, start.get().constant().getAsLong(), end.get().constant().getAsLong(), step.get()));
        }
        if (step.get() < 0) {
            return wholeReversed(size, start.get(), end.get(), step.get());
        }
        Optional<Expression> whole = Sizes.expression(size);
        Optional<Expression> from = whole.flatMap(n -> bound(start.get(), n));
        Optional<Expression> to = whole.flatMap(n -> bound(end.get(), n));
        Optional<Expression> span = from.flatMap(a -> to.flatMap(b -> Sizes.minus(b, a)));
        return span.filter(Sizes::isNaturalUnlessEmpty)
                .flatMap(s -> Sizes.plus(s, Expression.of(step.get() - 1)))
                .flatMap(s -> Sizes.floorDiv(s, step.get()))
                .map(Dim::of)
                .orElse(new Dim.Unknown());
    }

    private static long length(long n, long start, long end, long step) {
        if (step > 0) {
            long from = Math.clamp(start < 0 ? start + n : start, 0, n);
            long to = Math.clamp(end < 0 ? end + n : end, 0, n);
            return to > from ? (to - from - 1) / step + 1 : 0;
        }
        long from = Math.clamp(start < 0 ? start + n : start, -1, n - 1);
        long to = Math.clamp(end < 0 && end >= -n ? end + n : end, -1, n - 1);
        return from > to && step != Long.MIN_VALUE ? (from - to - 1) / -step + 1 : from > to ? 1 : 0;
    }

    private static Dim wholeReversed(Dim size, Expression start, Expression end, long step) {
        boolean all =
                step == -1 && start.constant().orElse(0) == -1 && end.constant().orElse(0) <= -FAR;
        return all ? size : new Dim.Unknown();
    }

    /** A bound as a position; empty where clamping could change it. */
    private static Optional<Expression> bound(Expression bound, Expression size) {
        if (bound.constant().isPresent()) {
            long position = bound.constant().getAsLong();
            if (position >= FAR) {
                return Optional.of(size);
            }
            if (position == 0) {
                return Optional.of(bound);
            }
            Optional<Expression> absolute = position < 0 ? Sizes.plus(size, bound) : Optional.of(bound);
            return absolute.filter(p -> within(p, size));
        }
        return Optional.of(bound).filter(p -> within(p, size));
    }

    private static boolean within(Expression position, Expression size) {
        return Sizes.isNaturalUnlessEmpty(position)
                && Sizes.minus(size, position)
                        .filter(Sizes::isNaturalUnlessEmpty)
                        .isPresent();
    }

    /** The elements that a slice with known bounds keeps. */
    static Optional<List<Optional<Expression>>> take(
            List<Optional<Expression>> list,
            Optional<Expression> start,
            Optional<Expression> end,
            Optional<Long> step) {
        boolean known = start.isPresent()
                && end.isPresent()
                && step.isPresent()
                && start.get().constant().isPresent()
                && end.get().constant().isPresent();
        if (!known) {
            return Optional.empty();
        }
        long n = list.size();
        long first = start.get().constant().getAsLong();
        long count = length(n, first, end.get().constant().getAsLong(), step.get());
        long from = step.get() > 0
                ? Math.clamp(first < 0 ? first + n : first, 0, n)
                : Math.clamp(first < 0 ? first + n : first, -1, n - 1);
        List<Optional<Expression>> out = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            out.add(list.get((int) (from + i * step.get())));
        }
        return Optional.of(out);
    }
}
