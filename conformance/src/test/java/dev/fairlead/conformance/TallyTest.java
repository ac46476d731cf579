package dev.fairlead.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static Tally tally() {
        Tally tally = new Tally("onnx-node/reference");
        tally.add("a", new Outcome.Passed());
        tally.add("b", new Outcome.Unsupported("no kernel for Rare"));
        tally.add("c", new Outcome.Unsupported("random numbers"));
        tally.add("d", new Outcome.Unsupported("random numbers"));
        tally.add("e", new Outcome.Failed("output y is missing"));
        return tally;
    }

    @Test
    void printsOneLineAndTheReasons() {
        assertThat(tally().lines())
                .containsExactly(
                        "onnx-node/reference: 1 passed, 1 failed, 3 unsupported",
                        "      2 unsupported: random numbers",
                        "      1 unsupported: no kernel for Rare",
                        "        failed: e: output y is missing");
    }

    @Test
    void writesJson() throws IOException {
        assertThat(TallyJson.text(List.of(tally()))).isEqualToNormalizingNewlines("""
                        [ {
                          "suite" : "onnx-node/reference",
                          "passed" : 1,
                          "failed" : 1,
                          "unsupported" : 3,
                          "reasons" : {
                            "random numbers" : 2,
                            "no kernel for Rare" : 1
                          }
                        } ]
                        """);
    }

    @Test
    void countsNoCaseTwice() {
        assertThatThrownBy(() -> tally().add("a", new Outcome.Passed()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name: a was reported twice");
    }

    @Test
    void takesTypedRefusalsOnlyForUnsupported() {
        assertThat(Outcome.of(new ModelException(ErrorCode.UNSUPPORTED, "graph", "nodes", "no kernel for Rare")))
                .isEqualTo(new Outcome.Unsupported("no kernel for Rare"));
        assertThat(Outcome.of(new ModelException(ErrorCode.MALFORMED, "graph", "Add", "axis 9 of rank 2")))
                .isEqualTo(new Outcome.Failed("dev.fairlead.model.ModelException: graph: Add: axis 9 of rank 2"));
        assertThat(Outcome.of(new ArithmeticException("overflow"))).isInstanceOf(Outcome.Failed.class);
    }
}
