package dev.fairlead.agent.wiring;

import dev.fairlead.agent.machine.Bytes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options of every agent, each also from the environment. */
public final class AgentOptions {
    @Option(
            names = "--server",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:FAIRLEAD_SERVER:-127.0.0.1:9000}",
            description = "the control plane's gRPC address")
    private String server = "127.0.0.1:9000";

    @Option(names = "--name", defaultValue = "${env:FAIRLEAD_AGENT_NAME}", description = "this agent's name")
    private @Nullable String name;

    @Option(names = "--pool", defaultValue = "${env:FAIRLEAD_POOL}", description = "the pool to join")
    private @Nullable String pool;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "${env:FAIRLEAD_AGENT_HOME}",
            description = "where the agent keeps its key, cache and attempts")
    private @Nullable Path home;

    @Option(
            names = "--join-token",
            paramLabel = "TOKEN",
            defaultValue = "${env:FAIRLEAD_JOIN_TOKEN}",
            description = "enrols the agent at its first start; the environment keeps it out of the process list")
    private @Nullable String joinToken;

    @Option(
            names = "--stand-in",
            defaultValue = "${env:FAIRLEAD_STAND_IN:-false}",
            description = "work on the CPU where the hardware is missing, and say so")
    private boolean standIn;

    @Option(names = "--slots", defaultValue = "${env:FAIRLEAD_SLOTS:-1}", description = "attempts at once")
    private int slots = 1;

    @Option(
            names = "--cache-limit",
            paramLabel = "SIZE",
            defaultValue = "${env:FAIRLEAD_CACHE_LIMIT:-20GiB}",
            converter = BytesConverter.class,
            description = "how large the artifact cache may become")
    private Bytes cacheLimit = Bytes.parse("20GiB");

    @Option(
            names = "--memory-limit",
            paramLabel = "SIZE",
            defaultValue = "${env:FAIRLEAD_MEMORY_LIMIT:-8GiB}",
            converter = BytesConverter.class,
            description = "resident memory of one attempt that states none")
    private Bytes memoryLimit = Bytes.parse("8GiB");

    @Option(
            names = "--log-limit",
            paramLabel = "SIZE",
            defaultValue = "${env:FAIRLEAD_LOG_LIMIT:-64MiB}",
            converter = BytesConverter.class,
            description = "output of one attempt that is kept")
    private Bytes logLimit = Bytes.parse("64MiB");

    @Option(
            names = "--drain-seconds",
            defaultValue = "${env:FAIRLEAD_DRAIN_SECONDS:-30}",
            description = "from SIGTERM until what runs is handed back")
    private int drainSeconds = 30;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            defaultValue = "${env:FAIRLEAD_TLS_CA}",
            description = "certificates to trust; makes the connection TLS")
    private @Nullable Path tlsCa;

    /** Reads {@code 20GiB}. */
    static final class BytesConverter implements ITypeConverter<Bytes> {
        @Override
        public Bytes convert(String value) {
            return Bytes.parse(value);
        }
    }

    String server() {
        return server;
    }

    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    Optional<String> pool() {
        return Optional.ofNullable(pool);
    }

    public Optional<Path> home() {
        return Optional.ofNullable(home);
    }

    Optional<String> joinToken() {
        return Optional.ofNullable(joinToken).filter(token -> !token.isEmpty());
    }

    public boolean standIn() {
        return standIn;
    }

    int slots() {
        return slots;
    }

    Bytes cacheLimit() {
        return cacheLimit;
    }

    public Bytes memoryLimit() {
        return memoryLimit;
    }

    Bytes logLimit() {
        return logLimit;
    }

    Duration drain() {
        return Duration.ofSeconds(drainSeconds);
    }

    Optional<Path> tlsCa() {
        return Optional.ofNullable(tlsCa);
    }
}
