package dev.fairlead.model.lower.mlx;

import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Einstein sums: every operand is laid out over all labels, multiplied, and summed over what the result lacks. */
final class Einsum {
    private static final int DOTS = '.';

    private final Primitives mlx;
    private final List<Operand> operands;
    private final List<List<Integer>> terms = new ArrayList<>();
    private List<Integer> result = List.of();

    private Einsum(List<Operand> operands, Primitives mlx) {
        this.operands = operands;
        this.mlx = mlx;
    }

    static Operand lower(String equation, List<Operand> operands, Primitives mlx) {
        return new Einsum(operands, mlx).lower(equation.replace(" ", ""));
    }

    private Operand lower(String equation) {
        String[] sides = equation.split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        if (inputs.length != operands.size()) {
            throw Refusal.of(inputs.length + " terms for " + operands.size() + " operands");
        }
        for (int i = 0; i < inputs.length; i++) {
            terms.add(labels(inputs[i], operands.get(i).rank()));
        }
        int dots = terms.stream()
                .flatMap(List::stream)
                .mapToInt(label -> label < 0 ? -label : 0)
                .max()
                .orElse(0);
        result = sides.length > 1 ? labels(sides[1], sides[1].replace("...", "").length() + dots) : implicit(dots);
        Set<Integer> all = new LinkedHashSet<>(result);
        terms.forEach(all::addAll);
        List<Integer> order = new ArrayList<>(all);
        Operand product = null;
        for (int i = 0; i < terms.size(); i++) {
            Operand laid = laidOut(operands.get(i), terms.get(i), order);
            product = product == null ? laid : mlx.multiply(product, laid);
        }
        List<Integer> summed = Shapes.range(result.size(), order.size());
        Operand sum = product == null ? operands.getFirst() : product;
        return mlx.squeeze(mlx.sum(sum, summed), summed);
    }

    /** Letters as themselves; the axes of an ellipsis as −n … −1, aligned at the last. */
    private static List<Integer> labels(String term, int rank) {
        List<Integer> labels = new ArrayList<>();
        int letters = term.replace("...", "").length();
        for (int i = 0; i < term.length(); i++) {
            if (term.charAt(i) == DOTS) {
                for (int dot = letters - rank; dot < 0; dot++) {
                    labels.add(dot);
                }
                i += 2;
            } else {
                labels.add((int) term.charAt(i));
            }
        }
        if (labels.size() != rank) {
            throw Refusal.of("the term " + term + " for " + rank + " axes");
        }
        return labels;
    }

    /** Without an arrow: the ellipsis, then the labels that stand once, in alphabetical order. */
    private List<Integer> implicit(int dots) {
        Map<Integer, Integer> counts = new TreeMap<>();
        terms.forEach(term -> term.forEach(label -> counts.merge(label, 1, Integer::sum)));
        List<Integer> once = new ArrayList<>();
        for (int dot = -dots; dot < 0; dot++) {
            once.add(dot);
        }
        counts.forEach((label, count) -> {
            if (label >= 0 && count == 1) {
                once.add(label);
            }
        });
        return once;
    }

    private Operand laidOut(Operand x, List<Integer> term, List<Integer> order) {
        Operand plain = x;
        List<Integer> labels = new ArrayList<>(term);
        for (int axis = labels.size() - 1; axis >= 0; axis--) {
            int first = labels.indexOf(labels.get(axis));
            if (first != axis) {
                plain = diagonal(plain, first, axis);
                labels = without(labels, axis);
            }
        }
        List<Integer> axes =
                order.stream().filter(labels::contains).map(labels::indexOf).toList();
        Operand turned = mlx.transpose(plain, axes);
        List<Expression> shape = new ArrayList<>();
        for (int label : order) {
            shape.add(labels.contains(label) ? plain.size(labels.indexOf(label)) : Shapes.ONE);
        }
        return mlx.reshape(turned, shape);
    }

    private static List<Integer> without(List<Integer> labels, int axis) {
        List<Integer> rest = new ArrayList<>(labels.subList(0, axis));
        rest.addAll(labels.subList(axis + 1, labels.size()));
        return rest;
    }

    /** Only the elements where two axes have the same index. */
    private Operand diagonal(Operand x, int one, int other) {
        Operand last = mlx.moveAxis(x, other, x.rank() - 1);
        Operand places = mlx.arangeAlong(x.size(one), DType.INT64, one, x.rank());
        List<Expression> shape = Shapes.with(last.shape(), last.rank() - 1, Shapes.ONE);
        Operand picked = mlx.takeAlong(last, mlx.broadcast(places, shape), last.rank() - 1);
        return mlx.squeeze(picked, picked.rank() - 1);
    }
}
