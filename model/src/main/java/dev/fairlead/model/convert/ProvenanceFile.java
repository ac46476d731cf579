package dev.fairlead.model.convert;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code provenance.json}. */
final class ProvenanceFile {
    static final String FILE = "provenance.json";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ProvenanceFile() {}

    static void write(Assembly assembly, Path folder) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", "fairlead-provenance").put("version", 1);
        ArrayNode values = root.putArray("values");
        for (Provenance.OfValue value : assembly.values()) {
            ObjectNode node = values.addObject();
            node.put("value", value.value());
            ArrayNode sources = node.putArray("sources");
            value.sources().forEach(sources::add);
            node.put("relation", value.relation().text());
            node.put("rule", value.rule()).put("rule_version", value.version());
            write(value.origin(), node.putObject("origin"));
        }
        ArrayNode weights = root.putArray("weights");
        for (Provenance.OfWeight weight : assembly.weights()) {
            ObjectNode node = weights.addObject();
            node.put("initializer", weight.initializer());
            node.put("source", weight.source());
            node.put("sha256", weight.sha256());
            ArrayNode transforms = node.putArray("transforms");
            if (!weight.permutation().isEmpty()) {
                ArrayNode axes = transforms.addObject().putArray("permute");
                weight.permutation().forEach(axes::add);
            }
        }
        Path file = folder.resolve(FILE);
        try {
            String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, file, "file", e);
        }
    }

    private static void write(Origin origin, ObjectNode node) {
        origin.module().ifPresent(module -> node.put("module", module));
        origin.file().ifPresent(source -> node.put("file", source));
        origin.line().ifPresent(line -> node.put("line", line));
    }
}
