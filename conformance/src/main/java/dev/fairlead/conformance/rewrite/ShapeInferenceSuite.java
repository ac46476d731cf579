package dev.fairlead.conformance.rewrite;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.onnx.OnnxCase;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.rewrite.ShapeInference;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/** Types and shapes that inference finds for the wheel's cases, without what they declare, held against the outputs recorded there. */
public final class ShapeInferenceSuite implements Suite {
    private final List<String> folders;
    private final Tools tools;

    public ShapeInferenceSuite(List<String> folders, Tools tools) {
        this.folders = List.copyOf(folders);
        this.tools = tools;
    }

    @Override
    public String name() {
        return "shape-inference";
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        Path data = tools.onnxData();
        for (String folder : folders) {
            for (OnnxCase found : OnnxCase.in(data.resolve(folder))) {
                String name = folder + "/" + found.name();
                if (selected.test(name)) {
                    report.add(name, run(found, report));
                }
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(OnnxCase found, Report report) {
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined()) {
            OnnxCase.Data data = OnnxCase.read(found.sets().getFirst(), file.model(), arena);
            return run(file.model(), data, report);
        } catch (Exception | StackOverflowError e) {
            return Outcome.of(e);
        }
    }

    private static Outcome run(Model model, OnnxCase.Data data, Report report) {
        Model inferred = ShapeInference.infer(undeclared(model));
        Stated stated = new Stated(model.graph().inputs(), data.inputs());
        boolean open = false;
        for (Value output : inferred.graph().outputs()) {
            var recorded = data.outputs().get(output.name());
            if (recorded == null) {
                continue;
            }
            switch (stated.of(output.type(), recorded)) {
                case WRONG -> {
                    return new Outcome.Failed("output " + output.name() + " is stated to be " + output.type());
                }
                case SILENT -> {
                    return new Outcome.Unsupported(
                            maker(model, output.name()) + ": type or rank follows from no input's");
                }
                case OPEN -> open = true;
                case RIGHT -> {
                    // the next one
                }
            }
        }
        if (open) {
            report.note("a size is left open, for it depends on numbers");
        }
        return new Outcome.Passed();
    }

    private static Model undeclared(Model model) {
        Graph graph = model.graph();
        List<Value> outputs = graph.outputs().stream()
                .map(output -> new Value(output.name(), Type.UNKNOWN))
                .toList();
        return new Model(
                model.irVersion(),
                model.producer(),
                model.producerVersion(),
                model.opsets(),
                model.metadata(),
                new Graph(graph.name(), graph.inputs(), outputs, graph.initializers(), graph.nodes(), List.of()));
    }

    private static String maker(Model model, String output) {
        return model.graph().nodes().stream()
                .filter(node -> node.outputs().contains(output))
                .map(Node::op)
                .findFirst()
                .orElse("input");
    }
}
