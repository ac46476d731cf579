package dev.fairlead.parity.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every metric of every type at every length from 0 to 4,100 against NumPy in float64, from {@code src/test/python/lengths.py}. Counts,
 * extrema and histograms are exact; means and sums within 64 · 2^-24 where errors are float32, else within 1e-12.
 */
class NumpyLengthsIT {
    private static final int LENGTH = 4100;
    private static final int COLUMNS = 11;
    private static final long ROW = COLUMNS * (long) Double.BYTES;
    private static final long ULP_ROW = Statistics.ULP_BUCKETS * (long) Long.BYTES;

    /** The first columns: counts and extrema. */
    private static final int EXACT = 4;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void asksNumpy() throws IOException, InterruptedException {
        TestPython.run("lengths.py", folder.toString());
    }

    static Stream<String> labels() {
        Stream<DType> all = Stream.of(DType.values()).filter(dtype -> dtype.kind() != DType.Kind.COMPLEX);
        return all.flatMap(dtype ->
                dtype.isFloating() ? Stream.of(dtype.text(), "special-" + dtype.text()) : Stream.of(dtype.text()));
    }

    @Test
    void looksAtEveryType() {
        assertThat(labels()).hasSize(40);
    }

    @ParameterizedTest
    @MethodSource("labels")
    void agreesAtEveryLength(String label) throws IOException {
        DType dtype = DType.parse(label.replace("special-", "")).orElseThrow();
        double sums = dtype.isFloating() && dtype != DType.FLOAT64 ? Float32Block.RUN * 0x1p-24 : 1e-12;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment reference = map(label + ".reference", arena);
            MemorySegment candidate = map(label + ".candidate", arena);
            MemorySegment metrics = map(label + ".metrics", arena);
            MemorySegment ulp = map(label + ".ulp", arena);
            for (int length = 0; length <= LENGTH; length++) {
                Statistics found =
                        Measurement.of(new Pair(first(reference, dtype, length), first(candidate, dtype, length)));
                assertThat(found.elements()).isEqualTo(length);
                String what = label + " at " + length;
                agrees(what, found, metrics.asSlice(length * ROW, ROW).toArray(Tensor.DOUBLE), sums);
                long[] histogram = ulp.asSlice(length * ULP_ROW, ULP_ROW).toArray(Tensor.LONG);
                assertThat(found.ulp).as(what).isEqualTo(histogram);
            }
        }
    }

    private static void agrees(String what, Statistics found, double[] wanted, double sums) {
        double[] values = {
            found.masked,
            found.maskMismatches(),
            found.maxAbsolute(),
            found.maxRelative(),
            found.meanAbsolute(),
            found.meanRelative(),
            found.rmse(),
            found.normalisedRmse(),
            found.cosine(),
            found.snrDb(),
            found.psnrDb()
        };
        for (int i = 0; i < COLUMNS; i++) {
            double bound = i < EXACT ? 0 : Math.abs(wanted[i]) * sums;
            boolean close = Double.isFinite(wanted[i])
                    ? Math.abs(values[i] - wanted[i]) <= bound
                    : Double.compare(values[i], wanted[i]) == 0;
            assertThat(close)
                    .as("%s: column %d is %s, not %s", what, i, values[i], wanted[i])
                    .isTrue();
        }
    }

    private static Tensor first(MemorySegment data, DType dtype, int length) {
        return new Tensor(dtype, List.of((long) length), data.asSlice(0, dtype.bytes((long) length)));
    }

    private static MemorySegment map(String name, Arena arena) throws IOException {
        Path file = folder.resolve(name);
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, Files.size(file), arena);
        }
    }
}
