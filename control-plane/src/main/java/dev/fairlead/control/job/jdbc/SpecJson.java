package dev.fairlead.control.job.jdbc;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.Work;
import java.util.Map;
import java.util.TreeMap;

/** How specifications and outputs are written in the database. Equal specifications have equal texts. */
final class SpecJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addMixIn(Work.class, WorkTypes.class)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private SpecJson() {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Work.Command.class, name = "command"),
        @JsonSubTypes.Type(value = Work.Model.class, name = "model"),
        @JsonSubTypes.Type(value = Work.BuiltIn.class, name = "built-in")
    })
    private interface WorkTypes {}

    static String write(JobSpec spec) {
        return text(spec);
    }

    static JobSpec read(String text) {
        try {
            return MAPPER.readValue(text, JobSpec.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("job.spec: is not readable", e);
        }
    }

    static String writeOutputs(Map<String, Digest> outputs) {
        Map<String, String> texts = new TreeMap<>();
        outputs.forEach((name, digest) -> texts.put(name, digest.toString()));
        return text(texts);
    }

    static Map<String, Digest> readOutputs(String text) {
        try {
            Map<String, Digest> outputs = new TreeMap<>();
            MAPPER.readValue(text, TEXTS)
                    .forEach((name, digest) -> outputs.put(name, Digest.parse(digest, "job.outputs")));
            return outputs;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("job.outputs: is not readable", e);
        }
    }

    private static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of " + value.getClass() + " is not writable", e);
        }
    }
}
