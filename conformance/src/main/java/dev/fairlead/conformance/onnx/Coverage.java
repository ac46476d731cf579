package dev.fairlead.conformance.onnx;

import dev.fairlead.conformance.Outcome;
import dev.fairlead.conformance.Tally;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Type;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of what the node suites passed: operators down, suites across, element types with counts in each cell. */
public final class Coverage {
    private static final String SUITES = "onnx-node/";

    /** By operator, then type, then suite. */
    private final Map<String, Map<String, Map<String, Count>>> counts = new TreeMap<>();

    private Coverage() {}

    private record Count(int passed, int all) {
        Count plus(boolean isPassed) {
            return new Count(passed + (isPassed ? 1 : 0), all + 1);
        }
    }

    /**
     * The table in Markdown.
     *
     * @param cases the folder of the wheel's node tests, of which those with one node count
     */
    public static String of(List<Tally> tallies, Path cases) throws IOException {
        List<Tally> suites = tallies.stream()
                .filter(tally -> tally.suite().startsWith(SUITES))
                .toList();
        Coverage coverage = new Coverage();
        for (OnnxCase found : OnnxCase.in(cases)) {
            try (OnnxFile file = OnnxFile.open(found.model())) {
                if (file.model().graph().nodes().size() == 1) {
                    suites.forEach(suite -> coverage.count(file.model(), suite, found.name()));
                }
            }
        }
        return coverage.text(suites);
    }

    private void count(Model model, Tally suite, String name) {
        Outcome outcome = suite.outcomes().get(name);
        if (outcome == null) {
            return;
        }
        Node node = model.graph().nodes().getFirst();
        String op = node.domain().isEmpty() ? node.op() : node.domain() + "." + node.op();
        counts.computeIfAbsent(op, _ -> new TreeMap<>())
                .computeIfAbsent(type(model), _ -> new TreeMap<>())
                .merge(suite.suite(), new Count(0, 0).plus(outcome.isPass()), (old, _) -> old.plus(outcome.isPass()));
    }

    /** The type of the first input, or of the first output where there is none. */
    private static String type(Model model) {
        return Stream.concat(model.graph().inputs().stream(), model.graph().outputs().stream())
                .findFirst()
                .map(Value::type)
                .map(Coverage::text)
                .orElse("unknown");
    }

    private static String text(Type type) {
        return switch (type) {
            case Type.Dense dense -> dense.dtype().map(DType::text).orElse("unknown");
            case Type.Texts _ -> "string";
            case Type.Sequence(Type item) -> "sequence of " + text(item);
            case Type.Maybe(Type item) -> "optional " + text(item);
            case Type.Sparse _ -> "sparse";
            case Type.Mapping _ -> "map";
        };
    }

    private String text(List<Tally> suites) {
        StringBuilder out = new StringBuilder("""
                # What converts

                Made by `./fairlead conformance --docs docs`; do not edit. Cases are those of the `onnx` wheel, version 1.22.0, of which
                those with one node count here: how many of each element type of the first input passed. A refused case is one that ends with
                a reason and no model. A wrong answer would count as failed, and [conformance.md](conformance.md) says how many did.

                | operator |""");
        suites.forEach(suite ->
                out.append(' ').append(suite.suite().substring(SUITES.length())).append(" |"));
        out.append("\n|---|").append("---|".repeat(suites.size())).append('\n');
        counts.forEach((op, types) -> {
            out.append("| ").append(op).append(" |");
            suites.forEach(
                    suite -> out.append(' ').append(cell(types, suite.suite())).append(" |"));
            out.append('\n');
        });
        suites.forEach(suite -> {
            if (!suite.reasons().isEmpty()) {
                out.append("\n## Refused by `").append(suite.suite()).append("`\n\n| cases | reason |\n|---|---|\n");
                suite.reasons()
                        .forEach((reason, count) -> out.append("| %d | %s |\n"
                                .formatted(count, reason.replace("|", "\\|").replace("\n", " "))));
            }
        });
        return out.toString();
    }

    private static String cell(Map<String, Map<String, Count>> types, String suite) {
        String cell = types.entrySet().stream()
                .map(entry -> Optional.ofNullable(entry.getValue().get(suite))
                        .map(count -> count.passed() == count.all()
                                ? entry.getKey() + " " + count.all()
                                : "%s %d of %d".formatted(entry.getKey(), count.passed(), count.all()))
                        .orElse(""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return cell.isEmpty() ? "–" : cell;
    }
}
