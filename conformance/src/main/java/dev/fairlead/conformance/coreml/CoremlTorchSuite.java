package dev.fairlead.conformance.coreml;

import ai.onnxruntime.OrtException;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.json.Json;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lift.coreml.CoremlLift;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Packages that coremltools wrote: our reader, then ONNX Runtime, against torch. {@code coreml-torch} has whole networks,
 * {@code coreml-operations} programs of one operation.
 */
public final class CoremlTorchSuite implements Suite {
    private final String name;
    private final TorchCases cases;

    public CoremlTorchSuite(String name, TorchCases cases) {
        this.name = name;
        this.cases = cases;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        Path folder = cases.folder(name);
        for (Json entry : Json.read(folder.resolve("cases.json")).field("cases").items()) {
            String found = entry.field("case").text();
            if (selected.test(found)) {
                ScaledTolerance tolerance = switch (entry.field("precision").text()) {
                    case "fp32" -> ScaledTolerance.FLOAT32;
                    case "fp16" -> ScaledTolerance.FLOAT16;
                    default -> throw entry.field("precision").error("is no precision");
                };
                report.add(found, run(folder.resolve(found), tolerance));
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(Path folder, ScaledTolerance tolerance) {
        try (CoremlPackage source = CoremlPackage.open(folder.resolve("model.mlpackage"))) {
            return switch (CoremlLift.lift(source.model(), Optional.empty(), "conformance")) {
                case Lift.Unsupported(List<UnsupportedOperation> operations) -> refused(operations);
                case Lift.Lifted(Model model, Provenance provenance) -> compare(model, folder, tolerance);
            };
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        }
    }

    private static Outcome refused(List<UnsupportedOperation> operations) {
        UnsupportedOperation first = operations.getFirst();
        return new Outcome.Unsupported(first.op() + ": " + first.reason());
    }

    private static Outcome compare(Model model, Path folder, ScaledTolerance tolerance)
            throws IOException, OrtException {
        Path onnx = Files.createDirectories(folder.resolve("onnx"));
        OnnxWriter.write(model, onnx);
        try (Safetensors inputs = Safetensors.open(folder.resolve("inputs.safetensors"));
                Safetensors expected = Safetensors.open(folder.resolve("expected.safetensors"));
                OnnxRuntime runtime = OnnxRuntime.open(model, onnx)) {
            return tolerance
                    .difference(expected.tensors(), runtime.run(inputs.tensors()))
                    .<Outcome>map(Outcome.Failed::new)
                    .orElseGet(Outcome.Passed::new);
        }
    }
}
