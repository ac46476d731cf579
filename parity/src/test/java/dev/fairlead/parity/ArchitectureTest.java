package dev.fairlead.parity;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fairlead.parity");

    @Test
    void scansEnoughClasses() {
        assertThat(CLASSES.size()).isGreaterThan(20);
    }

    @Test
    void hasNoCyclesOfPackages() {
        slices().matching("dev.fairlead.parity.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void keepsVerdictsAndCertificatesFreeOfEverythingElse() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.fairlead.parity.verdict..", "dev.fairlead.parity.certificate..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.fairlead.parity.metrics..", "dev.fairlead.parity.compare..", "dev.fairlead.model..")
                .check(CLASSES);
    }

    @Test
    void keepsMetricsFreeOfVerdictsAndFiles() {
        noClasses()
                .that()
                .resideInAPackage("dev.fairlead.parity.metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.fairlead.parity.verdict..", "dev.fairlead.parity.compare..", "java.nio.file..")
                .check(CLASSES);
    }

    @Test
    void keepsStatisticsFreeOfEverythingElse() {
        noClasses()
                .that()
                .resideInAPackage("dev.fairlead.parity.statistics..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.fairlead..")
                        .and(resideOutsideOfPackage("dev.fairlead.parity.statistics..")))
                .check(CLASSES);
    }
}
