package dev.fairlead.control.agent.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.control.agent.AgentName;
import dev.fairlead.control.agent.Machine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How machines are written in the database. A text that has not changed is not parsed again. */
final class MachineJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final TypeReference<Map<String, Long>> SIZES = new TypeReference<>() {};

    private record Parsed(String text, Machine machine) {}

    private final Map<AgentName, Parsed> parsed = new ConcurrentHashMap<>();

    String write(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of " + value.getClass() + " is not writable", e);
        }
    }

    Machine read(AgentName agent, String text) {
        Parsed known = parsed.get(agent);
        if (known != null && known.text().equals(text)) {
            return known.machine();
        }
        try {
            Machine machine = MAPPER.readValue(text, Machine.class);
            parsed.put(agent, new Parsed(text, machine));
            return machine;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("agent.machine: of " + agent + " is not readable", e);
        }
    }

    Map<String, Long> readFree(String text) {
        try {
            return MAPPER.readValue(text, SIZES);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("agent.free_bytes: is not readable", e);
        }
    }
}
