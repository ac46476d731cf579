package dev.fairlead.cli.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The folder where a local control plane keeps its data and leaves word of where it listens. */
public record Home(Path folder) {

    /** FAIRLEAD_HOME, else `.fairlead` in the user's home. */
    public static Home of(Map<String, String> environment) {
        var named = environment.getOrDefault("FAIRLEAD_HOME", "");
        return new Home(named.isEmpty() ? Path.of(System.getProperty("user.home"), ".fairlead") : Path.of(named));
    }

    /** Where a running control plane listens. */
    public record Endpoint(String grpc, String http, long pid) {}

    /** What the control plane wrote when it became ready; empty where none runs on this home. */
    public Optional<Endpoint> endpoint() {
        return read("endpoint.json").map(this::parse);
    }

    /** The token that the control plane made at its first start. */
    public Optional<String> adminToken() {
        return read("admin.token").map(String::strip);
    }

    private Endpoint parse(String json) {
        try {
            var tree = new ObjectMapper().readTree(json);
            return new Endpoint(
                    tree.path("grpc").asText(),
                    tree.path("http").asText(),
                    tree.path("pid").asLong());
        } catch (IOException e) {
            throw unreadable("endpoint.json", e);
        }
    }

    private Optional<String> read(String name) {
        var file = folder.resolve(name);
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private CommandFailure unreadable(String name, IOException e) {
        return new CommandFailure(
                ExitCode.DENIED,
                folder.resolve(name) + ": cannot be read: " + e.getMessage(),
                "Give --server and --token, or run as the user who started the control plane.");
    }
}
