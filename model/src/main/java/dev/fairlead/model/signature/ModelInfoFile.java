package dev.fairlead.model.signature;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.ExpressionParser;
import dev.fairlead.model.json.Json;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** Reads and writes {@code model.json}. */
public final class ModelInfoFile {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ModelInfoFile() {}

    /**
     * Reads the description of a model folder.
     *
     * @throws ModelException naming file and field
     */
    public static ModelInfo read(Path folder) {
        Json root = Json.read(folder.resolve(ModelInfo.FILE));
        Json version = root.field("version");
        if (version.integer() != ModelInfo.VERSION) {
            throw version.error(ErrorCode.UNSUPPORTED, "only version " + ModelInfo.VERSION + " can be read", null);
        }
        TreeMap<String, String> producedBy = new TreeMap<>();
        root.optional("produced_by")
                .ifPresent(json -> json.value()
                        .fieldNames()
                        .forEachRemaining(
                                name -> producedBy.put(name, json.field(name).text())));
        Json signature = root.field("signature");
        return new ModelInfo(
                root.field("format").text(),
                new Signature(specs(signature.field("inputs")), specs(signature.field("outputs"))),
                producedBy,
                root.optional("device").map(Json::text),
                root.optional("stand_in").map(Json::flag));
    }

    /** Writes the description into a model folder. */
    public static void write(ModelInfo info, Path folder) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", info.format()).put("version", ModelInfo.VERSION);
        ObjectNode signature = root.putObject("signature");
        write(info.signature().inputs(), signature.putArray("inputs"));
        write(info.signature().outputs(), signature.putArray("outputs"));
        ObjectNode producedBy = root.putObject("produced_by");
        info.producedBy().forEach(producedBy::put);
        info.device().ifPresent(device -> root.put("device", device));
        info.standIn().ifPresent(standIn -> root.put("stand_in", standIn));
        Path file = folder.resolve(ModelInfo.FILE);
        try {
            String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, file, "file", e);
        }
    }

    private static void write(List<TensorSpec> specs, ArrayNode array) {
        for (TensorSpec spec : specs) {
            ObjectNode node = array.addObject();
            node.put("name", spec.name()).put("dtype", spec.dtype().text());
            ArrayNode shape = node.putArray("shape");
            for (Dim dim : spec.shape()) {
                switch (dim) {
                    case Dim.Fixed(long size) -> shape.add(size);
                    case Dim.Symbolic(var expression) -> shape.add(expression.toString());
                    case Dim.Unknown() -> shape.add("?");
                }
            }
        }
    }

    private static List<TensorSpec> specs(Json list) {
        return list.items().stream()
                .map(json -> new TensorSpec(
                        name(json.field("name")),
                        DType.parse(json.field("dtype").text())
                                .orElseThrow(
                                        () -> json.field("dtype").error(ErrorCode.UNSUPPORTED, "no known dtype", null)),
                        json.field("shape").items().stream()
                                .map(ModelInfoFile::dim)
                                .toList()))
                .toList();
    }

    private static String name(Json json) {
        if (json.text().isEmpty()) {
            throw json.error("is empty");
        }
        return json.text();
    }

    private static Dim dim(Json json) {
        if (!json.value().isTextual()) {
            if (json.integer() < 0) {
                throw json.error("negative");
            }
            return new Dim.Fixed(json.integer());
        }
        if (json.text().equals("?")) {
            return new Dim.Unknown();
        }
        try {
            return Dim.of(ExpressionParser.parse(json.text()));
        } catch (IllegalArgumentException e) {
            throw json.error(ErrorCode.MALFORMED, String.valueOf(e.getMessage()), e);
        }
    }
}
