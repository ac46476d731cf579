package dev.fairlead.model.interpret;

import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** TreeEnsemble of {@code ai.onnx.ml}. */
final class TreeKernels {
    private TreeKernels() {}

    static void register(Kernels kernels) {
        kernels.add("ai.onnx.ml", "TreeEnsemble", TreeKernels::run);
    }

    private static List<Datum> run(Call call) {
        Array.Reals x = call.reals(0);
        int features = x.shape()[1];
        int targets = Math.toIntExact(call.integer("n_targets"));
        double[] weights = tensor(call, "leaf_weights").orElseThrow(() -> call.malformed("no leaf_weights"));
        int[] leafTargets = ints(call, "leaf_targetids");
        int[] roots = ints(call, "tree_roots");
        Walk walk = new Walk(call);
        double[] y = new double[x.shape()[0] * targets];
        for (int row = 0; row < x.shape()[0]; row++) {
            double[] sample = Arrays.copyOfRange(x.values(), row * features, (row + 1) * features);
            double[][] votes = new double[targets][0];
            for (int root : roots) {
                int leaf = walk.leaf(root, sample);
                int target = leafTargets[leaf];
                votes[target] = Arrays.copyOf(votes[target], votes[target].length + 1);
                votes[target][votes[target].length - 1] = weights[leaf];
            }
            for (int target = 0; target < targets; target++) {
                y[row * targets + target] = aggregated(call, votes[target], roots.length);
            }
        }
        return List.of(Doubles.datum(x.dtype(), new int[] {x.shape()[0], targets}, transformed(call, y, targets)));
    }

    private static double aggregated(Call call, double[] votes, int trees) {
        long function = call.integer("aggregate_function", 1);
        return switch ((int) function) {
            case 0 -> Doubles.sum(votes) / trees;
            case 1 -> Doubles.sum(votes);
            case 2 -> Arrays.stream(votes).min().orElse(0);
            case 3 -> Arrays.stream(votes).max().orElse(0);
            default -> throw call.malformed("aggregate_function " + function);
        };
    }

    private static double[] transformed(Call call, double[] y, int targets) {
        long transform = call.integer("post_transform", 0);
        return switch ((int) transform) {
            case 0 -> y;
            case 1 -> ScaledDotProduct.softmax(call, y, targets);
            case 2 -> Arrays.stream(y).map(Functions::sigmoid).toArray();
            case 3, 4 -> throw call.unsupported("post_transform " + transform);
            default -> throw call.malformed("post_transform " + transform);
        };
    }

    private static int[] ints(Call call, String name) {
        return call.integers(name)
                .map(Position::ints)
                .orElseThrow(() -> call.malformed("attribute " + name + " is missing"));
    }

    private static Optional<double[]> tensor(Call call, String name) {
        Attribute attribute = call.attribute(name);
        if (attribute == null) {
            return Optional.empty();
        }
        if (!(attribute instanceof Attribute.TensorValue(Tensor tensor))) {
            throw call.malformed("attribute " + name + " has the wrong kind");
        }
        double[] values = new double[Math.toIntExact(tensor.elements())];
        Arrays.setAll(values, tensor::doubleAt);
        return Optional.of(values);
    }

    /** The inner nodes. */
    private static final class Walk {
        private final Call call;
        private final double[] modes;
        private final double[] splits;
        private final int[] featureIds;
        private final int[] yes;
        private final int[] no;
        private final int[] yesIsLeaf;
        private final int[] noIsLeaf;
        private final int[] missing;
        private final double[] members;

        Walk(Call call) {
            this.call = call;
            this.modes = tensor(call, "nodes_modes").orElseThrow(() -> call.malformed("no nodes_modes"));
            this.splits = tensor(call, "nodes_splits").orElseThrow(() -> call.malformed("no nodes_splits"));
            this.featureIds = ints(call, "nodes_featureids");
            this.yes = ints(call, "nodes_truenodeids");
            this.no = ints(call, "nodes_falsenodeids");
            this.yesIsLeaf = ints(call, "nodes_trueleafs");
            this.noIsLeaf = ints(call, "nodes_falseleafs");
            this.missing = call.integers("nodes_missing_value_tracks_true")
                    .map(Position::ints)
                    .orElseGet(() -> new int[modes.length]);
            this.members = tensor(call, "membership_values").orElseGet(() -> new double[0]);
        }

        int leaf(int root, double[] sample) {
            int node = root;
            for (int step = 0; step <= modes.length; step++) {
                double value = sample[featureIds[node]];
                boolean follows = (Double.isNaN(value) && missing[node] == 1) || holds(node, value);
                boolean leaf = (follows ? yesIsLeaf : noIsLeaf)[node] == 1;
                node = (follows ? yes : no)[node];
                if (leaf) {
                    return node;
                }
            }
            throw call.malformed("the tree at " + root + " has a cycle");
        }

        private boolean holds(int node, double value) {
            double split = splits[node];
            return switch ((int) modes[node]) {
                case 0 -> value <= split;
                case 1 -> value < split;
                case 2 -> value >= split;
                case 3 -> value > split;
                case 4 -> value == split;
                case 5 -> value != split;
                case 6 -> set(node).contains(value);
                default -> throw call.malformed("nodes_modes " + modes[node]);
            };
        }

        /** The sets stand in the order of their nodes, each ended by NaN. */
        private Set<Double> set(int node) {
            int sets = 0;
            for (int before = 0; before < node; before++) {
                sets += modes[before] == 6 ? 1 : 0;
            }
            Set<Double> set = new HashSet<>();
            int at = 0;
            for (int passed = 0; at < members.length && passed <= sets; at++) {
                if (Double.isNaN(members[at])) {
                    passed++;
                } else if (passed == sets) {
                    set.add(members[at]);
                }
            }
            return set;
        }
    }
}
