package dev.fairlead.parity.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.parity.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparerTest {
    private static final Policy POLICY = Policy.strict();
    private static final int CASES = 60;

    @TempDir
    private Path folder;

    @Test
    void passesOutputsThatAgree() throws IOException {
        Report report = compare(Sides.logits(CASES, 0), Sides.logits(CASES, 1e-7), POLICY);
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.sentence())
                .startsWith("PASSED: output `logits` agrees: normalised RMSE 1.")
                .contains("e-7, limit 5.0e-6, over 60 inputs");
        assertThat(report.inputs()).isEqualTo(CASES);
        assertThat(report.claim().maximumRate()).isBetween(0.048, 0.05);
        assertThat(report.outputs()).singleElement().satisfies(output -> {
            assertThat(output.code()).isEqualTo("WithinLimit");
            assertThat(output.worst()).hasSize(10);
            assertThat(figures(output).topK()).containsEntry("1", 1.0);
            assertThat(figures(output).ulpHistogram().stream().mapToLong(n -> n).sum())
                    .isEqualTo(CASES * 20L);
            assertThat(figures(output).byMagnitude().stream()
                            .mapToLong(row -> row.count())
                            .sum())
                    .isEqualTo(CASES * 20L);
        });
    }

    @Test
    void failsOutputsThatDifferAndNamesTheWorstCase() throws IOException {
        Map<String, Tensor> candidate = Sides.logits(CASES, 0);
        candidate.put(
                "000017/logits", Sides.logits(CASES, 3.1e-3).getOrDefault("000017/logits", Tensor.ofFloats(List.of())));
        Report report = compare(Sides.logits(CASES, 0), candidate, POLICY);
        assertThat(report.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(report.sentence())
                .startsWith("FAILED: output `logits` differs: normalised RMSE ")
                .endsWith("limit 5.0e-6, in 1 of 60 inputs; worst case 000017 with 3.1e-3");
        assertThat(report.claim().maximumRate()).isCloseTo(0.0766, within(1e-4));
    }

    @Test
    void failsAMissingOutput() throws IOException {
        Map<String, Tensor> reference = Sides.logits(CASES, 0);
        reference.put("000000/hidden", Tensor.ofFloats(List.of(1L), 1f));
        Report report = compare(reference, Sides.logits(CASES, 0), POLICY);
        assertThat(report.sentence()).isEqualTo("FAILED: output `hidden` is missing on the candidate side");
    }

    @Test
    void failsAMissingCase() throws IOException {
        Report report = compare(Sides.logits(CASES, 0), Sides.logits(CASES - 1, 0), POLICY);
        assertThat(report.sentence())
                .isEqualTo("FAILED: output `logits` of case 000059 is missing on the candidate side");
    }

    @Test
    void failsACaseOfTheCandidateAlone() throws IOException {
        Report report = compare(Sides.logits(CASES, 0), Sides.logits(CASES + 1, 0), POLICY);
        assertThat(report.sentence()).isEqualTo("FAILED: output `logits` of case 000060 is on the candidate side only");
    }

    @Test
    void failsAnotherShapeEvenWithAsManyElements() throws IOException {
        Map<String, Tensor> candidate = new HashMap<>(Sides.logits(CASES, 0));
        candidate.computeIfPresent("000003/logits", (name, tensor) -> tensor.reshaped(List.of(20L)));
        assertThat(compare(Sides.logits(CASES, 0), candidate, POLICY).sentence())
                .isEqualTo("FAILED: output `logits` of case 000003 has shape [20], expected [2, 10]");
    }

    @Test
    void failsAnIntegerAgainstAFloat() throws IOException {
        Map<String, Tensor> candidate = Sides.logits(CASES, 0);
        candidate.put("000000/logits", Tensor.allocate(DType.INT32, List.of(2L, 10L)));
        assertThat(compare(Sides.logits(CASES, 0), candidate, POLICY).sentence())
                .isEqualTo("FAILED: output `logits` of case 000000 is int32, expected float32");
    }

    @Test
    void failsNanOnOneSideOnly() throws IOException {
        Map<String, Tensor> candidate = Sides.logits(CASES, 0);
        candidate.put("000002/logits", Tensor.ofFloats(List.of(2L, 10L), nans()));
        Report report = compare(Sides.logits(CASES, 0), candidate, POLICY);
        assertThat(report.sentence())
                .isEqualTo("FAILED: output `logits` is NaN or infinite on one side only at 20 of 1200 positions; worst"
                        + " case 000002");
        Map<String, Tensor> reference = Sides.logits(CASES, 0);
        reference.put("000002/logits", Tensor.ofFloats(List.of(2L, 10L), nans()));
        assertThat(compare(reference, candidate, POLICY).verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void asksIntegersToBeExact() throws IOException {
        Map<String, Tensor> reference = new HashMap<>();
        for (int i = 0; i < CASES; i++) {
            reference.put("%06d/label".formatted(i), Tensor.ofLongs(List.of(), i + (1L << 60)));
        }
        Map<String, Tensor> candidate = new HashMap<>(reference);
        assertThat(compare(reference, candidate, POLICY).sentence())
                .isEqualTo("PASSED: output `label` is identical over 60 inputs");
        candidate.put("000009/label", Tensor.ofLongs(List.of(), 10 + (1L << 60)));
        assertThat(compare(reference, candidate, POLICY).sentence())
                .isEqualTo("FAILED: output `label` must be exact and differs at 1 of 60 positions in 1 of 60 inputs;"
                        + " worst case 000009");
    }

    @Test
    void judgesMixedPrecisionByTheLowerAndSaysSo() throws IOException {
        Map<String, Tensor> reference = Map.of("000000/y", Tensor.ofFloats(List.of(1L), 1f));
        Tensor half = Tensor.allocate(DType.FLOAT16, List.of(1L));
        half.data().set(Tensor.SHORT, 0, Float.floatToFloat16(1.001f));
        Report report = compare(reference, Map.of("000000/y", half), new Policy(false, 1, Map.of()));
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.notes())
                .containsExactly("output `y` is float16 on the candidate side and float32 on the reference side: judged"
                        + " as float16");
        assertThat(report.outputs().getFirst().limit()).isEqualTo(5e-3);
    }

    @Test
    void isInconclusiveOnTooFewInputs() throws IOException {
        Report report = compare(Sides.logits(3, 0), Sides.logits(3, 0), POLICY);
        assertThat(report.sentence()).isEqualTo("INCONCLUSIVE: 3 inputs were compared, the policy asks for 59");
    }

    @Test
    void isInconclusiveOnNoOutputAtAll() throws IOException {
        assertThat(compare(Map.of(), Map.of(), new Policy(true, 1, Map.of())).verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void isInconclusiveOnAStandInUnlessThePolicyAcceptsIt() throws IOException {
        Path reference = Sides.write(folder.resolve("r"), Sides.fingerprint(true), Sides.logits(CASES, 0));
        Path candidate = Sides.write(folder.resolve("c"), Sides.fingerprint(false), Sides.logits(CASES, 0));
        assertThat(Comparer.compare(reference, candidate, POLICY).sentence())
                .isEqualTo("INCONCLUSIVE: the reference side ran on a stand-in (cpu:0, mlx 0.32.4, stand-in), which the"
                        + " policy does not accept");
        Report accepted = Comparer.compare(reference, candidate, new Policy(true, 1, Map.of()));
        assertThat(accepted.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(accepted.notes())
                .containsExactly("the reference side ran on a stand-in: cpu:0, mlx 0.32.4, stand-in");
    }

    @Test
    void judgesFloat32ComputedWithTf32AsTf32() throws IOException {
        Fingerprint tf32 = new Fingerprint(
                "", "", "", "", "", "onnxruntime", "1.29.0", "", "float32", Map.of("use_tf32", "1"), false);
        Path reference = Sides.write(folder.resolve("r"), Sides.fingerprint(false), Sides.logits(CASES, 0));
        Path candidate = Sides.write(folder.resolve("c"), tf32, Sides.logits(CASES, 1e-3));
        Report report = Comparer.compare(reference, candidate, POLICY);
        assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(report.notes())
                .containsExactly("output `logits` was computed with TF32 on one side: judged as tf32");
    }

    @Test
    void reportsAnErrorForOutputsThatCannotBeRead() throws IOException {
        Path good = Sides.write(folder.resolve("r"), Sides.fingerprint(false), Sides.logits(CASES, 0));
        Path bad = Sides.write(folder.resolve("c"), Sides.fingerprint(false), Sides.logits(CASES, 0));
        Files.writeString(bad.resolve("outputs.safetensors"), "no tensors");
        assertThat(Comparer.compare(good, bad, POLICY).sentence())
                .startsWith("ERROR: the candidate side cannot be read: outputs.safetensors: header.length");
        assertThat(Comparer.compare(bad, good, POLICY).verdict()).isEqualTo(Verdict.ERROR);
        Files.writeString(good.resolve("fingerprint.json"), "{\"precision_settings\": 1}");
        assertThat(Comparer.compare(good, bad, POLICY).sentence())
                .startsWith("ERROR: the reference side cannot be read: fingerprint.json: ");
        assertThat(Comparer.compare(folder.resolve("absent"), bad, POLICY).sentence())
                .isEqualTo("ERROR: the reference side cannot be read: fingerprint.json: cannot be read:"
                        + " NoSuchFileException");
    }

    @Test
    void writesAReportThatReadsBackAndFitsATerminal() throws IOException {
        Map<String, Tensor> reference = Sides.logits(CASES, 0);
        reference.put("000000/an_output_with_a_name_far_too_long_for_a_column", Tensor.ofFloats(List.of(1L), 1f));
        Report report = compare(reference, Sides.logits(CASES, 1e-2), POLICY);
        ReportFolder.write(folder, report);
        Report read = ReportJson.report("report.json", Files.readString(folder.resolve("report.json")));
        assertThat(read).isEqualTo(report);
        assertThat(Files.readAllLines(folder.resolve("report.txt")))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100))
                .anySatisfy(line -> assertThat(line).contains("FAILED: output `an_output"));
    }

    private static dev.fairlead.parity.verdict.Figures figures(OutputVerdict output) {
        return java.util.Objects.requireNonNull(output.figures());
    }

    private static float[] nans() {
        float[] nans = new float[20];
        java.util.Arrays.fill(nans, Float.NaN);
        return nans;
    }

    private Report compare(Map<String, Tensor> reference, Map<String, Tensor> candidate, Policy policy)
            throws IOException {
        return Comparer.compare(
                Sides.write(folder.resolve("reference"), Sides.fingerprint(false), reference),
                Sides.write(folder.resolve("candidate"), Sides.fingerprint(false), candidate),
                policy);
    }
}
