package dev.fairlead.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
    @ParameterizedTest
    @CsvSource({
        "2*batch*sequence+1, 31, 2*batch*sequence+1",
        "(sequence-1)//2, 2, (sequence-1)//2",
        "sequence*batch, 15, batch*sequence",
        "batch+batch, 6, 2*batch",
        "-batch+7, 4, -batch+7",
        "(-batch)//2, -2, (-batch)//2",
        "n0*n0, 4, n0*n0"
    })
    void readsEvaluatesAndPrints(String text, long value, String printed) {
        Expression expression = ExpressionParser.parse(text);
        assertThat(expression.at(Map.of("batch", 3L, "sequence", 5L, "n0", 2L))).isEqualTo(value);
        assertThat(expression).hasToString(printed);
        assertThat(ExpressionParser.parse(printed)).isEqualTo(expression);
    }

    @Test
    void knowsConstants() {
        assertThat(ExpressionParser.parse("batch-batch").constant()).hasValue(0);
        assertThat(ExpressionParser.parse("(7)//2").constant()).hasValue(3);
        assertThat(ExpressionParser.parse("batch").constant()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2*",
                "a b",
                "(a)/2",
                "(a)//0",
                "(a)//b",
                "a//2",
                "((a))//2",
                "99999999999999999999",
                "a+*b",
                "é"
            })
    void refuses(String text) {
        assertThatThrownBy(() -> ExpressionParser.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesOverflowInsteadOfWrapping() {
        assertThatThrownBy(() -> ExpressionParser.parse("9223372036854775807*2*n"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ExpressionParser.parse("n*n").at(Map.of("n", 1L << 40)))
                .isInstanceOf(ArithmeticException.class);
    }
}
