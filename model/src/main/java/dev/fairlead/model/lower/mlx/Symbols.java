package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names of sizes that are fit for {@code graph.json}: letters, digits and underscores. A size without a name gets one of its own. */
final class Symbols {
    private static final Set<String> RESERVED = Set.of("inf", "nan");

    private final List<String> names = new ArrayList<>();
    private final Map<String, String> bySource = new HashMap<>();

    List<String> names() {
        return names;
    }

    Expression size(Dim dim, String input, int axis) {
        return switch (dim) {
            case Dim.Fixed(long size) -> Expression.of(size);
            case Dim.Unknown() -> symbol("?" + input + "?" + axis, input + "_" + axis);
            case Dim.Symbolic(Expression expression) -> {
                if (expression.symbols().size() != 1
                        || !expression.equals(
                                Expression.symbol(expression.symbols().first()))) {
                    throw Refusal.of("its size " + expression + " is no symbol of its own");
                }
                yield symbol(expression.symbols().first(), expression.symbols().first());
            }
        };
    }

    private Expression symbol(String source, String wanted) {
        return Expression.symbol(bySource.computeIfAbsent(source, s -> {
            String plain = wanted.replaceAll("[^A-Za-z0-9_]", "_");
            if (plain.isEmpty() || Character.isDigit(plain.charAt(0)) || RESERVED.contains(plain)) {
                plain = "_" + plain;
            }
            String name = plain;
            for (int i = 1; names.contains(name); i++) {
                name = plain + "_" + i;
            }
            names.add(name);
            return name;
        }));
    }
}
