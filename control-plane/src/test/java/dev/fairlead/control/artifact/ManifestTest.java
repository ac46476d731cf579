package dev.fairlead.control.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final Digest A = new Digest("a".repeat(64));
    private static final Digest B = new Digest("b".repeat(64));

    @Test
    void isTheDigestOfItsLinesInTheOrderOfTheirBytes() {
        byte[] text = ("a".repeat(64) + " 5 a.txt\n" + "b".repeat(64) + " 0 b/c\n").getBytes(StandardCharsets.UTF_8);
        String hex = HexFormat.of().formatHex(Manifest.sha256().digest(text));

        assertThat(Manifest.digest(List.of(new TreeFile("b/c", B, 0), new TreeFile("a.txt", A, 5))))
                .isEqualTo(new Digest(hex));
    }

    @Property
    void orderOfFilesDoesNotMatter(@ForAll List<String> paths) {
        List<TreeFile> files =
                paths.stream().distinct().map(path -> new TreeFile(path, A, 1)).toList();
        List<TreeFile> reversed = files.reversed();

        assertThat(Manifest.digest(reversed)).isEqualTo(Manifest.digest(files));
        assertThat(Manifest.sorted(files)).hasSameSizeAs(Collections.unmodifiableList(reversed));
    }

    @Property
    void comparesAsUtf8Does(@ForAll int[] left, @ForAll int[] right) {
        String a = text(left);
        String b = text(right);
        int expected = Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

        assertThat(Integer.signum(Manifest.compare(a, b))).isEqualTo(Integer.signum(expected));
    }

    /** Any code points but surrogates, which UTF-8 cannot write alone. */
    private static String text(int[] seeds) {
        StringBuilder text = new StringBuilder();
        for (int seed : seeds) {
            int point = Math.floorMod(seed, Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 'x' : point);
        }
        return text.toString();
    }
}
