package dev.fairlead.parity.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.floor.Contract;
import dev.fairlead.parity.floor.FloorFile;
import dev.fairlead.parity.verdict.Corner;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs of ones with a noise of 1e-4, whose errors are chosen. */
class NoiseTest {
    private static final int SIZE = 400;
    private static final double NOISE = 1e-4;

    @TempDir
    private Path folder;

    private Path reference = Path.of("");

    @BeforeEach
    void writeReference() throws IOException {
        reference = side("reference", "float64", _ -> 1);
        floor(_ -> NOISE, Map.of());
    }

    private Path side(String name, String precision, IntToDoubleFunction value) throws IOException {
        Fingerprint fingerprint = new Fingerprint("", "", "", "cpu", "", "", "", "", precision, Map.of(), false);
        DType dtype = precision.equals("float64") ? DType.FLOAT64 : DType.FLOAT32;
        return Sides.write(folder.resolve(name), fingerprint, Map.of("000000/y", tensor(dtype, value)));
    }

    private static Tensor tensor(DType dtype, IntToDoubleFunction value) {
        Tensor tensor = Tensor.allocate(dtype, List.of((long) SIZE));
        for (int i = 0; i < SIZE; i++) {
            tensor.set(i, value.applyAsDouble(i));
        }
        return tensor;
    }

    private void floor(IntToDoubleFunction noise, Map<Contract, Map<String, Double>> contracts) {
        FloorFile.write(reference, new TreeMap<>(Map.of("000000/y", tensor(DType.FLOAT32, noise))), contracts, 1);
    }

    private OutputVerdict judged(IntToDoubleFunction candidate) throws IOException {
        return judged(candidate, Optional.empty());
    }

    private OutputVerdict judged(IntToDoubleFunction candidate, Optional<Path> witness) throws IOException {
        return judged(candidate, witness, new Policy(true, 1, Map.of()));
    }

    private OutputVerdict judged(IntToDoubleFunction candidate, Optional<Path> witness, Policy policy)
            throws IOException {
        Report report = FourCorners.compare(corners(side("candidate", "float32", candidate), witness), policy);
        assertThat(report.corners()).containsOnlyKeys(Corner.S, Corner.G64, Corner.C);
        assertThat(report.outputs()).hasSize(1);
        return report.outputs().getFirst();
    }

    private Map<Corner, Path> corners(Path candidate, Optional<Path> witness) throws IOException {
        Path source = witness.isPresent() ? witness.get() : side("source", "float32", _ -> 1);
        return Map.of(Corner.S, source, Corner.G64, reference, Corner.C, candidate);
    }

