package dev.fairlead.control.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRefTest {
    private static final ModelName DIGITS = new ModelName("digits");

    @Test
    void readsEachForm() {
        String hex = "0123456789abcdef".repeat(4);

        assertThat(ModelRef.parse("digits@prod", "ref")).isEqualTo(new ModelRef.OfAlias(DIGITS, "prod"));
        assertThat(ModelRef.parse("digits@12", "ref")).isEqualTo(new ModelRef.OfVersion(DIGITS, 12));
        assertThat(ModelRef.parse("digits@1/suite", "ref"))
                .isEqualTo(new ModelRef.OfSuite(new ModelRef.OfVersion(DIGITS, 1)));
        assertThat(ModelRef.parse("sha256:" + hex, "ref")).isEqualTo(new ModelRef.OfTree(new Digest(hex)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "digits",
                "digits@",
                "@prod",
                "digits@0",
                "digits@01",
                "digits@1234567890",
                "digits@Prod",
                "a b@1",
                "digits@1/other",
                "digits@1/suite/suite",
                "digits@prod@dev",
                "Digits@1",
                ".x@1",
                "digits@-1"
            })
    void refusesEverythingElse(String text) {
        assertThatThrownBy(() -> ModelRef.parse(text, "inputs[2].ref"))
                .isInstanceOfSatisfying(FairleadException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.MODEL_REF_INVALID);
                    assertThat(e.field()).isEqualTo("inputs[2].ref");
                })
                .hasMessage("inputs[2].ref must be name@alias, name@version, name@version/suite or sha256:…, got '"
                        + text + "'");
    }

    @Test
    void namesTheFieldOfAMissingRefAndABadDigest() {
        assertThatThrownBy(() -> ModelRef.parse("", "ref")).hasMessage("ref is required");
        assertThatThrownBy(() -> ModelRef.parse("sha256:12", "ref")).hasMessageStartingWith("ref must be 'sha256:'");
    }

    @Property
    void printsWhatItReads(
            @ForAll @StringLength(min = 1, max = 20) @Chars({'a', '1', '-', '.', '@', '/', '0'}) String text) {
        ModelRef ref;
        try {
            ref = ModelRef.parse(text, "ref");
        } catch (FairleadException refused) {
            return;
        }
        assertThat(ref).hasToString(text);
    }
}
