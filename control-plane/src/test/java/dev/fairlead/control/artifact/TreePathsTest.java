package dev.fairlead.control.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreePathsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../a",
                "a/..",
                "a/../b",
                ".",
                "./a",
                "a/./b",
                "a//b",
                "a/",
                "a\\b",
                "a\0b",
                "a\nb",
                "a\u007fb"
            })
    void refusesWhatCouldLeaveTheFolder(String path) {
        refuses(List.of("fine", path), "files[1].path");
    }

    @Test
    void acceptsOrdinaryNames() {
        assertThatCode(() ->
                        TreePaths.check(List.of("model.onnx", "data/weights.bin", "a b/ü.txt", "...", "..a", ".x")))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesTheSamePathTwice() {
        assertThatThrownBy(() -> TreePaths.check(List.of("a", "b", "a")))
                .hasMessage("files[2].path is the path of files[0] too: 'a'");
    }

    @Test
    void refusesAFileWhereAFolderIsNeeded() {
        assertThatThrownBy(() -> TreePaths.check(List.of("a/b/c", "a/b")))
                .hasMessage("files[0].path needs a folder where files[1] is a file: 'a/b/c'");
    }

    @Test
    void refusesLongPathsAndParts() {
        refuses(List.of("a/".repeat(512) + "a"), "files[0].path");
        refuses(List.of("a".repeat(256)), "files[0].path");
        refuses(List.of("ü".repeat(128)), "files[0].path");
        assertThatCode(() -> TreePaths.check(List.of("a/".repeat(511) + "aa"))).doesNotThrowAnyException();
    }

    @Test
    void refusesTooManyFilesAndNone() {
        assertThatThrownBy(() -> TreePaths.check(Collections.nCopies(100_001, "a")))
                .hasMessage("files may be at most 100000, got 100001");
        assertThatThrownBy(() -> TreePaths.check(List.of())).hasMessage("files is required");
    }

    @Property(tries = 2000)
    void whatIsAcceptedStaysInside(
            @ForAll @StringLength(max = 12) @Chars({'a', '.', '/', '\\', '\0', 'ü'}) String path) {
        Path root = Path.of("/srv/tree");
        try {
            TreePaths.check(List.of(path));
        } catch (FairleadException refused) {
            assertThat(refused.code()).isEqualTo(ErrorCode.TREE_PATH_INVALID);
            return;
        }
        Path resolved = root.resolve(path);
        assertThat(resolved.normalize()).isEqualTo(resolved).startsWithRaw(root).isNotEqualTo(root);
        assertThat(Arrays.asList(path.split("/", -1))).doesNotContain("", ".", "..");
    }

    private static void refuses(List<String> paths, String field) {
        assertThatThrownBy(() -> TreePaths.check(paths)).isInstanceOfSatisfying(FairleadException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TREE_PATH_INVALID);
            assertThat(e.field()).isEqualTo(field);
            assertThat(e.getMessage()).startsWith(field);
        });
    }
}
