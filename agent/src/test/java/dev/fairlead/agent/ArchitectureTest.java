package dev.fairlead.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final int FEWEST = 80;

    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.fairlead.agent");

    @Test
    void scansEnoughClasses() {
        assertThat(classes.size()).isGreaterThan(FEWEST);
    }

    @Test
    void hasNoCyclesBetweenFeatures() {
        slices().matching("dev.fairlead.agent.(*)..").should().beFreeOfCycles().check(classes);
    }

    @Test
    void keepsGrpcAndProtobufInAdaptersAndWiring() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..grpc..", "..wiring..", "..runtime.onnx..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..", "com.google.protobuf..", "dev.fairlead.proto..")
                .check(classes);
    }

    @Test
    void dependsOnNoAdapterButInWiring() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..grpc..", "..wiring..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.fairlead.agent..grpc..")
                .check(classes);
    }
}
