package dev.fairlead.model.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Packages that coremltools wrote; what they hold is in their names and in the script that made them. */
class CoremlOutlineTest {
    private static final Path PACKAGES = Path.of("src/test/resources/coreml");

    @Test
    void outlinesAPackage() {
        Outline outline = OutlineReader.read(PACKAGES.resolve("convolution.mlpackage"));

        assertThat(outline.format()).isEqualTo("coreml");
        assertThat(outline.inputs()).hasSize(1);
        assertThat(outline.operations()).containsKey("conv");
        assertThat(outline.operations()).doesNotContainKey("const");
        assertThat(outline.weightBytes()).isPositive();
        assertThat(outline.notes()).containsEntry("functions", "main");
    }

    @Test
    void showsWhichSizesAFlexibleInputMayHave() {
        Outline outline = OutlineReader.read(PACKAGES.resolve("ranged.mlpackage"));

        assertThat(outline.inputs()).anyMatch(port -> port.type().contains(".."));
    }

    @Test
    void showsStatesAmongTheInputs() {
        Outline outline = OutlineReader.read(PACKAGES.resolve("counter.mlpackage"));

        assertThat(outline.inputs()).anyMatch(port -> port.type().startsWith("state "));
    }
}
