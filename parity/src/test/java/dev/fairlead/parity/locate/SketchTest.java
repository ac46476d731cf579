package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.tensor.DType;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SketchTest {
    private static final int MANY = 20_000;

    /** The exact RMSE is computed from both arrays; 200 independent pairs must scatter around it as the standard error says. */
    @Test
    void estimatesTheErrorBetweenTensorsWithinItsStandardError() {
        SplittableRandom random = new SplittableRandom(1);
        int pairs = 200;
        double sum = 0;
        double squares = 0;
        for (int pair = 0; pair < pairs; pair++) {
            double[] one = new double[2_000];
            double[] other = new double[one.length];
            double exact = 0;
            for (int i = 0; i < one.length; i++) {
                one[i] = random.nextGaussian();
                double difference = 1e-9 * random.nextGaussian();
                other[i] = one[i] + difference;
                exact += (other[i] - one[i]) * (other[i] - one[i]);
            }
            double ratio = sketch(other).rmse(sketch(one)) / Math.sqrt(exact / one.length) - 1;
            sum += ratio;
            squares += ratio * ratio;
        }
        assertThat(sum / pairs).isCloseTo(0, within(4 * Sketch.STANDARD_ERROR / Math.sqrt(pairs)));
        assertThat(Math.sqrt(squares / pairs)).isBetween(0.7 * Sketch.STANDARD_ERROR, 1.3 * Sketch.STANDARD_ERROR);
    }

    @Test
    void isExactForOneElementThatDiffers() {
        double[] one = normal(MANY);
        double[] other = one.clone();
        other[7_777] += 0.5;
        assertThat(sketch(other).rmse(sketch(one))).isCloseTo(0.5 / Math.sqrt(MANY), within(1e-12));
    }

    @Test
    void tellsRoundingFromADifferenceOfFloat64() {
        double[] one = normal(1_000_000);
        double[] other = one.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] *= 1 + ((i & 1) == 0 ? 0x1p-52 : -0x1p-52);
        }
        assertThat(sketch(other).normalised(sketch(one))).isLessThan(1e-14);
    }

    @Test
    void seesThatTheSameNumbersStandElsewhere() {
        double[] one = normal(MANY);
        double[] other = one.clone();
        other[3] = one[4];
        other[4] = one[3];
        assertThat(sketch(other).normalised(sketch(one))).isGreaterThan(1e-4);
    }

    @Test
    void seesThatNansAndInfinitiesStandElsewhere() {
        double[] one = normal(10);
        one[3] = Double.NaN;
        double[] other = normal(10);
        other[4] = Double.NaN;
        assertThat(sketch(other).rmse(sketch(one))).isInfinite();
        assertThat(sketch(one).rmse(sketch(one.clone()))).isZero();
        other[4] = Double.POSITIVE_INFINITY;
        one[3] = Double.NEGATIVE_INFINITY;
        assertThat(sketch(other).normalised(sketch(one))).isInfinite();
        assertThat(sketch(normal(9)).rmse(sketch(normal(10)))).isInfinite();
    }

    @Test
    void looksBesideTheFillOfAMask() {
        double[] one = normal(100);
        double[] other = one.clone();
        one[50] = other[50] = -Float.MAX_VALUE;
        other[51] += 1e-6;
        assertThat(sketch(other).normalised(sketch(one))).isBetween(1e-8, 1e-6);
    }

    @Test
    void keepsExtremaNormAndHistogram() {
        Sketch sketch = sketch(new double[] {-8, 0, 1, 3, Double.NaN, 1e300});
        assertThat(sketch.least()).isEqualTo(-8);
        assertThat(sketch.largest()).isEqualTo(3);
        assertThat(sketch.zeros()).isEqualTo(1);
        assertThat(sketch.notFinite()).isEqualTo(2);
        assertThat(sketch.rms()).isCloseTo(Math.sqrt((64 + 1 + 9) / 4.0), within(1e-15));
        assertThat(sketch.histogram()[16]).isEqualTo(2);
        assertThat(sketch.histogram()[17]).isEqualTo(1);
        assertThat(Arrays.stream(sketch.histogram()).sum()).isEqualTo(3);
    }

    @Test
    void saysZeroForEqualAndInfiniteBesideAZeroReference() {
        assertThat(sketch(new double[5]).normalised(sketch(new double[5]))).isZero();
        assertThat(sketch(new double[] {1}).normalised(sketch(new double[1]))).isInfinite();
        assertThat(sketch(new double[0]).normalised(sketch(new double[0]))).isZero();
    }

    @Test
    void isAsLongAsItSaysAndReadAgain() {
        double[] one = normal(1_000);
        one[5] = Double.NEGATIVE_INFINITY;
        byte[] bytes = sketch(one).bytes();
        assertThat(bytes).hasSize(Sketch.BYTES).hasSizeLessThan(3_072);
        Sketch again = Sketch.parse(bytes);
        assertThat(again.rmse(sketch(one))).isZero();
        assertThat(again.bytes()).isEqualTo(bytes);
        assertThatThrownBy(() -> Sketch.parse(new byte[10]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bytes: 10, a sketch has " + Sketch.BYTES);
    }

    @Test
    void takesIntegersAndNoStrings() {
        Array.Integers integers = new Array.Integers(DType.INT64, new int[] {2}, new long[] {3, 4});
        assertThat(Sketch.of(integers).rms()).isCloseTo(Math.sqrt(12.5), within(1e-15));
        assertThatThrownBy(() -> Sketch.of(new Array.Texts(new int[] {1}, new String[] {"a"})))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double[] normal(int count) {
        SplittableRandom random = new SplittableRandom(2);
        double[] values = new double[count];
        Arrays.setAll(values, _ -> random.nextGaussian());
        return values;
    }

    private static Sketch sketch(double[] values) {
        return Sketch.of(new Array.Reals(DType.FLOAT64, new int[] {values.length}, values));
    }
}
