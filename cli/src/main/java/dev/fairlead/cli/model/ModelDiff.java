package dev.fairlead.cli.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.OutputOption;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.folder.OutlineDiff;
import dev.fairlead.model.folder.OutlineReader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description =
                "Shows two models' graphs beside each other, aligned by the values they come from. Works offline.",
        footer = {"", "Example:", "  fairlead model diff ./model ./model-onnx"})
final class ModelDiff implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "A model's folder or file.")
    private Path left = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "Another's, such as what A was converted to.")
    private Path right = Path.of("");

    @Option(names = "--all", description = "Show values that are the same in both, too.")
    private boolean all;

    @Mixin
    private final OutputOption output = new OutputOption();

    private final Context context;

    ModelDiff(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try {
            var lines = OutlineDiff.of(OutlineReader.read(left), OutlineReader.read(right));
            var shown = lines.stream().filter(line -> all || !line.isSame()).toList();
            if (output.json()) {
                context.terminal().line(json(shown));
            } else {
                show(shown, lines.size());
            }
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), "");
        }
        return ExitCode.OK.number();
    }

    private void show(List<OutlineDiff.Line> shown, int total) {
        var table = new Table("VALUE", "A", "B", "PLACE");
        shown.forEach(line ->
                table.row(line.key(), String.join(", ", line.left()), String.join(", ", line.right()), line.place()));
        table.print(context.terminal(), "no differences in " + total + " values");
    }

    private static String json(List<OutlineDiff.Line> shown) {
        var root = new ObjectMapper().createArrayNode();
        for (var line : shown) {
            var entry = root.addObject().put("value", line.key()).put("place", line.place());
            add(line.left(), entry.putArray("a"));
            add(line.right(), entry.putArray("b"));
        }
        return root.toPrettyString();
    }

    private static void add(List<String> operations, ArrayNode array) {
        operations.forEach(array::add);
    }
}
