package dev.fairlead.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fairlead.model");

    @Test
    void scansTheWholeModule() {
        assertThat(CLASSES.size()).isGreaterThan(80);
    }

    @Test
    void hasNoPackageCycles() {
        slices().matching("dev.fairlead.model.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void hasNothingAboveItButConversionAndInspection() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..tensor..",
                        "..safetensors..",
                        "..graph..",
                        "..onnx..",
                        "..protobuf..",
                        "dev.fairlead.model.mlx..",
                        "dev.fairlead.model.coreml..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..convert..", "..folder..", "..lift..", "..lower..", "..provenance..")
                .check(CLASSES);
    }

    @Test
    void knowsNoFrameworkAndNoClock() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.quarkus..", "io.grpc..", "java.sql..", "java.time..", "org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void marksEveryPackageAgainstNull() throws ClassNotFoundException {
        Set<String> packages = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            packages.add(type.getPackageName());
        }
        assertThat(packages).hasSizeGreaterThan(8);
        for (String name : packages) {
            assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class))
                    .as(name)
                    .isTrue();
        }
    }
}
