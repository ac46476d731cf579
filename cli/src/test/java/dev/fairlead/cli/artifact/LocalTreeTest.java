package dev.fairlead.cli.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.proto.v1.TreeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalTreeTest {
    @TempDir
    Path folder;

    @Test
    void digestsTheCanonicalManifestSortedByBytes() throws IOException {
        write("b/c.txt", "hello");
        write("b.txt", "");
        write("é.txt", "hello");
        var seen = new AtomicLong();
        var tree = LocalTree.scan(folder, seen::addAndGet);
        assertThat(tree.files()).extracting(TreeFile::getPath).containsExactly("b.txt", "b/c.txt", "é.txt");
        var hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        var empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        var manifest = empty + " 0 b.txt\n" + hello + " 5 b/c.txt\n" + hello + " 5 é.txt\n";
        assertThat(tree.digest())
                .isEqualTo(LocalTree.print(LocalTree.sha256().digest(manifest.getBytes(StandardCharsets.UTF_8))));
        assertThat(tree.totalBytes()).isEqualTo(10);
        assertThat(seen).hasValue(10);
    }

    @Test
    void leavesOutCachesAndVersionControl() throws IOException {
        write("train.py", "x");
        write("__pycache__/train.cpython-311.pyc", "x");
        write("module.pyc", "x");
        write(".git/HEAD", "x");
        write(".DS_Store", "x");
        assertThat(LocalTree.scan(folder, bytes -> {}).files())
                .extracting(TreeFile::getPath)
                .containsExactly("train.py");
    }

    @Test
    void refusesLinks() throws IOException {
        write("train.py", "x");
        Files.createSymbolicLink(folder.resolve("passwd"), Path.of("/etc/passwd"));
        assertThatThrownBy(() -> LocalTree.scan(folder, bytes -> {}))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(folder.resolve("passwd") + ": is a link; an artifact holds plain files only");
    }

    @Test
    void refusesAnEmptyFolder() {
        assertThatThrownBy(() -> LocalTree.scan(folder, bytes -> {})).hasMessage(folder + ": holds no files");
    }

    private void write(String path, String text) throws IOException {
        var file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
