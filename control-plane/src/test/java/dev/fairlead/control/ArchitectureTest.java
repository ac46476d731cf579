package dev.fairlead.control;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Holds the structure of the control plane: features with plain cores, adapters beside them, arrows one way. */
class ArchitectureTest {
    private static final String BASE = "dev.fairlead.control";

    /** Each may use those after it, never one before. */
    private static final List<String> ARROWS = List.of(
            "wiring",
            "web",
            "promotion",
            "parity",
            "schedule",
            "job",
            "model",
            "artifact",
            "agent",
            "access",
            "event",
            "tx",
            "error");

    private static final Set<String> ADAPTERS = Set.of("grpc", "wire", "jdbc", "kafka");

    /**
     * The parts of an adapter that the adapters of other features share: who calls, how a failure is told, what an agent
     * looks like.
     */
    private static final Set<String> SHARED_EDGES = Set.of("access.grpc", "agent.wire", "error.grpc", "tx.jdbc");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(BASE);

    @Test
    void scansTheWholeModule() {
        assertThat(CLASSES.size()).isGreaterThan(150);
        for (String feature : ARROWS) {
            assertThat(CLASSES.stream().filter(type -> feature(type).equals(feature)))
                    .as(feature)
                    .isNotEmpty();
        }
    }

    @Test
    void keepsCoresPlainJava() {
        noClasses()
                .that(describe("are a feature's core", ArchitectureTest::isCore))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.vertx..",
                        "io.smallrye..",
                        "io.grpc..",
                        "com.google.protobuf..",
                        "dev.fairlead.proto..",
                        "org.apache.kafka..",
                        "io.fabric8..",
                        "java.sql..",
                        "javax.sql..",
                        "org.jdbi..",
                        "org.flywaydb..")
                .because("STYLE rule 2: a feature's core is plain Java")
                .check(CLASSES);
    }

    @Test
    void letsOnlyWiringUseAdapters() {
        List<String> broken = new ArrayList<>();
        for (JavaClass from : CLASSES) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass();
                boolean foreign = !from.getPackageName().equals(to.getPackageName());
                boolean sharedEdge = SHARED_EDGES.contains(below(to)) && isAdapter(from);
                if (isOurs(to) && foreign && isAdapter(to) && !sharedEdge && !isWiring(from)) {
                    broken.add(dependency.getDescription());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void drawsArrowsOneWay() {
        List<String> broken = new ArrayList<>();
        for (JavaClass from : CLASSES) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass();
                if (isOurs(to) && !isWiring(from) && ARROWS.indexOf(feature(from)) > ARROWS.indexOf(feature(to))) {
                    broken.add(dependency.getDescription());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void hasNoPackageCycles() {
        slices().matching(BASE + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void takesOnlyVerdictsFromParityAndNothingFromModels() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        describe("are model code, or parity code other than verdicts", ArchitectureTest::isNumerics))
                .because("the control plane never opens a model file")
                .check(CLASSES);
    }

    @Test
    void throwsNothingGeneric() {
        NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.check(CLASSES);
        List<String> declared = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            for (JavaCodeUnit unit : type.getCodeUnits()) {
                boolean generic = unit.getThrowsClause().getTypes().stream()
                        .anyMatch(thrown -> thrown.isEquivalentTo(Exception.class)
                                || thrown.isEquivalentTo(Throwable.class)
                                || thrown.isEquivalentTo(RuntimeException.class));
                if (generic) {
                    declared.add(unit.getFullName());
                }
            }
        }
        assertThat(declared).isEmpty();
    }

    @Test
    void marksEveryPackageForNullness() {
        List<String> unmarked = new ArrayList<>();
        JavaPackage base = CLASSES.getPackage(BASE);
        base.getSubpackagesInTree().stream()
                .filter(pack -> !pack.getClasses().isEmpty())
                .filter(pack -> !pack.isAnnotatedWith(NullMarked.class))
                .forEach(pack -> unmarked.add(pack.getName()));
        assertThat(unmarked).isEmpty();
        assertThat(base.getClasses()).as("every class belongs to a feature").isEmpty();
    }

    private static boolean isNumerics(JavaClass type) {
        String pack = type.getPackageName();
        boolean model = pack.startsWith("dev.fairlead.model");
        boolean parity = pack.startsWith("dev.fairlead.parity");
        boolean plain = pack.equals("dev.fairlead.parity.verdict") || pack.equals("dev.fairlead.parity.certificate");
        return model || (parity && !plain);
    }

    private static boolean isCore(JavaClass type) {
        // Pages are an adapter as a whole.
        return isOurs(type)
                && !isAdapter(type)
                && !isWiring(type)
                && !feature(type).equals("web");
    }

    private static boolean isWiring(JavaClass type) {
        return feature(type).equals("wiring");
    }

    private static boolean isAdapter(JavaClass type) {
        String[] parts = below(type).split("\\.", -1);
        return parts.length > 1 && ADAPTERS.contains(parts[parts.length - 1]);
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals(BASE) || type.getPackageName().startsWith(BASE + ".");
    }

    private static String feature(JavaClass type) {
        return below(type).split("\\.", 2)[0];
    }

    /** The package below the module's base: {@code job.jdbc}. */
    private static String below(JavaClass type) {
        String pack = type.getPackageName();
        return pack.startsWith(BASE + ".") ? pack.substring(BASE.length() + 1) : "";
    }
}
