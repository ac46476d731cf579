package dev.fairlead.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The results for programs: a list of {@code {name, ratio, target, unit, better, samples, details}}, details where there are any. */
final class ResultsJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultsJson() {}

    static String text(List<Result> results) throws IOException {
        ArrayNode list = MAPPER.createArrayNode();
        for (Result result : results) {
            ObjectNode entry = list.addObject();
            entry.put("name", result.name());
            entry.put("ratio", result.ratio());
            entry.put("target", result.target());
            entry.put("unit", result.unit());
            entry.put("better", result.better().name().toLowerCase(Locale.ROOT));
            result.samples().forEach(entry.putArray("samples")::add);
            if (!result.details().isEmpty()) {
                result.details().forEach(entry.putArray("details")::add);
            }
        }
        return MAPPER.writeValueAsString(list) + "\n";
    }

    static void write(Path file, List<Result> results) throws IOException {
        Files.writeString(file, text(results));
    }
}
