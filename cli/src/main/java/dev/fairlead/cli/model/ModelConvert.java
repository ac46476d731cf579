package dev.fairlead.cli.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.terminal.OutputOption;
import dev.fairlead.cli.terminal.Units;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.convert.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "convert",
        description = "Converts a local model to a model folder of another format, or of other options. Works offline.",
        footer = {
            "",
            "Nothing is written unless all of the model can be converted. Examples:",
            "  fairlead model convert ./model ./model-onnx",
            "  fairlead model convert net.onnx ./net-coreml --to coreml --target ios17 --precision fp16",
            "  fairlead model convert ./model net.mlpackage --size batch=1",
            "  fairlead model convert net.mlpackage ./net-mlx --to mlx --specialise shape=[1,128]"
        })
final class ModelConvert implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "SOURCE",
            description = "A model folder, an .onnx file, an .mlpackage or an .mlmodel.")
    private Path source = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            description = "The folder to make; named ….mlpackage, it is a Core ML package itself.")
    private Path target = Path.of("");

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            description = "onnx, mlx or coreml. Default: coreml for a target named ….mlpackage, else onnx.")
    private @Nullable String format;

    @Option(names = "--opset", paramLabel = "N", description = "Operator set of an ONNX model: 13 to 23.")
    private @Nullable String opset;

    @Option(
            names = "--target",
            paramLabel = "SYSTEM",
            description = "The oldest system that must run a Core ML model: ios15 to ios26, macos12 to macos26."
                    + " Default: as old as the model allows.")
    private @Nullable String system;

    @Option(
            names = "--precision",
            paramLabel = "TYPE",
            description = "What a Core ML model computes in: fp32 or fp16. Default: fp32.")
    private @Nullable String precision;

    @Option(
            names = "--precision-of",
            paramLabel = "OPERATION=TYPE",
            description = "The same for an ONNX operator or a node by its name; repeatable.")
    private Map<String, String> precisions = new LinkedHashMap<>();

    @Option(
            names = "--size",
            paramLabel = "SYMBOL=N",
            description = "Fixes a symbol of the inputs' shapes, such as batch=8; repeatable.")
    private Map<String, Long> sizes = new LinkedHashMap<>();

    @Option(
            names = "--range",
            paramLabel = "SYMBOL=LOWER,USUAL,UPPER",
            description = "Sizes that a symbol of a Core ML model's shapes may have; repeatable. Default: 1,1,2048.")
    private Map<String, String> ranges = new LinkedHashMap<>();

    @Option(
            names = "--specialise",
            paramLabel = "INPUT=JSON|@FILE",
            description = "A number, or nested arrays of numbers, that an input holds for good, or the file with a"
                    + " safetensors tensor of the input's name; repeatable.")
    private Map<String, String> specialised = new LinkedHashMap<>();

    @Option(
            names = "--allow-lossy",
            description = "Converts what the target cannot say exactly, too, and lists what that gives up.")
    private boolean allowLossy;

    @Option(
            names = "--function",
            paramLabel = "NAME",
            description = "Which function of a Core ML model of several. Default: its default one.")
    private @Nullable String function;

    @Mixin
    private final OutputOption output = new OutputOption();

    private final Context context;

    ModelConvert(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Options options = options();
        if (Files.exists(target)) {
            throw new CommandFailure(ExitCode.CONFLICT, target + ": exists already", "Name a folder that does not.");
        }
        try {
            return switch (converted(options)) {
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

    private Conversion converted(Options options) {
        try (var given = new GivenTensors(specialised);
                var progress = context.terminal().progress("convert")) {
            return Converter.convert(
                    source,
                    target,
                    options.withTensors(given.tensors()),
                    step -> progress.show(-1, step.name().toLowerCase(Locale.ROOT)));
        }
    }

    private Options options() {
        Map<String, String> settings = new LinkedHashMap<>();
        String named = target.toString().endsWith(".mlpackage") ? "coreml" : "onnx";
        settings.put(Settings.TARGET_FORMAT, format == null ? named : format);
        put(settings, Settings.OPSET, opset);
        put(settings, Settings.TARGET, system);
        put(settings, Settings.PRECISION, precision);
        put(settings, Settings.FUNCTION, function);
        var mapper = new ObjectMapper();
        ObjectNode types = mapper.createObjectNode();
        precisions.forEach(types::put);
        put(settings, Settings.PRECISIONS, types);
        ObjectNode fixed = mapper.createObjectNode();
        sizes.forEach(fixed::put);
        put(settings, Settings.SIZES, fixed);
        ObjectNode varying = mapper.createObjectNode();
        ranges.forEach((symbol, range) -> varying.set(symbol, json("--range", symbol, "[" + range + "]", mapper)));
        put(settings, Settings.RANGES, varying);
        put(settings, Settings.ALLOW_LOSSY, allowLossy ? "true" : null);
        ObjectNode constants = mapper.createObjectNode();
        specialised.forEach((input, text) -> {
            if (!GivenTensors.isFile(text)) {
                constants.set(input, json("--specialise", input, text, mapper));
            }
        });
        put(settings, Settings.SPECIALISE, constants);
        try {
            return Settings.options(settings);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }

    private static void put(Map<String, String> settings, String name, @Nullable String value) {
        if (value != null) {
            settings.put(name, value);
        }
    }

    private static void put(Map<String, String> settings, String name, ObjectNode entries) {
        if (!entries.isEmpty()) {
            settings.put(name, entries.toString());
        }
    }

    private static JsonNode json(String option, String name, String text, ObjectMapper mapper) {
        try {
            return mapper.readTree(text);
        } catch (IOException e) {
            throw CommandFailure.usage(option + " " + name + ": '" + text + "' is no number and no array of numbers");
        }
    }

    private void say(Conversion.Converted converted) {
        var terminal = context.terminal();
        if (output.json()) {
            var root = new ObjectMapper()
                    .createObjectNode()
                    .put("nodes", converted.nodes())
                    .put("weights", converted.weights())
                    .put("weight_bytes", converted.weightBytes());
            var losses = root.putArray("losses");
            converted.losses().forEach(loss -> losses.add(loss.toString()));
            var notes = root.putArray("notes");
            converted.notes().forEach(notes::add);
            terminal.line(root.toPrettyString());
        } else {
            converted.losses().forEach(loss -> terminal.line("lossy: " + loss));
            converted.notes().forEach(terminal::line);
            terminal.line(converted.nodes() + " nodes, " + converted.weights() + " weights of "
                    + Units.bytes(converted.weightBytes()) + " in " + target);
        }
    }

    private static CommandFailure failure(Conversion.Unsupported unsupported) {
        var operations = unsupported.operations();
        var all = operations.stream().map(Object::toString).collect(Collectors.joining("\n  "));
        var hint = unsupported.undecided().isEmpty()
                ? ""
                : "\n  With --specialise for " + String.join(", ", unsupported.undecided())
                        + ", fewer might stand in the way.";
        return new CommandFailure(
                ExitCode.FAILED,
                "UnsupportedOperations: " + operations.size() + " cannot be converted, and nothing was written",
                all + hint);
    }
}
