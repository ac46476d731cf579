package dev.fairlead.model.mlx;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes {@code graph.json}, version 1, byte for byte as the Python exporter does: an entry a line, for people to read and compare. */
public final class MlxGraphWriter {
    private MlxGraphWriter() {}

    /** Writes a graph, replacing an older file. */
    public static void write(MlxGraph graph, Path graphJson) {
        try {
            Files.write(graphJson, text(graph).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, graphJson, "file", e);
        }
    }

    static String text(MlxGraph graph) {
        String framework = "{\"name\": \"mlx\", \"version\": " + JsonText.of(graph.frameworkVersion()) + "}";
        return "{\n  \"format\": \"fairlead-graph\",\n  \"version\": 1,\n  \"framework\": " + framework
                + ",\n  \"symbols\": " + list(graph.symbols(), JsonText::of)
                + ",\n  \"inputs\": " + lines(graph.inputs(), MlxGraphWriter::value)
                + ",\n  \"outputs\": " + lines(graph.outputs(), MlxGraphWriter::output)
                + ",\n  \"constants\": " + lines(graph.constants(), MlxGraphWriter::value)
                + ",\n  \"nodes\": " + lines(graph.nodes(), MlxGraphWriter::node)
                + "\n}\n";
    }

    private static String output(MlxGraph.Output output) {
        return "{\"name\": " + JsonText.of(output.name()) + ", \"value\": "
                + JsonText.of(output.value().name()) + "}";
    }

    private static String value(MlxValue value) {
        return "{\"name\": " + JsonText.of(value.name()) + ", \"dtype\": \""
                + value.dtype().text() + "\", \"shape\": " + list(value.shape(), MlxGraphWriter::size) + "}";
    }

    private static String node(MlxNode node) {
        return "{\"op\": " + JsonText.of(node.op())
                + ", \"inputs\": " + list(node.inputs(), input -> JsonText.of(input.name()))
                + ", \"outputs\": " + list(node.outputs(), MlxGraphWriter::value)
                + ", \"arguments\": " + list(node.arguments(), MlxGraphWriter::argument)
                + ", \"origin\": " + origin(node.origin()) + "}";
    }

    private static String argument(Argument argument) {
        return switch (argument) {
            case Argument.Int(long value) -> Long.toString(value);
            case Argument.Real(double value) ->
                Double.isFinite(value) ? JsonText.of(value) : JsonText.of(infinite(value));
            case Argument.Flag(boolean value) -> Boolean.toString(value);
            case Argument.Type(var dtype) -> "{\"dtype\": \"" + dtype.text() + "\"}";
            case Argument.Text(String value) -> "{\"string\": " + JsonText.of(value) + "}";
            case Argument.Size(Expression value) -> size(value);
            case Argument.Items(List<Argument> values) -> list(values, MlxGraphWriter::argument);
        };
    }

    private static String infinite(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        return value > 0 ? "inf" : "-inf";
    }

    private static String size(Expression size) {
        return size.constant().isPresent() ? Long.toString(size.constant().getAsLong()) : JsonText.of(size.toString());
    }

    private static String origin(Origin origin) {
        StringBuilder text = new StringBuilder();
        origin.module().ifPresent(module -> text.append(", \"module\": ").append(JsonText.of(module)));
        origin.file().ifPresent(file -> text.append(", \"file\": ").append(JsonText.of(file)));
        origin.line().ifPresent(line -> text.append(", \"line\": ").append(line));
        return "{" + (text.isEmpty() ? "" : text.substring(2)) + "}";
    }

    private static <T> String list(List<T> items, Function<T, String> text) {
        return items.stream().map(text).collect(Collectors.joining(", ", "[", "]"));
    }

    private static <T> String lines(List<T> items, Function<T, String> text) {
        return items.isEmpty()
                ? "[]"
                : items.stream().map(text).collect(Collectors.joining(",\n    ", "[\n    ", "\n  ]"));
    }
}
