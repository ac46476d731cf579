package dev.fairlead.control.job;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.error.FairleadException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecRulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"onnx", "mlx", "coreml"})
    void aConversionMayBeToEveryFormat(String format) {
        assertThatCode(() -> SpecRules.check(conversion(Map.of("target_format", format))))
                .doesNotThrowAnyException();
    }

    @Test
    void aFormatThatThereIsNotIsRefusedByItsField() {
        assertThatThrownBy(() -> SpecRules.check(conversion(Map.of("target_format", "tflite"))))
                .isInstanceOf(FairleadException.class)
                .hasMessageContaining("spec.settings.target_format")
                .hasMessageContaining("coreml")
                .hasMessageContaining("got 'tflite'");
    }

    private static JobSpec conversion(Map<String, String> settings) {
        return JobSpec.of(JobKind.CONVERT, "convert")
                .with(new Work.BuiltIn())
                .withInputs(List.of(new JobInput("model", "digits@1")))
                .withSettings(settings);
    }
}
