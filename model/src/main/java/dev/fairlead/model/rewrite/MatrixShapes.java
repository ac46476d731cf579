package dev.fairlead.model.rewrite;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Products of matrices. */
final class MatrixShapes {
    private MatrixShapes() {}

    static void register(ShapeRules rules) {
        rules.add("MatMul", at -> List.of(Fact.of(at.dtype(0), product(at, at.shape(0), at.shape(1)))));
        rules.add(
                "MatMulInteger",
                at -> List.of(Fact.of(Optional.of(DType.INT32), product(at, at.shape(0), at.shape(1)))));
        rules.add("QLinearMatMul", at -> List.of(Fact.of(at.dtype(7), product(at, at.shape(0), at.shape(3)))));
        rules.add("Gemm", MatrixShapes::gemm);
        rules.add("Einsum", MatrixShapes::einsum);
        rules.add(
                "Det",
                at -> List.of(Fact.of(
                        at.dtype(0), at.shape(0).filter(s -> s.size() >= 2).map(s -> s.subList(0, s.size() - 2)))));
    }

    /** NumPy's matmul: a vector on the left gets a row and one on the right a column, and both lose it again. */
    static Optional<List<Dim>> product(Inference at, Optional<List<Dim>> left, Optional<List<Dim>> right) {
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        List<Dim> a = left.get();
        List<Dim> b = right.get();
        if (a.isEmpty() || b.isEmpty()) {
            throw at.malformed("multiplies a scalar");
        }
        Dim inner = a.getLast();
        Dim outer = b.get(Math.max(b.size() - 2, 0));
        if (inner instanceof Dim.Fixed && outer instanceof Dim.Fixed && !inner.equals(outer)) {
            throw at.malformed("multiplies %s by %s".formatted(a, b));
        }
        List<Dim> out = new ArrayList<>(Shapes.broadcast(
                a.subList(0, Math.max(a.size() - 2, 0)), b.subList(0, Math.max(b.size() - 2, 0))));
        if (a.size() > 1) {
            out.add(a.get(a.size() - 2));
        }
        if (b.size() > 1) {
            out.add(b.getLast());
        }
        return Optional.of(out);
    }

    private static List<Fact> gemm(Inference at) {
        int row = at.integer("transA", 0) != 0 ? 1 : 0;
        int column = at.integer("transB", 0) != 0 ? 0 : 1;
        return List.of(Fact.of(at.dtype(0), Optional.of(List.of(at.dim(0, row), at.dim(1, column)))));
    }

    private static List<Fact> einsum(Inference at) {
        String equation = at.text("equation", "").replace(" ", "");
        String[] sides = equation.split("->", -1);
        String[] terms = sides[0].split(",", -1);
        Map<Character, Dim> sizes = new LinkedHashMap<>();
        Map<Character, Integer> times = new TreeMap<>();
        List<Dim> batch = List.of();
        for (int i = 0; i < terms.length; i++) {
            if (at.shape(i).isEmpty()) {
                return List.of(Fact.of(at.dtype(0), Optional.empty()));
            }
            List<Dim> shape = at.shape(i).get();
            int letters = terms[i].replace(".", "").length();
            int dots = terms[i].indexOf("...");
            int between = shape.size() - letters;
            if (between < 0 || (dots < 0 && between > 0)) {
                throw at.malformed("term " + terms[i] + " of a tensor of rank " + shape.size());
            }
            int axis = 0;
            for (int c = 0; c < terms[i].length(); c++) {
                if (c == dots) {
                    batch = Shapes.broadcast(batch, shape.subList(axis, axis + between));
                    axis += between;
                    c += 2;
                } else {
                    Dim size = shape.get(axis++);
                    Dim so = sizes.get(terms[i].charAt(c));
                    sizes.put(terms[i].charAt(c), so == null || Sizes.isOne(so) ? size : so);
                    times.merge(terms[i].charAt(c), 1, Integer::sum);
                }
            }
        }
        String result = sides.length > 1 ? sides[1] : implicit(sides[0], times);
        List<Dim> out = new ArrayList<>();
        for (int c = 0; c < result.length(); c++) {
            if (result.startsWith("...", c)) {
                out.addAll(batch);
                c += 2;
            } else {
                out.add(sizes.getOrDefault(result.charAt(c), new Dim.Unknown()));
            }
        }
        return List.of(Fact.of(at.dtype(0), Optional.of(out)));
    }

    /** Without an arrow: the ellipsis, then letters that occur once in their order. */
    private static String implicit(String terms, Map<Character, Integer> times) {
        StringBuilder text = new StringBuilder(terms.contains("...") ? "..." : "");
        times.forEach((letter, count) -> {
            if (count == 1) {
                text.append(letter);
            }
        });
        return text.toString();
    }
}
