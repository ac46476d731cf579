package dev.fairlead.agent.cuda;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final int FEWEST = 15;

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.fairlead.agent.cuda");

    @Test
    void scansEnoughClasses() {
        assertThat(classes.size()).isGreaterThanOrEqualTo(FEWEST);
    }

    @Test
    void hasNoCyclesBetweenFeatures() {
        slices().matching("dev.fairlead.agent.cuda.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void speaksToNoServerItself() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "dev.fairlead.proto..", "dev.fairlead.agent..grpc..")
                .check(classes);
    }

    @Test
    void isPutTogetherInOnePlace() {
        noClasses()
                .that()
                .resideInAPackage("dev.fairlead.agent.cuda.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.fairlead.agent.cuda")
                .check(classes);
    }
}
