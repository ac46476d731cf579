package dev.fairlead.control.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.error.FairleadException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class DigestTest {
    @Property
    void printsWhatItParses(@ForAll @StringLength(64) @Chars({'0', '9', 'a', 'f'}) String hex) {
        assertThat(Digest.parse("sha256:" + hex, "digest")).hasToString("sha256:" + hex);
    }

    @Property
    void refusesEverythingElse(@ForAll @StringLength(max = 80) String text) {
        assertThatThrownBy(() -> Digest.parse(text, "blob.digest"))
                .isInstanceOfSatisfying(
                        FairleadException.class, e -> assertThat(e.field()).isEqualTo("blob.digest"));
    }

    @Test
    void refusesUpperCaseAndWrongLengths() {
        assertThatThrownBy(() -> Digest.parse("sha256:" + "A".repeat(64), "digest"))
                .hasMessage("digest must be 'sha256:' and 64 lower-case hexadecimal digits, got 'sha256:"
                        + "A".repeat(64) + "'");
        assertThatThrownBy(() -> new Digest("a".repeat(63))).isInstanceOf(IllegalArgumentException.class);
    }
}
