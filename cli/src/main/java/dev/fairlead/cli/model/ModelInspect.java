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
import dev.fairlead.model.folder.Outline;
import dev.fairlead.model.folder.OutlineReader;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "inspect",
        description =
                "Shows what a model holds: format, signature, operations, weights, origin, files, and the formats that it can"
                        + " be converted to. Works offline.",
        footer = {
            "",
            "A model is a folder, an .mlpackage, or a file of Core ML, ONNX, safetensors (or its index) or GGUF."
        })
final class ModelInspect implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's folder or file.")
    private Path model = Path.of("");

    @Mixin
    private final OutputOption output = new OutputOption();

    private final Context context;

    ModelInspect(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try {
            var outline = OutlineReader.read(model);
            var info = Files.exists(model.resolve(ModelInfo.FILE))
                    ? Optional.of(ModelInfoFile.read(model))
                    : Optional.<ModelInfo>empty();
            var targets = Targets.of(model, outline);
            if (output.json()) {
                context.terminal().line(json(outline, info, targets));
            } else {
                show(outline, info, context.terminal());
                targets.print(context.terminal());
            }
        } catch (ModelException e) {
            throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), "");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, model + ": cannot be read: " + e.getMessage(), "");
        }
        return ExitCode.OK.number();
    }

    private void show(Outline outline, Optional<ModelInfo> info, Terminal terminal) throws IOException {
        terminal.line("format       " + outline.format());
        info.ifPresent(known -> terminal.line("made with    " + origin(known)));
        outline.inputs().forEach(port -> terminal.line("input        " + port));
        outline.outputs().forEach(port -> terminal.line("output       " + port));
        terminal.line("weights      " + Units.bytes(outline.weightBytes()));
        if (!outline.steps().isEmpty()) {
            terminal.line("nodes        " + outline.steps().size());
        }
        var weights = new Table("WEIGHTS", "TENSORS", "SIZE");
        outline.weights()
                .forEach((type, amount) ->
                        weights.row(type, Integer.toString(amount.tensors()), Units.bytes(amount.bytes())));
        weights.print(terminal, "no weights");
        if (!outline.steps().isEmpty()) {
            var operations = new Table("OPERATION", "NODES");
            outline.operations().forEach((operation, count) -> operations.row(operation, Integer.toString(count)));
            operations.print(terminal, "");
        }
        var files = new Table("FILE", "SIZE");
        for (var file : files()) {
            files.row(name(file), Units.bytes(Files.size(file)));
        }
        files.print(terminal, "no files");
    }

    private static String origin(ModelInfo info) {
        var standIn = info.standIn().orElse(false) ? ", a stand-in" : "";
        return info.producedBy().entrySet().stream()
                        .map(program -> program.getKey() + " " + program.getValue())
                        .collect(Collectors.joining(", "))
                + info.device().map(device -> " on " + device + standIn).orElse("");
    }

    private String name(Path file) {
        return file.equals(model)
                ? ModelException.name(file)
                : model.relativize(file).toString();
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(model)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private String json(Outline outline, Optional<ModelInfo> info, Targets targets) throws IOException {
        var root = new ObjectMapper().createObjectNode().put("format", outline.format());
        add(outline.inputs(), root.putArray("inputs"));
        add(outline.outputs(), root.putArray("outputs"));
        var weights = root.putObject("weights");
        outline.weights()
                .forEach((type, amount) ->
                        weights.putObject(type).put("tensors", amount.tensors()).put("bytes", amount.bytes()));
        var operations = root.putObject("operations");
        outline.operations().forEach(operations::put);
        var notes = root.putObject("metadata");
        outline.notes().forEach(notes::put);
        info.ifPresent(known -> {
            var produced = root.putObject("produced_by");
            known.producedBy().forEach(produced::put);
            known.device().ifPresent(device -> root.put("device", device));
            known.standIn().ifPresent(standIn -> root.put("stand_in", standIn));
        });
        targets.write(root.putArray("targets"));
        var files = root.putArray("files");
        for (var file : files()) {
            files.addObject().put("path", name(file)).put("size", Files.size(file));
        }
        return root.toPrettyString();
    }

    private static void add(List<Outline.Port> ports, ArrayNode array) {
        for (var port : ports) {
            array.addObject().put("name", port.name()).put("type", port.type());
        }
    }
}
