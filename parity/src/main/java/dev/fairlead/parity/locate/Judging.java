package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Node;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A node's results from a target beside the exact ones, to be held to bounds.
 *
 * @param given what the node used, by name
 * @param exact results for it, by name
 */
record Judging(Node node, Kind kind, Map<String, Datum> given, Captured captured, Map<String, Datum> exact) {
    static boolean fits(Tensor made, Array exact) {
        return made.elements() == exact.size() && (exact instanceof Array.Reals || exact instanceof Array.Integers);
    }

    /**
     * Counts elements.
     *
     * @param factors what roundings are multiplied by, by result
     * @param slack what the inputs leave open, by result
     */
    Count count(Contract contract, Map<String, double[]> factors, Map<String, double[]> slack) {
        Count count = new Count();
        exact.forEach((name, datum) -> {
            if (datum instanceof Datum.Dense(Array array)) {
                Tensor made = made(name);
                Bound bound =
                        new Bound(contract, made.dtype(), Terms.of(node, kind, arrays(), array), Kind.isProduct(node));
                count.add(
                        made,
                        array,
                        kind,
                        bound,
                        factors.getOrDefault(name, new double[array.size()]),
                        slack.getOrDefault(name, new double[array.size()]));
            }
        });
        return count;
    }

    /** Which narrower precision of a product its results are within the bound of; empty where none is. */
    String explanation(Contract contract, Map<String, double[]> factors, Map<String, double[]> slack) {
        if (!Kind.isProduct(node)) {
            return "";
        }
        DType dtype = made(exact.keySet().iterator().next()).dtype();
        Contract narrow = new Contract(Contract.TF32.operands(), contract.accumulation(), contract.inner());
        if (dtype == DType.FLOAT32 && contract.operands() == 0 && count(narrow, factors, slack).outside == 0) {
            return "it is within the bound of operands rounded to 11 bits (TF32)";
        }
        Contract half = new Contract(contract.operands(), Contract.unit(dtype), contract.inner());
        if (dtype.isFloating()
                && dtype.bits() == 16
                && contract.accumulation() < half.accumulation()
                && count(half, factors, slack).outside == 0) {
            return "it is within the bound of sums kept in " + dtype.text();
        }
        return "";
    }

    private Tensor made(String name) {
        return Objects.requireNonNull(captured.values().get(name), name);
    }

    private List<Array> arrays() {
        List<Array> arrays = new ArrayList<>();
        for (String name : node.inputs()) {
            if (given.get(name) instanceof Datum.Dense(Array array)) {
                arrays.add(array);
            }
        }
        return arrays;
    }
}
