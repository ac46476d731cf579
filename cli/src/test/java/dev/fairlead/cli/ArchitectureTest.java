package dev.fairlead.cli;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    @Test
    void packagesHaveNoCycles() {
        var classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.fairlead.cli");
        assertThat(classes.size()).isGreaterThan(70);
        slices().matching("dev.fairlead.cli.(*)..").should().beFreeOfCycles().check(classes);
    }
}
