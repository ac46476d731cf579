package dev.fairlead.conformance.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.TextArray;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static Map<String, Content> output(Content content) {
        return Map.of("y", content);
    }

    private static Content floats(float... values) {
        return new Content.Dense(Tensor.ofFloats(List.of((long) values.length), values));
    }

    private static Optional<String> difference(Content expected, Content found) {
        return new Comparison(Tolerance.ONNX).difference(output(expected), output(found));
    }

    @Test
    void allowsNumbersWithinTheTolerance() {
        assertThat(difference(floats(1000, 0), floats(1000.9f, 9e-8f))).isEmpty();
        assertThat(difference(floats(1000, 0), floats(1001.1f, 0)))
                .contains("output y differs in 1 of 2: [0] is 1001.0999755859375, expected 1000.0");
        assertThat(difference(floats(0), floats(1.1e-7f))).isPresent();
    }

    @Test
    void wantsNaNAndInfinitiesInPlace() {
        assertThat(difference(floats(Float.NaN, Float.POSITIVE_INFINITY), floats(Float.NaN, Float.POSITIVE_INFINITY)))
                .isEmpty();
        assertThat(difference(floats(Float.NaN), floats(0))).isPresent();
        assertThat(difference(floats(0), floats(Float.NaN))).isPresent();
        assertThat(difference(floats(Float.POSITIVE_INFINITY), floats(Float.NEGATIVE_INFINITY)))
                .isPresent();
        assertThat(difference(floats(Float.POSITIVE_INFINITY), floats(Float.MAX_VALUE)))
                .isPresent();
    }

    @Test
    void wantsTypeShapeIntegersAndStringsEqual() {
        assertThat(difference(floats(1), new Content.Dense(Tensor.scalar(DType.FLOAT32, 1))))
                .contains("output y is float32[], expected float32[1]");
        assertThat(difference(
                        new Content.Dense(Tensor.scalar(DType.INT64, 1)),
                        new Content.Dense(Tensor.scalar(DType.INT32, 1))))
                .isPresent();
        assertThat(difference(
                        new Content.Dense(Tensor.ofLongs(List.of(), 1_000_000)),
                        new Content.Dense(Tensor.ofLongs(List.of(), 1_000_001))))
                .isPresent();
        assertThat(difference(
                        new Content.Texts(new TextArray(List.of(1L), List.of("a"))),
                        new Content.Texts(new TextArray(List.of(1L), List.of("b")))))
                .isPresent();
    }

    @Test
    void comparesSequencesAndOptionals() {
        Content one = new Content.Sequence(List.of(floats(1)));
        assertThat(difference(one, new Content.Sequence(List.of(floats(1))))).isEmpty();
        assertThat(difference(one, new Content.Sequence(List.of()))).contains("output y has 0 items, expected 1");
        assertThat(difference(new Content.Maybe(Optional.empty()), new Content.Maybe(Optional.of(one))))
                .isPresent();
        assertThat(difference(floats(1), one)).contains("output y is another kind of value");
        assertThat(new Comparison(Tolerance.ONNX).difference(output(one), Map.of()))
                .contains("output y is missing");
    }

    @Test
    void callsNoiseOnlyWhatFloat32CannotTell() {
        Comparison comparison = new Comparison(Tolerance.ONNX);
        assertThat(comparison.isNoise(output(floats(90, 2e-7f)), output(floats(90, 0))))
                .isTrue();
        assertThat(comparison.isNoise(output(floats(90, 2e-4f)), output(floats(90, 0))))
                .isFalse();
        assertThat(comparison.isNoise(output(floats(0, 2e-7f)), output(floats(0, 0))))
                .isFalse();
        assertThat(comparison.isNoise(output(floats(90, 2e-7f)), Map.of())).isFalse();
    }
}
