package dev.fairlead.model.interpret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Einstein's sums, by one loop over all indices. An ellipsis stands for leading axes that broadcast. */
final class EinsumKernels {
    private EinsumKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Einsum", EinsumKernels::run);
    }

    private static List<Datum> run(Call call) {
        String equation = call.text("equation", "").replace(" ", "");
        int arrow = equation.indexOf("->");
        String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
        if (terms.length != call.inputs()) {
            throw call.malformed("equation " + equation + " for " + call.inputs() + " inputs");
        }
        int ellipsis = 0;
        for (int i = 0; i < terms.length; i++) {
            int named = terms[i].replace("...", "").length();
            ellipsis = Math.max(ellipsis, call.array(i).rank() - named);
        }
        List<int[]> labels = new ArrayList<>();
        Map<Integer, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < terms.length; i++) {
            int[] shape = call.array(i).shape();
            int[] own = labels(call, terms[i], shape.length, ellipsis);
            for (int axis = 0; axis < own.length; axis++) {
                int size = shape[axis];
                int known = sizes.getOrDefault(own[axis], 1);
                if (known != 1 && size != 1 && known != size) {
                    throw call.malformed("equation " + equation + " gives one index two sizes");
                }
                sizes.put(own[axis], known == 1 ? size : known);
            }
            labels.add(own);
        }
        int[] output = arrow < 0 ? implied(terms, ellipsis) : labels(call, equation.substring(arrow + 2), -1, ellipsis);
        return Elementwise.one(sum(call, labels, sizes, output));
    }

    /** Letters as they are; the axes of an ellipsis as negative numbers, counted from its right end. */
    private static int[] labels(Call call, String term, int rank, int ellipsis) {
        int dots = term.indexOf("...");
        String letters = term.replace("...", "");
        int covered = rank < 0 ? ellipsis : rank - letters.length();
        if ((dots < 0 && rank >= 0 && covered != 0) || covered < 0) {
            throw call.malformed("term " + term + " for rank " + rank);
        }
        List<Integer> labels = new ArrayList<>();
        for (int i = 0; i <= letters.length(); i++) {
            if (i == dots) {
                for (int axis = covered; axis > 0; axis--) {
                    labels.add(-axis);
                }
            }
            if (i < letters.length()) {
                labels.add((int) letters.charAt(i));
            }
        }
        return labels.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Without an arrow: the ellipsis, then every letter that stands once, in alphabetical order. */
    private static int[] implied(String[] terms, int ellipsis) {
        String letters = String.join("", terms).replace("...", "");
        int[] once = letters.chars()
                .filter(letter -> letters.indexOf(letter) == letters.lastIndexOf(letter))
                .sorted()
                .toArray();
        int[] lead = new int[ellipsis];
        Arrays.setAll(lead, i -> i - ellipsis);
        return Shapes.concat(lead, once);
    }

    private static Array sum(Call call, List<int[]> labels, Map<Integer, Integer> sizes, int[] output) {
        int[] summed = sizes.keySet().stream()
                .mapToInt(Integer::intValue)
                .filter(label -> Arrays.stream(output).noneMatch(kept -> kept == label))
                .toArray();
        int[] order = Shapes.concat(output, summed);
        int[] all = Arrays.stream(order).map(label -> size(call, sizes, label)).toArray();
        int[] shape = Arrays.copyOf(all, output.length);
        int inner = Shapes.size(all, output.length, all.length);
        List<int[]> places = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            int[] own = Shapes.strides(call.array(i).shape());
            int[] strides = new int[order.length];
            for (int axis = 0; axis < own.length; axis++) {
                for (int j = 0; j < order.length; j++) {
                    if (order[j] == labels.get(i)[axis] && call.array(i).shape()[axis] != 1) {
                        strides[j] += own[axis];
                    }
                }
            }
            places.add(Shapes.indices(all, strides, 0));
        }
        Array result = Elements.blank(call.array(0), shape);
        switch (result) {
            case Array.Reals reals -> {
                for (int i = 0; i < places.getFirst().length; i++) {
                    double product = 1;
                    for (int k = 0; k < places.size(); k++) {
                        product *= call.reals(k).values()[places.get(k)[i]];
                    }
                    reals.values()[i / inner] = call.sums().add(reals.values()[i / inner], product);
                }
            }
            case Array.Integers integers -> {
                for (int i = 0; i < places.getFirst().length; i++) {
                    long product = 1;
                    for (int k = 0; k < places.size(); k++) {
                        product *= call.longs(k)[places.get(k)[i]];
                    }
                    integers.values()[i / inner] =
                            Widths.wrap(integers.dtype(), integers.values()[i / inner] + product);
                }
            }
            case Array.Complexes _, Array.Texts _ -> throw call.malformed("inputs hold no real numbers");
        }
        return result;
    }

    private static int size(Call call, Map<Integer, Integer> sizes, int label) {
        Integer size = sizes.get(label);
        if (size == null) {
            throw call.malformed("the output names an index that no input has");
        }
        return size;
    }
}