    @Test
    void passesAnErrorOfTheNoisesSize() throws IOException {
        OutputVerdict output = judged(i -> i % 2 == 0 ? 1 + NOISE : 1 - NOISE);
        assertThat(output.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(output.code()).isEqualTo("WithinNoise");
        assertThat(output.rho()).isBetween(0.99, 1.01);
        assertThat(output.floor()).isBetween(0.99e-4, 1.01e-4);
    }

    @Test
    void holdsALimitThatThePolicyStatesBesideTheNoise() throws IOException {
        Policy policy = new Policy(true, 1, Map.of("y", 1e-5));
        OutputVerdict output = judged(_ -> 1 + NOISE, Optional.empty(), policy);
        assertThat(output.rho()).isLessThan(2);
        assertThat(output.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(output.code()).isEqualTo("LimitExceeded");
    }

    @Test
    void failsWholeNumbersOfAnotherWidth() throws IOException {
        Fingerprint machine = new Fingerprint("", "", "", "cpu", "", "", "", "", "exact", Map.of(), false);
        Tensor longs = Tensor.ofLongs(List.of(1L), 7);
        Tensor ints = Tensor.allocate(DType.INT32, List.of(1L));
        ints.set(0, 7L);
        Path exact = Sides.write(
                folder.resolve("exact"),
                new Fingerprint("", "", "", "cpu", "", "", "", "", "float64", Map.of(), false),
                Map.of("000000/y", longs));
        Path source = Sides.write(folder.resolve("s"), machine, Map.of("000000/y", longs));
        Path target = Sides.write(folder.resolve("c"), machine, Map.of("000000/y", ints));
        Policy policy = new Policy(true, 1, Map.of());
        Report other = FourCorners.compare(Map.of(Corner.S, source, Corner.G64, exact, Corner.C, target), policy);
        Report same = FourCorners.compare(Map.of(Corner.S, source, Corner.G64, exact, Corner.C, source), policy);
        assertThat(other.sentence())
                .isEqualTo("FAILED: the conversion is at fault: output `y` is int32 on the target's machine, expected"
                        + " int64");
        assertThat(same.verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void warnsOfThreeTimesTheNoise() throws IOException {
        OutputVerdict output = judged(_ -> 1 + 3 * NOISE);
        assertThat(output.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(output.code()).isEqualTo("AboveNoise");
    }

    @Test
    void failsSixTimesTheNoise() throws IOException {
        OutputVerdict output = judged(_ -> 1 + 6 * NOISE);
        assertThat(output.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(output.code()).isEqualTo("BeyondNoise");
        assertThat(output.sentence()).contains("6.0 times of its rounding noise");
    }

    /** Its root mean square error is within the noise. */
    @Test
    void failsOneElementFarOutside() throws IOException {
        OutputVerdict output = judged(i -> i == 7 ? 1 + 50 * NOISE : 1);
        assertThat(output.rho()).isLessThan(4);
        assertThat(output.code()).isEqualTo("ElementsOutOfBound");
        assertThat(output.verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void namesTheWayOfComputingThatGivesTheError() throws IOException {
        floor(_ -> 1e-7, Map.of(Contract.TF32, Map.of("y", 2.5e-4), Contract.BFLOAT16_PRODUCTS, Map.of("y", 2e-3)));
        OutputVerdict output = judged(_ -> 1 + 3e-4);
        assertThat(output.code()).isEqualTo("WrongPrecisionContract");
        assertThat(output.sentence()).contains("was computed with TF32, not as float32");
    }

    @Test
    void failsAnErrorThatNoWayOfComputingGives() throws IOException {
        floor(_ -> 1e-7, Map.of(Contract.TF32, Map.of("y", 2.5e-4)));
        assertThat(judged(_ -> 1 + 1e-2).code()).isEqualTo("BeyondNoise");
    }

    @Test
    void failsAnOverflowThatTheOtherMachineDoesNotHave() throws IOException {
        floor(i -> i == 3 ? Double.POSITIVE_INFINITY : NOISE, Map.of());
        Path other = side("other", "float32", _ -> 1);
        assertThat(judged(i -> i == 3 ? Double.POSITIVE_INFINITY : 1, Optional.of(other))
                        .code())
                .isEqualTo("MaskMismatch");
    }

    @Test
    void excusesAnOverflowOfBothMachines() throws IOException {
        floor(i -> i == 3 ? Double.POSITIVE_INFINITY : NOISE, Map.of());
        Path other = side("other", "float32", i -> i == 3 ? Double.POSITIVE_INFINITY : 1);
        assertThat(judged(i -> i == 3 ? Double.POSITIVE_INFINITY : 1, Optional.of(other))
                        .verdict())
                .isEqualTo(Verdict.PASSED);
    }

    @Test
    void failsNoiseThatIsAllThereIsWhereTheOtherMachineHoldsTheNumbers() throws IOException {
        floor(_ -> 0.5, Map.of());
        Path other = side("other", "float32", _ -> 1);
        assertThat(judged(_ -> 1.4, Optional.of(other)).code()).isEqualTo("PrecisionTooLow");
    }

    @Test
    void judgesTwoSidesInFloat64WithoutNoise() throws IOException {
        Path candidate = side("candidate", "float64", _ -> 1 + 1e-6);
        Report report = Comparer.compare(reference, candidate, new Policy(true, 1, Map.of()));
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.outputs().getFirst().code()).isEqualTo("LimitExceeded");
    }

    @Test
    void refusesAFloorOfAnotherFormat() throws IOException {
        dev.fairlead.model.safetensors.SafetensorsWriter.write(
                reference.resolve("floor.safetensors"), Map.of(), Map.of("format", "other"));
        Report report =
                Comparer.compare(reference, side("candidate", "float32", _ -> 1), new Policy(true, 1, Map.of()));
        assertThat(report.verdict()).isEqualTo(Verdict.ERROR);
        assertThat(report.sentence()).contains("floor.safetensors").contains("is not fairlead-floor 1");
    }
}
