package dev.fairlead.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.lower.coreml.Options.Range;
import dev.fairlead.model.lower.coreml.Precision;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void readsEverySetting() {
        Options options = Settings.options(Map.of(
                "target_format", "coreml",
                "target", "iOS17",
                "precision", "fp16",
                "precisions", "{\"Softmax\": \"fp32\"}",
                "ranges", "{\"batch\": [1, 8, 64]}",
                "specialise", "{\"axes\": [0, 1]}",
                "function", "prefill"));

        assertThat(options.to()).isEqualTo(Format.COREML);
        assertThat(options.specification()).hasValue(CoremlModel.IOS_17);
        assertThat(options.precision()).isEqualTo(Precision.FLOAT16);
        assertThat(options.precisions()).containsExactly(Map.entry("Softmax", Precision.FLOAT32));
        assertThat(options.ranges()).containsExactly(Map.entry("batch", new Range(1, 8, 64)));
        assertThat(options.specialised().get("axes")).hasToString("[0,1]");
        assertThat(options.function()).contains("prefill");
        assertThat(Settings.options(Map.of("opset", "17")).opset()).hasValue(17);
        assertThat(Options.defaults().to()).isEqualTo(Format.ONNX);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        target_format | tflite         | target_format: want onnx, mlx or coreml, got 'tflite'
        opset         | 12             | opset: want 13 to 23, got '12'
        opset         | new            | opset: want 13 to 23, got 'new'
        target        | ios17          | target: is for the target format coreml only
        specialise    | [1]            | specialise: want a JSON object, got '[1]'
        specialise    | {              | specialise: is no JSON: Unexpected end-of-input: expected close marker for Object (start marker at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 1])
        sizes         | {"batch": 0}   | sizes: want a whole number of at least 1 for each symbol, got 0
        allow_lossy   | yes            | allow_lossy: want one of false, true, got 'yes'
        batch         | 4              | batch: is no setting of a conversion; there are allow_lossy, function, opset, precision, precisions, ranges, sizes, specialise, target, target_format
        """)
    void namesTheSettingAndWhatItTakes(String name, String value, String message) {
        assertThatThrownBy(() -> Settings.options(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        target     | ios14                 | target: want one of ios15, ios16, ios17, ios18, ios26, macos12, macos13, macos14, macos15, macos26, got 'ios14'
        precision  | bf16                  | precision: want one of fp16, fp32, got 'bf16'
        precisions | {"Add": 16}           | precisions: want one of fp16, fp32, got '16'
        ranges     | {"batch": [1, 2]}     | ranges: want [lower, usual, upper] for each symbol, got [1,2]
        ranges     | {"batch": [4, 2, 9]}  | ranges: range: 4, 2, 9 do not grow from 1
        opset      | 17                    | opset: is for the target format onnx only
        """)
    void namesTheSettingOfACoremlTarget(String name, String value, String message) {
        assertThatThrownBy(() -> Settings.options(Map.of("target_format", "coreml", name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
