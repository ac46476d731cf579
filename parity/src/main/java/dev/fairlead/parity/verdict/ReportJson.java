package dev.fairlead.parity.verdict;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Reports, policies and fingerprints as JSON in snake case. Infinite numbers are the strings Jackson writes. */
public final class ReportJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            // A later version of the other side may say more.
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ReportJson() {}

    public static String write(Report report) {
        return text(report);
    }

    public static String write(Policy policy) {
        return text(policy);
    }

    public static String write(Fingerprint fingerprint) {
        return text(fingerprint);
    }

    /**
     * Reads a report.
     *
     * @throws IllegalArgumentException when it is none, beginning with the source's name
     */
    public static Report report(String source, String json) {
        return read(source, json, Report.class);
    }

    /**
     * Reads a policy.
     *
     * @throws IllegalArgumentException when it is none, beginning with the source's name
     */
    public static Policy policy(String source, String json) {
        return read(source, json, Policy.class);
    }

    /**
     * Reads a fingerprint.
     *
     * @throws IllegalArgumentException when it is none, beginning with the source's name
     */
    public static Fingerprint fingerprint(String source, String json) {
        return read(source, json, Fingerprint.class);
    }

    private static String text(Object value) {
        try {
            return MAPPER.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values is always JSON", e);
        }
    }

    private static <T> T read(String source, String json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new IllegalArgumentException(source + ": is null");
            }
            return value;
        } catch (JsonProcessingException e) {
            String problem = e.getCause() instanceof IllegalArgumentException invalid
                    ? String.valueOf(invalid.getMessage())
                    : e.getOriginalMessage();
            throw new IllegalArgumentException(source + ": " + problem, e);
        }
    }
}
