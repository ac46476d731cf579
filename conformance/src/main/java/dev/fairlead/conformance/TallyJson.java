package dev.fairlead.conformance;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The counts for programs: a list of {@code {suite, passed, failed, unsupported, reasons}}, reasons with their counts. */
final class TallyJson {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private TallyJson() {}

    static String text(List<Tally> tallies) throws IOException {
        ArrayNode list = MAPPER.createArrayNode();
        for (Tally tally : tallies) {
            ObjectNode entry = list.addObject();
            entry.put("suite", tally.suite());
            entry.put("passed", tally.passed());
            entry.put("failed", tally.failed());
            entry.put("unsupported", tally.unsupported());
            ObjectNode reasons = entry.putObject("reasons");
            tally.reasons().forEach(reasons::put);
        }
        return MAPPER.writeValueAsString(list) + "\n";
    }

    static void write(Path file, List<Tally> tallies) throws IOException {
        Files.writeString(file, text(tallies));
    }
}
