package dev.fairlead.parity.floor;

import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Machine;
import dev.fairlead.model.interpret.Precision;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The deviation of a model's outputs from float64 over {@value #RUNS} runs of Monte-Carlo arithmetic at its declared precision. The same
 * model, inputs and seed give the same floor.
 */
public final class NoiseFloor {
    /** Runs of one input. */
    public static final int RUNS = 16;

    private final Interpreter interpreter;
    private final long seed;

    public NoiseFloor(Interpreter interpreter, long seed) {
        this.interpreter = interpreter;
        this.seed = seed;
    }

    /**
     * The root mean square deviation of each element, by output, in float32. Outputs that are no dense floating arrays have none; where a
     * run was not finite and float64 is, or the other way round, it is infinite.
     *
     * @param inputs of one case
     * @param exact the outputs that {@link Precision#FLOAT64} gives of them
     */
    public Map<String, Tensor> of(Map<String, Datum> inputs, Map<String, Datum> exact) {
        List<Map<String, Datum>> runs = LongStream.range(0, RUNS)
                .parallel()
                .mapToObj(run -> run(Machine.FLOAT32, seed * RUNS + run, inputs))
                .toList();
        Map<String, Tensor> floors = new LinkedHashMap<>();
        exact.forEach((name, datum) -> {
            if (datum instanceof Datum.Dense(Array.Reals reals)) {
                double[] squares = new double[reals.size()];
                runs.forEach(run -> addSquares(reals, run.get(name), squares));
                floors.put(name, deviation(reals, squares, RUNS));
            }
        });
        return floors;
    }

    /**
     * How far off other ways of computing would put each output: the normalised root mean square error of one run of each, by output.
     * A machine whose error is near one of these computes so, whatever it was asked for.
     */
    public Map<Contract, Map<String, Double>> contracts(Map<String, Datum> inputs, Map<String, Datum> exact) {
        Map<Contract, Map<String, Double>> errors = new EnumMap<>(Contract.class);
        for (Contract contract : Contract.values()) {
            Map<String, Datum> run = run(contract.machine(), seed, inputs);
            Map<String, Double> byOutput = new LinkedHashMap<>();
            exact.forEach((name, datum) -> {
                if (datum instanceof Datum.Dense(Array.Reals reals) && contract.isOf(reals.dtype())) {
                    double[] squares = new double[reals.size()];
                    addSquares(reals, run.get(name), squares);
                    double norm = Arrays.stream(reals.values())
                            .map(value -> value * value)
                            .sum();
                    byOutput.put(
                            name,
                            norm == 0 ? 0 : Math.sqrt(Arrays.stream(squares).sum() / norm));
                }
            });
            errors.put(contract, byOutput);
        }
        return errors;
    }

    private Map<String, Datum> run(Machine machine, long of, Map<String, Datum> inputs) {
        return interpreter.at(Precision.monteCarlo(of, machine)).run(inputs);
    }

    private static void addSquares(Array.Reals exact, @Nullable Datum found, double[] squares) {
        if (!(found instanceof Datum.Dense(Array.Reals reals)) || reals.size() != exact.size()) {
            Arrays.fill(squares, Double.POSITIVE_INFINITY);
            return;
        }
        for (int i = 0; i < squares.length; i++) {
            double a = exact.values()[i];
            double b = reals.values()[i];
            boolean isSame = Double.compare(a, b) == 0;
            squares[i] += isSame
                    ? 0
                    : Double.isFinite(a) && Double.isFinite(b) ? (a - b) * (a - b) : Double.POSITIVE_INFINITY;
        }
    }

    private static Tensor deviation(Array.Reals exact, double[] squares, int runs) {
        Tensor tensor = Tensor.allocate(
                DType.FLOAT32,
                Arrays.stream(exact.shape()).mapToObj(Long::valueOf).toList());
        for (int i = 0; i < squares.length; i++) {
            tensor.set(i, Math.sqrt(squares[i] / runs));
        }
        return tensor;
    }
}
