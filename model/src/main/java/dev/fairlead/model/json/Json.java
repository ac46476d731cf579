package dev.fairlead.model.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value that knows where it stands.
 *
 * @param path such as {@code nodes[3].outputs[0].dtype}
 */
public record Json(String file, String path, JsonNode value) {
    private static final long MAX_BYTES = 64L << 20;
    private static final int MAX_DEPTH = 64;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(40)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Reads a whole file of at most 64 MiB that holds one object.
     *
     * @throws ModelException when it is missing, too large, nested deeper than 64, or has a key twice
     */
    public static Json read(Path file) {
        String name = ModelException.name(file);
        try {
            if (!Files.isRegularFile(file)) {
                throw new ModelException(ErrorCode.MISSING, name, "file", "does not exist");
            }
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new ModelException(ErrorCode.LIMIT, name, "file", size + " bytes, more than " + MAX_BYTES);
            }
            JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
            if (!root.isObject()) {
                throw new ModelException(ErrorCode.MALFORMED, name, "file", "is no JSON object");
            }
            return new Json(name, "", root);
        } catch (JsonProcessingException e) {
            String problem = "no valid JSON: " + ModelException.shown(e.getOriginalMessage());
            throw new ModelException(ErrorCode.MALFORMED, name, "file", problem);
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, file, "file", e);
        }
    }

    public Json field(String name) {
        return optional(name).orElseThrow(() -> new ModelException(ErrorCode.MALFORMED, file, at(name), "is missing"));
    }

    /** The field, unless it is absent or null. */
    public Optional<Json> optional(String name) {
        if (!value.isObject()) {
            throw error("expected an object");
        }
        JsonNode found = value.get(name);
        return found == null || found.isNull() ? Optional.empty() : Optional.of(new Json(file, at(name), found));
    }

    /** The names of an object's fields, in the order of the file. */
    public List<String> names() {
        if (!value.isObject()) {
            throw error("expected an object");
        }
        List<String> names = new ArrayList<>(value.size());
        value.fieldNames().forEachRemaining(names::add);
        return names;
    }

    public List<Json> items() {
        if (!(value instanceof ArrayNode array)) {
            throw error("expected a list");
        }
        List<Json> items = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            items.add(new Json(file, path + "[" + i + "]", array.get(i)));
        }
        return items;
    }

    public String text() {
        if (!value.isTextual()) {
            throw error("expected a string");
        }
        return value.textValue();
    }

    public long integer() {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw error("expected a 64-bit integer");
        }
        return value.longValue();
    }

    public boolean flag() {
        if (!value.isBoolean()) {
            throw error("expected true or false");
        }
        return value.booleanValue();
    }

    /** A failure of this value. */
    public ModelException error(String problem) {
        return error(ErrorCode.MALFORMED, problem, null);
    }

    /** A failure of this value with its cause. */
    public ModelException error(ErrorCode code, String problem, @Nullable Throwable cause) {
        ModelException error = new ModelException(code, file, path.isEmpty() ? "file" : path, problem);
        if (cause != null) {
            error.initCause(cause);
        }
        return error;
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
