package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Einstein's sums as products of matrices, for formats that have none: the operands are taken one after the other, each product sums over
 * what nothing later needs. An index is a letter, or −n … −1 for the axes of an ellipsis, aligned at the last, which broadcast.
 */
public final class Contraction {
    private static final Set<DType> MATRICES = Set.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT16, DType.BFLOAT16);

    private final Opset at;
    private final List<Term> terms = new ArrayList<>();

    /**
     * A value on its way.
     *
     * @param labels of its axes
     * @param shape of them
     */
    private record Term(String name, List<Integer> labels, List<Dim> shape) {
        Dim size(int label) {
            return shape.get(labels.indexOf(label));
        }
    }

    private Contraction(Opset at) {
        this.at = at;
    }

    /** The model without its sums of known ranks and of different indices in a term; others stay. */
    public static Model expand(Model model) {
        return OpsetConversion.replace(model, "Einsum", at -> new Contraction(at).expand());
    }

    private List<Node> expand() {
        String equation = at.node().attributes().get("equation") instanceof Attribute.Text(String text)
                ? text.replace(" ", "")
                : "";
        String[] sides = equation.split("->", -1);
        String[] inputs = sides[0].split(",", -1);
        if (inputs.length != at.node().inputs().size()) {
            throw new Opset.Refusal(inputs.length + " terms for other inputs");
        }
        for (int i = 0; i < inputs.length; i++) {
            List<Dim> shape = at.shape(i);
            terms.add(new Term(at.node().inputs().get(i), labels(inputs[i], shape.size()), shape));
        }
        List<Integer> dots = terms.stream()
                .flatMap(term -> term.labels().stream())
                .filter(label -> label < 0)
                .distinct()
                .sorted()
                .toList();
        List<Integer> result = sides.length > 1
                ? labels(sides[1], sides[1].replace("...", "").length() + dots.size())
                : implicit(dots);
        Term made = terms.getFirst();
        for (int i = 1; i < terms.size(); i++) {
            Set<Integer> needed = new LinkedHashSet<>(result);
            terms.subList(i + 1, terms.size()).forEach(later -> needed.addAll(later.labels()));
            made = product(made, terms.get(i), needed);
        }
        made = sum(made, result);
        if (!Set.copyOf(made.labels()).equals(Set.copyOf(result))) {
            throw new Opset.Refusal("the result has an index that no term has");
        }
        return at.then("Identity", List.of(transpose(made, result).name()), Map.of());
    }

    private static List<Integer> labels(String term, int rank) {
        List<Integer> labels = new ArrayList<>();
        int letters = term.replace("...", "").length();
        for (int i = 0; i < term.length(); i++) {
            if (term.charAt(i) == '.') {
                for (int dot = letters - rank; dot < 0; dot++) {
                    labels.add(dot);
                }
                i += 2;
            } else {
                labels.add((int) term.charAt(i));
            }
        }
        if (labels.size() != rank || Set.copyOf(labels).size() != rank) {
            throw new Opset.Refusal("the term " + term + " for " + rank + " axes");
        }
        return labels;
    }

    /** Without an arrow: the ellipsis, then the letters that stand once, in alphabetical order. */
    private List<Integer> implicit(List<Integer> dots) {
        Map<Integer, Integer> counts = new TreeMap<>();
        terms.forEach(term -> term.labels().forEach(label -> counts.merge(label, 1, Integer::sum)));
        List<Integer> once = new ArrayList<>(dots);
        counts.forEach((label, count) -> {
            if (label >= 0 && count == 1) {
                once.add(label);
            }
        });
        return once;
    }

    private Term product(Term left, Term right, Set<Integer> needed) {
        Term x = sum(left, union(needed, right.labels()));
        Term y = sum(right, union(needed, left.labels()));
        List<Integer> shared = x.labels().stream().filter(y.labels()::contains).toList();
        // Sizes of an ellipsis may differ where one of them is 1.
        List<Integer> summed = shared.stream()
                .filter(label -> label >= 0 && !needed.contains(label))
                .toList();
        List<Integer> batch = without(shared, summed);
        List<Integer> rows = without(x.labels(), shared);
        List<Integer> columns = without(y.labels(), shared);
        if (summed.isEmpty() || !MATRICES.contains(at.dtype(0))) {
            List<Integer> order = Stream.of(batch, rows, columns, summed)
                    .flatMap(List::stream)
                    .toList();
            String product = at.emit("Mul", "product", spread(x, order), spread(y, order));
            return sum(new Term(product, order, sizes(order, x, y)), needed);
        }
        boolean merges = columns.stream().allMatch(label -> y.size(label) instanceof Dim.Fixed);
        List<Integer> outer = Stream.of(batch, rows, merges ? List.<Integer>of() : columns)
                .flatMap(List::stream)
                .toList();
        List<Integer> inner = merges ? columns : List.of();
        // [outer, 1, summed] × [outer, summed, inner]; the last of the rows stands in place of the 1 where it can.
        boolean hasRow = !rows.isEmpty() && outer.getLast().equals(rows.getLast());
        List<Integer> around = hasRow ? outer.subList(0, outer.size() - 1) : outer;
        String a = merged(x, outer, summed);
        if (!hasRow) {
            a = at.emit("Unsqueeze", "row", a, at.longs("axis", List.of((long) outer.size())));
        }
        String b = merged(y, around, inner, summed);
        String turned =
                at.emit("Transpose", "turned", List.of(b), Map.of("perm", new Attribute.Ints(swapped(around.size()))));
        String made = at.emit("MatMul", "product", a, turned);
        if (!hasRow) {
            made = at.emit("Squeeze", "flat", made, at.longs("axis", List.of((long) outer.size())));
        }
        List<Integer> labels = new ArrayList<>(outer);
        labels.addAll(inner);
        return new Term(split(made, outer.size(), inner, y), labels, sizes(labels, x, y));
    }

    /** An operand with axes for all outer labels and one for each group. */
    @SafeVarargs
    private String merged(Term term, List<Integer> outer, List<Integer>... groups) {
        List<Integer> order = new ArrayList<>(outer);
        boolean isFlat = true;
        for (List<Integer> group : groups) {
            order.addAll(group);
            isFlat &= group.size() == 1;
        }
        String laid = spread(term, order);
        if (isFlat) {
            return laid;
        }
        List<Long> target = new ArrayList<>();
        outer.forEach(_ -> target.add(0L));
        for (int i = 0; i < groups.length; i++) {
            // The rest is what is summed over, whose sizes need not be known; no size of 0 stands beside it.
            target.add(i == groups.length - 1 ? -1 : count(groups[i], term));
        }
        if (term.shape().stream().anyMatch(Contraction::isEmpty)) {
            throw new Opset.Refusal("an operand without elements");
        }
        return at.emit("Reshape", "merged", laid, at.longs("shape", target));
    }

    private static boolean isEmpty(Dim dim) {
        return dim instanceof Dim.Fixed(long size) && size == 0;
    }

    private static long count(List<Integer> labels, Term term) {
        long count = 1;
        for (int label : labels) {
            count *= Opset.fixed(term.size(label)).orElseThrow();
        }
        return count;
    }

    private String split(String made, int outer, List<Integer> inner, Term term) {
        if (inner.size() == 1) {
            return made;
        }
        if (inner.isEmpty()) {
            return at.emit("Squeeze", "split", made, at.longs("column", List.of((long) outer)));
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < outer; i++) {
            shape.add(0L);
        }
        inner.forEach(label -> shape.add(Opset.fixed(term.size(label)).orElseThrow()));
        return at.emit("Reshape", "split", made, at.longs("parts", shape));
    }

    private static List<Long> swapped(int before) {
        List<Long> axes = new ArrayList<>();
        for (long i = 0; i < before; i++) {
            axes.add(i);
        }
        axes.add(before + 1L);
        axes.add((long) before);
        return axes;
    }

    /** A term with the axes of an order, of size 1 where it has none. */
    private String spread(Term term, List<Integer> order) {
        List<Integer> own = order.stream().filter(term.labels()::contains).toList();
        Term turned = transpose(term, own);
        List<Long> missing = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            if (!own.contains(order.get(i))) {
                missing.add((long) i);
            }
        }
        return missing.isEmpty()
                ? turned.name()
                : at.emit("Unsqueeze", "spread", turned.name(), at.longs("axes", missing));
    }

    private Term transpose(Term term, List<Integer> order) {
        if (term.labels().equals(order)) {
            return term;
        }
        List<Long> permutation =
                order.stream().map(label -> (long) term.labels().indexOf(label)).toList();
        String name =
                at.emit("Transpose", "laid", List.of(term.name()), Map.of("perm", new Attribute.Ints(permutation)));
        return new Term(name, order, order.stream().map(term::size).toList());
    }

    /** Summed over what is not kept. */
    private Term sum(Term term, Collection<Integer> kept) {
        List<Integer> left = term.labels().stream().filter(kept::contains).toList();
        if (left.equals(term.labels())) {
            return term;
        }
        List<Long> axes = new ArrayList<>();
        for (int i = 0; i < term.labels().size(); i++) {
            if (!kept.contains(term.labels().get(i))) {
                axes.add((long) i);
            }
        }
        String name = at.emit(
                "ReduceSum",
                "sum",
                List.of(term.name(), at.longs("over", axes)),
                Map.of("keepdims", new Attribute.Int(0)));
        return new Term(name, left, left.stream().map(term::size).toList());
    }

    private static List<Dim> sizes(List<Integer> labels, Term x, Term y) {
        return labels.stream()
                .map(label -> {
                    boolean isOfX = x.labels().contains(label)
                            && !(y.labels().contains(label)
                                    && Opset.fixed(x.size(label))
                                            .filter(size -> size == 1)
                                            .isPresent());
                    return isOfX ? x.size(label) : y.size(label);
                })
                .toList();
    }

    private static Set<Integer> union(Set<Integer> some, List<Integer> others) {
        Set<Integer> all = new LinkedHashSet<>(some);
        all.addAll(others);
        return all;
    }

    private static List<Integer> without(List<Integer> labels, List<Integer> others) {
        return labels.stream().filter(label -> !others.contains(label)).toList();
    }
}
