package dev.fairlead.model.provenance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.json.Json;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads and writes {@code provenance.json}, version 1. */
public final class ProvenanceFile {
    public static final String FILE = "provenance.json";
    private static final String FORMAT = "fairlead-provenance";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private ProvenanceFile() {}

    /** Writes into a folder; the same provenance gives the same bytes. */
    public static void write(Provenance provenance, Path folder) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("format", FORMAT).put("version", 1);
        ArrayNode values = root.putArray("values");
        for (OfValue value : provenance.values()) {
            ObjectNode node = values.addObject();
            node.put("value", value.value());
            ArrayNode sources = node.putArray("sources");
            value.sources().forEach(sources::add);
            node.put("relation", value.relation().text());
            node.put("rule", value.rule()).put("rule_version", value.version());
            write(value.origin(), node.putObject("origin"));
        }
        ArrayNode weights = root.putArray("weights");
        for (OfWeight weight : provenance.weights()) {
            ObjectNode node = weights.addObject();
            node.put("initializer", weight.initializer());
            node.put("source", weight.source());
            node.put("sha256", weight.sha256());
            ArrayNode transforms = node.putArray("transforms");
            weight.transforms().forEach(transform -> write(transform, transforms.addObject()));
        }
        Path file = folder.resolve(FILE);
        try {
            String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, file, "file", e);
        }
    }

    /**
     * Reads a folder's file.
     *
     * @throws ModelException naming file and field when it is missing or breaks the format
     */
    public static Provenance read(Path folder) {
        Json root = Json.read(folder.resolve(FILE));
        if (!root.field("format").text().equals(FORMAT)) {
            throw root.field("format").error(ErrorCode.UNSUPPORTED, "expected \"" + FORMAT + "\"", null);
        }
        if (root.field("version").integer() != 1) {
            throw root.field("version").error(ErrorCode.UNSUPPORTED, "only version 1 can be read", null);
        }
        List<OfValue> values =
                root.field("values").items().stream().map(ProvenanceFile::value).toList();
        List<OfWeight> weights = root.field("weights").items().stream()
                .map(weight -> new OfWeight(
                        weight.field("initializer").text(),
                        weight.field("source").text(),
                        weight.field("sha256").text(),
                        weight.field("transforms").items().stream()
                                .map(ProvenanceFile::transform)
                                .toList()))
                .toList();
        return new Provenance(values, weights);
    }

    private static OfValue value(Json json) {
        Json relation = json.field("relation");
        return new OfValue(
                json.field("value").text(),
                json.field("sources").items().stream().map(Json::text).toList(),
                origin(json.field("origin")),
                json.field("rule").text(),
                Math.toIntExact(Math.clamp(json.field("rule_version").integer(), 0, 1 << 30)),
                Relation.parse(relation.text()).orElseThrow(() -> relation.error("no known relation")));
    }

    private static Origin origin(Json json) {
        return new Origin(
                json.optional("module").map(Json::text),
                json.optional("file").map(Json::text),
                json.optional("line").map(line -> Math.toIntExact(Math.clamp(line.integer(), 0, 1 << 30))));
    }

    private static void write(Origin origin, ObjectNode node) {
        origin.module().ifPresent(module -> node.put("module", module));
        origin.file().ifPresent(source -> node.put("file", source));
        origin.line().ifPresent(line -> node.put("line", line));
    }

    private static void write(WeightTransform transform, ObjectNode node) {
        switch (transform) {
            case WeightTransform.Permute(List<Integer> axes) -> {
                ArrayNode array = node.putArray("permute");
                axes.forEach(array::add);
            }
            case WeightTransform.Reinterpret(DType dtype, List<Long> shape) -> {
                ArrayNode array = node.put("reinterpret", dtype.text()).putArray("shape");
                shape.forEach(array::add);
            }
            case WeightTransform.Widen(int from, int to) ->
                node.putArray("widen").add(from).add(to);
            case WeightTransform.Computed(String what) -> node.put("computed", what);
        }
    }

    private static WeightTransform transform(Json json) {
        if (json.optional("permute").isPresent()) {
            return new WeightTransform.Permute(integers(json.field("permute")).stream()
                    .map(Math::toIntExact)
                    .toList());
        }
        if (json.optional("reinterpret").isPresent()) {
            Json dtype = json.field("reinterpret");
            return new WeightTransform.Reinterpret(
                    DType.parse(dtype.text()).orElseThrow(() -> dtype.error("no known dtype")),
                    integers(json.field("shape")));
        }
        if (json.optional("widen").isPresent()) {
            List<Long> bits = integers(json.field("widen"));
            if (bits.size() != 2) {
                throw json.field("widen").error("expected two numbers");
            }
            return new WeightTransform.Widen(Math.toIntExact(bits.getFirst()), Math.toIntExact(bits.getLast()));
        }
        return new WeightTransform.Computed(json.field("computed").text());
    }

    private static List<Long> integers(Json json) {
        return json.items().stream().map(Json::integer).toList();
    }
}
