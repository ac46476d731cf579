package dev.fairlead.model.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MonteCarloTest {
    private static final int DEPTH = 4096;

    private static Model product() {
        Graph graph = new Graph(
                "g",
                List.of(value("a"), value("b")),
                List.of(value("y")),
                Map.of(),
                List.of(new Node("n", "", "MatMul", List.of("a", "b"), List.of("y"), new TreeMap<>(), new TreeMap<>())),
                List.of());
        return new Model(10, "test", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    private static Value value(String name) {
        return new Value(name, Optional.empty(), Optional.empty());
    }

    private static Map<String, Datum> inputs(DType dtype) {
        SplittableRandom random = new SplittableRandom(7);
        double[] a = random.doubles(DEPTH, -1, 1).map(x -> (float) x).toArray();
        double[] b = random.doubles(DEPTH, -1, 1).map(x -> (float) x).toArray();
        return Map.of(
                "a", Datum.of(new Array.Reals(dtype, new int[] {1, DEPTH}, a)),
                "b", Datum.of(new Array.Reals(dtype, new int[] {DEPTH, 1}, b)));
    }

    private static double run(Precision precision, DType dtype) {
        Datum y = new Interpreter(product(), precision).run(inputs(dtype)).get("y");
        return y instanceof Datum.Dense(Array.Reals reals) ? reals.values()[0] : Double.NaN;
    }

    /** Root mean square error of 64 runs. */
    private static double error(Machine machine) {
        double exact = run(Precision.FLOAT64, DType.FLOAT32);
        return Math.sqrt(LongStream.range(0, 64)
                .mapToDouble(seed -> run(Precision.monteCarlo(seed, machine), DType.FLOAT32) - exact)
                .map(error -> error * error)
                .average()
                .orElseThrow());
    }

    @Test
    void sameSeedGivesTheSameRun() {
        assertThat(run(Precision.monteCarlo(3, Machine.FLOAT32), DType.FLOAT32))
                .isEqualTo(run(Precision.monteCarlo(3, Machine.FLOAT32), DType.FLOAT32));
    }

    @Test
    void doublesAreAddedInDouble() {
        double exact = run(Precision.FLOAT64, DType.FLOAT64);
        assertThat(Math.abs(run(Precision.monteCarlo(1, Machine.TF32), DType.FLOAT64) - exact))
                .isLessThan(1e-12);
    }

    /**
     * The partial sums of n terms of variance s² walk: an addition at step k errs by up to half a unit of a number of size s √k, so that the
     * whole has a root mean square error of about u s n / √6 (Higham and Mary, SIAM J. Sci. Comput. 41, 2019, section 3); factors
     * of 2 are left for where in its binade a partial sum lies.
     */
    @Test
    void errorOfASumIsThatOfARandomWalk() {
        double expected = 0x1p-24 / 3 * DEPTH / Math.sqrt(6);
        assertThat(error(Machine.FLOAT32)).isBetween(expected / 2, expected * 2);
    }

    /** The low 13 of a float32's 23 fraction bits rounded away, ties to even, on the bits. */
    @Test
    void factorsOfTf32KeepTenFractionBits() {
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 10_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt(0x00800000, 0x7F000000));
            int bits = Float.floatToRawIntBits(value);
            int rounded = bits + 0xFFF + ((bits >>> 13) & 1) & ~0x1FFF;
            assertThat(Machine.TF32.factor(value)).isEqualTo(Float.intBitsToFloat(rounded));
        }
    }
}
