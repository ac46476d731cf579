package dev.fairlead.conformance.replay;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.onnx.Comparison;
import dev.fairlead.conformance.onnx.OnnxCase;
import dev.fairlead.conformance.onnx.Tolerance;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.onnx.OnnxFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Folders of the wheel's cases, lowered to MLX primitives and computed by MLX. An input that decides the graph itself, a shape or an
 * axis, is specialised to the case's own numbers, and such cases are counted apart.
 */
public final class ReplaySuite implements Suite {
    private static final Outcome SPECIALISED =
            new Outcome.PassedElsewhere("graphs with inputs that decide shapes or axes specialised to the case's");

    private final String name;
    private final List<String> folders;
    private final Tools tools;

    public ReplaySuite(String name, List<String> folders, Tools tools) {
        this.name = name;
        this.folders = List.copyOf(folders);
        this.tools = tools;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        Path data = tools.onnxData();
        try (Mlx mlx = new Mlx(tools)) {
            for (String folder : folders) {
                for (OnnxCase found : OnnxCase.in(data.resolve(folder))) {
                    if (selected.test(found.name())) {
                        report.add(found.name(), run(found, mlx));
                    }
                }
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(OnnxCase found, Mlx mlx) {
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined()) {
            Outcome last = new Outcome.Unsupported("a case without data");
            for (Path set : found.sets()) {
                last = run(file.model(), OnnxCase.read(set, file.model(), arena), mlx);
                if (last instanceof Outcome.Failed || last instanceof Outcome.Unsupported) {
                    return last;
                }
            }
            return last;
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        }
    }

    private static Outcome run(Model model, OnnxCase.Data data, Mlx mlx) throws IOException {
        Specialised specialised = Specialised.of(model, data.inputs());
        return switch (mlx.run(specialised.graph(), data.inputs())) {
            case Mlx.Answer.Problem(String text) -> new Outcome.Failed("MLX: " + text);
            case Mlx.Answer.Outputs(Map<String, Content> values) -> {
                Optional<String> difference = new Comparison(Tolerance.ONNX).difference(data.outputs(), values);
                Outcome passed = specialised.inputs().isEmpty() ? new Outcome.Passed() : SPECIALISED;
                yield difference.<Outcome>map(Outcome.Failed::new).orElse(passed);
            }
        };
    }
}
