package dev.fairlead.conformance.rewrite;

import dev.fairlead.conformance.Agreement;
import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Retyped;
import dev.fairlead.conformance.Suite;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.onnx.OnnxCase;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.rewrite.OpsetConversion;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The wheel's cases moved to every other version of the operator set: both models give the same bits in the interpreter. */
public final class OpsetsSuite implements Suite {
    private static final Outcome ROUNDED =
            new Outcome.PassedElsewhere("float64 but for its last bits, for an operator became several");

    private final List<String> folders;
    private final Tools tools;

    public OpsetsSuite(List<String> folders, Tools tools) {
        this.folders = List.copyOf(folders);
        this.tools = tools;
    }

    @Override
    public String name() {
        return "opsets";
    }

    @Override
    public void run(Predicate<String> selected, Report report) throws IOException {
        Path data = tools.onnxData();
        for (String folder : folders) {
            for (OnnxCase found : OnnxCase.in(data.resolve(folder))) {
                String name = folder + "/" + found.name();
                if (selected.test(name)) {
                    run(found, name, report);
                }
            }
        }
    }

    /** Reports a case a version, or one where none can be made. */
    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static void run(OnnxCase found, String name, Report report) {
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined()) {
            Model model = file.model();
            long own = model.opsets().getOrDefault("", OpsetConversion.NEWEST);
            if (own < OpsetConversion.OLDEST || own > OpsetConversion.NEWEST) {
                report.add(
                        name,
                        new Outcome.Unsupported("of a version outside %d to %d"
                                .formatted(OpsetConversion.OLDEST, OpsetConversion.NEWEST)));
                return;
            }
            Map<String, Content> inputs =
                    OnnxCase.read(found.sets().getFirst(), model, arena).inputs();
            Map<String, Datum> first = outputs(model, inputs);
            for (long version = OpsetConversion.OLDEST; version <= OpsetConversion.NEWEST; version++) {
                if (version != own) {
                    report.add(name + "/" + version, run(model, version, inputs, first));
                }
            }
        } catch (Exception | StackOverflowError e) {
            report.add(name, Outcome.of(e));
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a process boundary: whatever a case throws is its outcome
    private static Outcome run(Model model, long version, Map<String, Content> inputs, Map<String, Datum> first) {
        Model moved;
        try {
            moved = OpsetConversion.convert(model, version);
        } catch (ModelException e) {
            return e.code() == ErrorCode.UNSUPPORTED
                    ? new Outcome.Unsupported(withoutNames(e.problem()))
                    : Outcome.of(e);
        }
        try {
            Map<String, Datum> found = outputs(moved, inputs);
            Optional<String> difference = Agreement.difference(found, first, Agreement.SAME_BITS);
            if (difference.isEmpty()) {
                return new Outcome.Passed();
            }
            if (Agreement.difference(found, first, Agreement.LIMIT).isEmpty()) {
                return ROUNDED;
            }
            return agreesInFloat64(model, version, inputs) ? Retyped.PASSED : new Outcome.Failed(difference.get());
        } catch (Exception | StackOverflowError e) {
            return new Outcome.Failed("moved, it does not run: " + e);
        }
    }

    private static boolean agreesInFloat64(Model model, long version, Map<String, Content> inputs) {
        Model wide = Retyped.WIDENED.of(model);
        Map<String, Content> numbers = new LinkedHashMap<>();
        inputs.forEach((name, content) -> numbers.put(name, Retyped.WIDENED.of(content)));
        Map<String, Datum> found = outputs(OpsetConversion.convert(wide, version), numbers);
        return Agreement.difference(found, outputs(wide, numbers), Agreement.LIMIT)
                .isEmpty();
    }

    private static Map<String, Datum> outputs(Model model, Map<String, Content> inputs) {
        Map<String, Datum> data = new LinkedHashMap<>();
        inputs.forEach((name, content) -> data.put(name, Datum.of(content)));
        return new Interpreter(model).run(data);
    }

    /** Reasons are counted, so they name neither version nor node, and only the first operator. */
    private static String withoutNames(String problem) {
        return problem.replaceFirst("; .*$", "").replaceFirst("version [0-9]+ has no form of ([^ ]+) [^:]*:", "$1:");
    }
}
