package dev.fairlead.agent.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a worker must know of the machine to run on it and to say truthfully where it ran; the agent writes it to a
 * file at its start.
 *
 * @param os name and version
 * @param products what the maker calls each device, by device id
 * @param drivers driver version, by device id
 * @param options for the runtimes of this agent
 */
public record MachineFile(
        String os,
        Map<String, String> products,
        Map<String, String> drivers,
        Map<String, String> options,
        boolean standIn) {
    /** The system property that names the file. */
    public static final String PROPERTY = "fairlead.agent.machine";

    private static final JsonMapper JSON = new JsonMapper();

    public MachineFile {
        products = Map.copyOf(products);
        drivers = Map.copyOf(drivers);
        options = Map.copyOf(options);
    }

    public static MachineFile of(Machine machine, Map<String, String> options) {
        Map<String, String> products = new TreeMap<>();
        Map<String, String> drivers = new TreeMap<>();
        for (Device device : machine.devices()) {
            products.put(device.id(), device.product());
            drivers.put(device.id(), device.driver());
        }
        String os = (machine.host().os() + " " + machine.host().osVersion()).strip();
        return new MachineFile(os, products, drivers, options, machine.standIn());
    }

    public void write(Path file) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("os", os).put("stand_in", standIn);
        products.forEach(root.putObject("products")::put);
        drivers.forEach(root.putObject("drivers")::put);
        options.forEach(root.putObject("options")::put);
        try {
            Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts", e);
        }
    }

    public static MachineFile read(Path file) throws IOException {
        JsonNode root = JSON.readTree(file.toFile());
        return new MachineFile(
                root.path("os").asText(),
                texts(root.path("products")),
                texts(root.path("drivers")),
                texts(root.path("options")),
                root.path("stand_in").asBoolean());
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new TreeMap<>();
        node.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }
}
