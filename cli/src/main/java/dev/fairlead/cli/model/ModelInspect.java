package dev.fairlead.cli.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.OutputOption;
import dev.fairlead.cli.terminal.Table;
import dev.fairlead.cli.terminal.Terminal;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.signature.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description = "Shows what a model folder holds: format, signature, origin, files. Works offline.")
final class ModelInspect implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FOLDER", description = "The model's folder, with its model.json.")
    private Path folder = Path.of("");

    @Mixin
    private final OutputOption output = new OutputOption();

    private final Context context;

    ModelInspect(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try {
            var info = ModelInfoFile.read(folder);
            if (output.json()) {
                context.terminal().line(json(info));
            } else {
                show(info, context.terminal());
            }
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), "");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, folder + ": cannot be read: " + e.getMessage(), "");
        }
        return ExitCode.OK.number();
    }

    private void show(ModelInfo info, Terminal terminal) throws IOException {
        var standIn = info.standIn().orElse(false) ? ", a stand-in" : "";
        terminal.line("format       " + info.format());
        terminal.line("made with    "
                + info.producedBy().entrySet().stream()
                        .map(program -> program.getKey() + " " + program.getValue())
                        .collect(Collectors.joining(", "))
                + info.device().map(device -> " on " + device + standIn).orElse(""));
        info.signature().inputs().forEach(spec -> terminal.line("input        " + spec));
        info.signature().outputs().forEach(spec -> terminal.line("output       " + spec));
        var table = new Table("FILE", "SIZE");
        for (var file : files()) {
            table.row(folder.relativize(file).toString(), Units.bytes(Files.size(file)));
        }
        table.print(terminal, "no files");
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private String json(ModelInfo info) throws IOException {
        var root = new ObjectMapper().createObjectNode().put("format", info.format());
        add(info.signature().inputs(), root.putArray("inputs"));
        add(info.signature().outputs(), root.putArray("outputs"));
        var produced = root.putObject("produced_by");
        info.producedBy().forEach(produced::put);
        info.device().ifPresent(device -> root.put("device", device));
        info.standIn().ifPresent(standIn -> root.put("stand_in", standIn));
        var files = root.putArray("files");
        for (var file : files()) {
            files.addObject().put("path", folder.relativize(file).toString()).put("size", Files.size(file));
        }
        return root.toPrettyString();
    }

    private static void add(List<TensorSpec> specs, ArrayNode array) {
        for (var spec : specs) {
            var shape = array.addObject()
                    .put("name", spec.name())
                    .put("dtype", spec.dtype().text())
                    .putArray("shape");
            spec.shape().forEach(dim -> shape.add(dim.toString()));
        }
    }
}
