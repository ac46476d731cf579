package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code ai.onnx.ml.TreeEnsemble}: decision trees whose leaves add to targets. */
final class TreeEnsemble {
    private static final int MEMBER = 6;

    private final Call call;
    private final int targets;
    private final List<Long> features;
    private final List<Long> trueLeafs;
    private final List<Long> trueNodes;
    private final List<Long> falseLeafs;
    private final List<Long> falseNodes;
    private final List<Long> missing;
    private final List<Long> leafTargets;
    private final double[] modes;
    private final double[] splits;
    private final double[] weights;
    private final List<double[]> members = new ArrayList<>();

    TreeEnsemble(Call call) {
        this.call = call;
        targets = Math.toIntExact(call.integer("n_targets"));
        features = numbers("nodes_featureids");
        trueLeafs = numbers("nodes_trueleafs");
        trueNodes = numbers("nodes_truenodeids");
        falseLeafs = numbers("nodes_falseleafs");
        falseNodes = numbers("nodes_falsenodeids");
        missing = call.integers("nodes_missing_value_tracks_true").orElse(List.of());
        leafTargets = numbers("leaf_targetids");
        modes = tensor("nodes_modes");
        splits = tensor("nodes_splits");
        weights = tensor("leaf_weights");
        double[] sets = call.attribute("membership_values") == null ? new double[0] : tensor("membership_values");
        int start = 0;
        for (int i = 0; i <= sets.length; i++) {
            if (i == sets.length || Double.isNaN(sets[i])) {
                members.add(Arrays.copyOfRange(sets, start, i));
                start = i + 1;
            }
        }
    }

    private List<Long> numbers(String name) {
        return call.integers(name).orElseThrow(() -> call.malformed("attribute " + name + " is missing"));
    }

    private double[] tensor(String name) {
        if (call.attribute(name) instanceof Attribute.TensorValue(Tensor tensor)) {
            return Numbers.doubles(call, Array.of(tensor));
        }
        throw call.malformed("attribute " + name + " is no tensor");
    }

    Array run(Call call) {
        Array.Reals x = call.reals(0);
        if (x.rank() != 2) {
            throw call.malformed("input 0 has rank " + x.rank() + ", expected 2");
        }
        if (call.integer("post_transform", 0) != 0) {
            throw call.unsupported("a transform after the trees");
        }
        int rows = x.shape()[0];
        int width = x.shape()[1];
        double[] scores = new double[rows * targets];
        for (int row = 0; row < rows; row++) {
            double[] features = Arrays.copyOfRange(x.values(), row * width, (row + 1) * width);
            System.arraycopy(scores(features), 0, scores, row * targets, targets);
        }
        return new Array.Reals(x.dtype(), new int[] {rows, targets}, scores);
    }

    private double[] scores(double[] x) {
        List<Long> roots = numbers("tree_roots");
        int aggregate = (int) call.integer("aggregate_function", 1);
        double[] scores = new double[targets];
        boolean[] reached = new boolean[targets];
        for (long root : roots) {
            int leaf = leaf(x, Math.toIntExact(root));
            int target = GatherKernels.place(call, leafTargets.get(leaf), targets);
            double weight = weights[leaf];
            scores[target] = switch (aggregate) {
                case 0, 1 -> scores[target] + weight;
                case 2 -> reached[target] ? Math.min(scores[target], weight) : weight;
                case 3 -> reached[target] ? Math.max(scores[target], weight) : weight;
                default -> throw call.malformed("attribute aggregate_function is " + aggregate);
            };
            reached[target] = true;
        }
        return aggregate == 0 ? Arrays.stream(scores).map(sum -> sum / roots.size()).toArray() : scores;
    }

    private int leaf(double[] x, int root) {
        int node = root;
        for (int steps = 0; steps <= modes.length; steps++) {
            boolean goes = test(x[Math.toIntExact(features.get(node))], node);
            int next = Math.toIntExact((goes ? trueNodes : falseNodes).get(node));
            if ((goes ? trueLeafs : falseLeafs).get(node) != 0) {
                return next;
            }
            node = next;
        }
        throw call.malformed("a tree has a cycle");
    }

    private boolean test(double value, int node) {
        if (Double.isNaN(value) && !missing.isEmpty() && missing.get(node) != 0) {
            return true;
        }
        double split = splits[node];
        return switch ((int) modes[node]) {
            case 0 -> value <= split;
            case 1 -> value < split;
            case 2 -> value >= split;
            case 3 -> value > split;
            case 4 -> value == split;
            case 5 -> value != split;
            case MEMBER -> Arrays.stream(members.get(set(node))).anyMatch(member -> member == value);
            default -> throw call.malformed("a node has mode " + modes[node]);
        };
    }

    /** Sets of members stand in the order of the nodes that have one. */
    private int set(int node) {
        return (int) Arrays.stream(modes, 0, node).filter(mode -> mode == MEMBER).count();
    }
}
