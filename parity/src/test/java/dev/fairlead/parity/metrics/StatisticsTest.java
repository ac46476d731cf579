package dev.fairlead.parity.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Property(tries = 50)
    void mergesAssociatively(@ForAll long seed, @ForAll @IntRange(max = 3000) int elements) {
        Statistics a = Measurement.of(Samples.close(elements, seed));
        Statistics b = Measurement.of(Samples.close(elements / 2, seed + 1));
        Statistics c = Measurement.of(Samples.close(elements / 3 + 1, seed + 2));
        Statistics left = Statistics.merge(List.of(Statistics.merge(List.of(a, b)), c));
        Statistics right = Statistics.merge(List.of(a, Statistics.merge(List.of(b, c))));
        assertThat(left.elements).isEqualTo(right.elements);
        assertThat(left.ulp).containsExactly(right.ulp);
        assertThat(left.absolute.counts).containsExactly(right.absolute.counts);
        assertThat(left.relative.counts).containsExactly(right.relative.counts);
        assertThat(left.maxAbsolute).isEqualTo(right.maxAbsolute);
        assertThat(left.maxRelative).isEqualTo(right.maxRelative);
        assertThat(left.minReference).isEqualTo(right.minReference);
        assertThat(left.rmse()).isEqualTo(right.rmse(), within(1e-15));
        assertThat(left.cosine()).isEqualTo(right.cosine(), within(1e-15));
    }

    @Property(tries = 50)
    void countsEveryElementOnceInEachHistogram(@ForAll long seed, @ForAll @IntRange(max = 5000) int elements) {
        Statistics found = Measurement.of(Samples.close(elements, seed));
        assertThat(found.elements()).isEqualTo(elements);
        assertThat(found.absolute.total()).isEqualTo(elements);
        assertThat(found.relative.total()).isEqualTo(elements);
        assertThat(found.ulpHistogram().stream().mapToLong(n -> n).sum()).isEqualTo(elements);
        assertThat(found.byMagnitude().stream()
                        .mapToLong(MagnitudeTable.Row::count)
                        .sum())
                .isEqualTo(elements);
    }

    @Test
    void findsAnOutlierInABlockThatIsNotSampled() {
        float[] a = new float[40 * Measurement.BLOCK];
        float[] b = a.clone();
        b[33 * Measurement.BLOCK + 7] = 3;
        Statistics found = Measurement.of(Samples.pair(a, b));
        assertThat(found.maxAbsolute()).isEqualTo(3);
        assertThat(found.maxAbsoluteIndex()).isEqualTo(33 * Measurement.BLOCK + 7);
        assertThat(found.maxRelative()).isEqualTo(3 * 0x1p20);
        assertThat(found.elements()).isEqualTo(a.length);
        assertThat(found.sampled()).isEqualTo(32 * Measurement.BLOCK);
        assertThat(found.differing()).isZero();
    }

    @Test
    void isTheSameBitForBitWithAnyNumberOfThreads() {
        Pair pair = Samples.close((int) (3 * Measurement.CHUNK + 4321), 11);
        Statistics alone = Measurement.of(pair);
        for (int threads : new int[] {1, 2, 5}) {
            try (ExecutorService executor = Executors.newFixedThreadPool(
                    threads, Thread.ofPlatform().name("measure-", 0).factory())) {
                Statistics together = Measurement.of(pair, executor, threads);
                assertThat(together.rmse()).isEqualTo(alone.rmse());
                assertThat(together.meanRelative()).isEqualTo(alone.meanRelative());
                assertThat(together.cosine()).isEqualTo(alone.cosine());
                assertThat(together.maxAbsoluteIndex()).isEqualTo(alone.maxAbsoluteIndex());
                assertThat(together.ulpHistogram()).isEqualTo(alone.ulpHistogram());
                assertThat(together.byMagnitude()).isEqualTo(alone.byMagnitude());
            }
        }
    }

    @Test
    void isDefinedWhereTheReferenceIsZero() {
        Statistics same = Measurement.of(Samples.pair(new float[] {0, -0f}, new float[] {-0f, 0}));
        assertThat(same.normalisedRmse()).isZero();
        assertThat(same.cosine()).isEqualTo(1);
        assertThat(same.snrDb()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(same.psnrDb()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(same.differing()).isZero();
        Statistics off = Measurement.of(Samples.pair(new float[] {0, 0}, new float[] {1, 0}));
        assertThat(off.normalisedRmse()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(off.cosine()).isZero();
        assertThat(off.snrDb()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(off.maxRelative()).isEqualTo(0x1p20);
    }

    @Test
    void isDefinedForNoElements() {
        Statistics none = Measurement.of(Samples.pair(new float[0], new float[0]));
        assertThat(none.rmse()).isZero();
        assertThat(none.meanAbsolute()).isZero();
        assertThat(none.maxAbsoluteIndex()).isEqualTo(-1);
        assertThat(none.absoluteQuantile(0.5)).isZero();
        assertThat(none.ulpHistogram()).containsExactly(0L);
        assertThat(none.byMagnitude()).isEmpty();
    }

    @Test
    void comparesComplexNumbersAsTwiceAsManyFloats() {
        Tensor a = Tensor.allocate(DType.COMPLEX64, List.of(3L));
        assertThat(Measurement.of(new Pair(a, a)).elements()).isEqualTo(6);
    }

    @Test
    void countsUlpsInTheLowerPrecision() {
        Tensor half = Tensor.allocate(DType.FLOAT16, List.of(1L));
        half.data().set(Tensor.SHORT, 0, (short) 0x3C01);
        Tensor one = Tensor.ofFloats(List.of(1L), 1f);
        assertThat(Measurement.of(new Pair(one, half)).maxUlp()).isEqualTo(1);
        assertThat(new Pair(one, half).precision()).isEqualTo(DType.FLOAT16);
    }

    @Test
    void refusesTensorsThatCannotBeCompared() {
        Tensor one = Tensor.ofFloats(List.of(1L), 1f);
        assertThatThrownBy(() -> new Pair(one, Tensor.ofFloats(List.of(2L), 1f, 2f)))
                .hasMessage("candidate: [2] against a reference of [1]");
        assertThatThrownBy(() -> new Pair(one, Tensor.ofLongs(List.of(1L), 1)))
                .hasMessage("candidate: int64 against a reference of float32");
    }
}
