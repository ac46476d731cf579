package dev.fairlead.cli.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.OutputOption;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description = "Converts a local MLX model folder to ONNX. Works offline.",
        footer = {"", "Example:", "  fairlead model convert ./model ./model-onnx"})
final class ModelConvert implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FOLDER", description = "The MLX model's folder.")
    private Path source = Path.of("");

    @Parameters(index = "1", paramLabel = "TARGET", description = "The folder to make.")
    private Path target = Path.of("");

    @Mixin
    private final OutputOption output = new OutputOption();

    private final Context context;

    ModelConvert(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (Files.exists(target)) {
            throw new CommandFailure(ExitCode.CONFLICT, target + ": exists already", "Name a folder that does not.");
        }
        try {
            return switch (Converter.convert(source, target, Options.defaults())) {
                case Conversion.Converted converted -> {
                    say(converted);
                    yield ExitCode.OK.number();
                }
                case Conversion.Unsupported unsupported -> throw failure(unsupported);
            };
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), "");
        }
    }

    private void say(Conversion.Converted converted) {
        var terminal = context.terminal();
        if (output.json()) {
            terminal.line(new ObjectMapper()
                    .createObjectNode()
                    .put("nodes", converted.nodes())
                    .put("weights", converted.weights())
                    .put("weight_bytes", converted.weightBytes())
                    .toPrettyString());
        } else {
            terminal.line(converted.nodes() + " nodes, " + converted.weights() + " weights of "
                    + Units.bytes(converted.weightBytes()) + " in " + target);
        }
    }

    private static CommandFailure failure(Conversion.Unsupported unsupported) {
        var operations = unsupported.operations();
        return new CommandFailure(
                ExitCode.FAILED,
                "UnsupportedOperations: " + operations.size() + " have no rule, and nothing was written",
                operations.stream().map(Object::toString).collect(Collectors.joining("\n  ")));
    }
}
