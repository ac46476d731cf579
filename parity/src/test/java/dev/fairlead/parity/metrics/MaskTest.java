package dev.fairlead.parity.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MaskTest {
    @Test
    void leavesOutWhatTheMaskSaysOnEveryTrailingAxis() {
        float[] a = {1, 2, 3, 4, 5, 6, 7, 8};
        float[] b = {1, 2, 99, Float.NaN, 5, 6.5f, 7, 8};
        Pair pair = shaped(a, b, List.of(2L, 2L, 2L));
        Mask mask = new Mask(mask(List.of(2L, 2L), 1, 0, 1, 1));
        Statistics found = Measurement.of(pair, mask);
        assertThat(found.elements()).isEqualTo(6);
        assertThat(found.leftOut()).isEqualTo(2);
        assertThat(found.maskMismatches()).isZero();
        assertThat(found.maxAbsolute()).isEqualTo(0.5);
        assertThat(found.maxAbsoluteIndex()).isEqualTo(5);
        assertThat(found.maxReference).isEqualTo(8);
    }

    @Test
    void repeatsAlongASizeOfOne() {
        Pair pair = shaped(new float[] {0, 0, 0, 0, 0, 0}, new float[] {1, 9, 2, 9, 3, 9}, List.of(3L, 2L));
        Statistics found = Measurement.of(pair, new Mask(mask(List.of(1L, 2L), 1, 0)));
        assertThat(found.maxAbsolute()).isEqualTo(3);
        assertThat(found.meanAbsolute()).isEqualTo(2);
        assertThat(found.leftOut()).isEqualTo(3);
        Statistics rows = Measurement.of(pair, new Mask(mask(List.of(3L, 1L), 0, 1, 0)));
        assertThat(rows.meanAbsolute()).isEqualTo(5.5);
        assertThat(rows.leftOut()).isEqualTo(4);
    }

    /** As many numbers as several blocks hold, and what is kept does not end with one. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64", "INT8", "UINT3", "FLOAT6_E2M3FN"})
    void measuresWhatIsLeftWhenTheKeptPositionsAreMovedTogether(DType dtype) {
        SplittableRandom random = new SplittableRandom(5);
        int rows = 700;
        int width = 37;
        Tensor keep = Tensor.allocate(DType.BOOL, List.of((long) rows));
        Tensor a = Tensor.allocate(dtype, List.of((long) rows, (long) width));
        Tensor b = Tensor.allocate(dtype, List.of((long) rows, (long) width));
        int kept = 0;
        for (int row = 0; row < rows; row++) {
            boolean keeps = random.nextInt(3) > 0;
            keep.set(row, keeps ? 1L : 0L);
            kept += keeps ? 1 : 0;
        }
        Tensor keptA = Tensor.allocate(dtype, List.of((long) kept * width));
        Tensor keptB = Tensor.allocate(dtype, List.of((long) kept * width));
        long place = 0;
        for (int i = 0; i < rows * width; i++) {
            a.set(i, random.nextDouble(7));
            b.set(i, random.nextDouble(7));
            if (keep.longAt(i / width) == 1) {
                keptA.set(place, a.doubleAt(i));
                keptB.set(place++, b.doubleAt(i));
            }
        }
        Statistics found = Measurement.of(new Pair(a, b), new Mask(keep));
        Statistics wanted = Measurement.of(new Pair(keptA, keptB));
        assertThat(found.elements()).isEqualTo((long) kept * width);
        assertThat(found.leftOut()).isEqualTo((long) (rows - kept) * width);
        assertThat(found.maxAbsolute()).isEqualTo(wanted.maxAbsolute());
        assertThat(found.ulpHistogram()).isEqualTo(wanted.ulpHistogram());
        // Sums are added block by block, in another order.
        assertThat(found.rmse()).isCloseTo(wanted.rmse(), withinPercentage(1e-10));
        assertThat(found.meanRelative()).isCloseTo(wanted.meanRelative(), withinPercentage(1e-10));
        assertThat(found.byMagnitude()).extracting(MagnitudeTable.Row::count).isEqualTo(counts(wanted));
        long first = found.maxAbsoluteIndex();
        assertThat(Math.abs(a.doubleAt(first) - b.doubleAt(first)))
                .isCloseTo(found.maxAbsolute(), withinPercentage(1e-5));
        assertThat(keep.longAt(first / width)).isEqualTo(1);
    }

    @Test
    void saysNothingWhereAllIsLeftOut() {
        Pair pair = shaped(new float[] {1, 2}, new float[] {3, 4}, List.of(2L));
        Statistics found = Measurement.of(pair, new Mask(mask(List.of(2L), 0, 0)));
        assertThat(found.elements()).isZero();
        assertThat(found.leftOut()).isEqualTo(2);
        assertThat(found.rmse()).isZero();
    }

    @Test
    void leavesRowsOutOfTopK() {
        Pair pair = shaped(new float[] {1, 2, 4, 3, 5, 6}, new float[] {1, 2, 3, 4, 5, 6}, List.of(3L, 2L));
        assertThat(TopK.of(pair, 1)).isEqualTo(new TopK.Agreement(3, 2));
        assertThat(TopK.of(pair, 1, new Mask(mask(List.of(3L), 1, 0, 1)))).isEqualTo(new TopK.Agreement(2, 2));
        assertThat(TopK.of(pair, 1, new Mask(mask(List.of(3L, 2L), 1, 1, 1, 1, 1, 0))))
                .isEqualTo(new TopK.Agreement(2, 1));
    }

    @Test
    void refusesAMaskThatDoesNotFit() {
        Pair pair = shaped(new float[] {1, 2}, new float[] {3, 4}, List.of(2L));
        assertThatThrownBy(() -> new Mask(Tensor.ofLongs(List.of(1L), 1))).hasMessage("mask: is int64, not bool");
        Mask mask = new Mask(mask(List.of(3L), 1, 1, 1));
        assertThat(mask.fits(List.of(2L))).isFalse();
        assertThatThrownBy(() -> Measurement.of(pair, mask)).hasMessage("mask: [3] is not how [2] begins");
    }

    private static List<Long> counts(Statistics statistics) {
        return statistics.byMagnitude().stream().map(MagnitudeTable.Row::count).toList();
    }

    private static Pair shaped(float[] a, float[] b, List<Long> shape) {
        return new Pair(Tensor.ofFloats(shape, a), Tensor.ofFloats(shape, b));
    }

    private static Tensor mask(List<Long> shape, int... keep) {
        Tensor mask = Tensor.allocate(DType.BOOL, shape);
        for (int i = 0; i < keep.length; i++) {
            mask.set(i, (long) keep[i]);
        }
        return mask;
    }
}
