package dev.fairlead.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Format;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.folder.Outline;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Which formats can take a model, and why not. */
record Targets(List<Target> all) {
    /**
     * One of them.
     *
     * @param reasons everything that stands in the way; empty where nothing does
     */
    private record Target(Format format, List<String> reasons) {}

    /** Tries each conversion but the last step, which would write it. */
    static Targets of(Path model, Outline outline) {
        return new Targets(
                outline.steps().isEmpty()
                        ? List.of()
                        : Arrays.stream(Format.values())
                                .map(format -> new Target(format, reasons(model, format)))
                                .toList());
    }

    private static List<String> reasons(Path model, Format format) {
        try {
            return switch (Converter.check(model, Options.to(format))) {
                case Conversion.Converted _ -> List.of();
                case Conversion.Unsupported unsupported ->
                    unsupported.operations().stream().map(Object::toString).toList();
            };
        } catch (ModelException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    void print(Terminal terminal) {
        var table = new Table("TARGET", "CONVERTS", "BECAUSE OF");
        for (Target target : all) {
            List<String> reasons = target.reasons();
            table.row(
                    target.format().text(),
                    reasons.isEmpty() ? "yes" : "no",
                    reasons.isEmpty()
                            ? ""
                            : reasons.getFirst()
                                    + (reasons.size() == 1 ? "" : ", and " + (reasons.size() - 1) + " more"));
        }
        if (!all.isEmpty()) {
            table.print(terminal, "");
        }
    }

    void write(ArrayNode array) {
        for (Target target : all) {
            var reasons = array.addObject()
                    .put("format", target.format().text())
                    .put("converts", target.reasons().isEmpty())
                    .putArray("reasons");
            target.reasons().forEach(reasons::add);
        }
    }
}
