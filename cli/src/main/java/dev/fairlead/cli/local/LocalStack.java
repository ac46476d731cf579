package dev.fairlead.cli.local;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.Home;
import dev.fairlead.cli.server.Target;
import dev.fairlead.proto.v1.AgentState;
import dev.fairlead.proto.v1.CreateJoinTokenRequest;
import dev.fairlead.proto.v1.GetAgentRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A control plane and its agents as children of this process; stopped in the reverse order of their start. */
public final class LocalStack implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(45);
    private static final Duration CONTROL_PLANE_READY = Duration.ofSeconds(90);
    /** The Mac agent's first start may install its Python packages. */
    private static final Duration AGENT_READY = Duration.ofMinutes(5);

    private final Context context;
    private final Home home;
    private final Output output;
    private final Installation installation;
    private final List<Service> services = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    public LocalStack(Context context, Home home, Output output) {
        this.context = context;
        this.home = home;
        this.output = output;
        this.installation = Installation.of(context.root());
    }

    /** Starts the control plane and waits until it serves. A port of 0 means any free one. */
    public Home.Endpoint startControlPlane(int grpcPort, int httpPort) throws InterruptedException {
        home.endpoint()
                .filter(endpoint -> ProcessHandle.of(endpoint.pid()).isPresent())
                .ifPresent(endpoint -> {
                    throw new CommandFailure(
                            ExitCode.CONFLICT,
                            "a control plane already runs on " + home.folder() + " (process " + endpoint.pid() + ")",
                            "Use it, stop it, or set FAIRLEAD_HOME to another folder.");
                });
        makeHome();
        var grpc = Ports.claim(grpcPort, "--port");
        var http = Ports.claim(httpPort, "--http-port");
        var service = start("control-plane", installation.controlPlane(home.folder(), grpc, http), Map.of());
        return await(service, CONTROL_PLANE_READY, () -> home.endpoint().filter(e -> e.pid() == service.pid()));
    }

    /** Starts an agent with a join token of its own and waits until the control plane calls it ready. */
    public void startAgent(AgentPlan agent, Home.Endpoint endpoint) throws InterruptedException {
        try (var connection = connect(endpoint)) {
            var token = connection
                    .agents()
                    .createJoinToken(CreateJoinTokenRequest.newBuilder()
                            .setAgent(agent.name())
                            .setPool(agent.kind().pool())
                            .build())
                    .getToken();
            var folder = home.folder().resolve("agents").resolve(agent.name());
            var service = start(
                    agent.name(),
                    installation.agent(agent, folder, endpoint.grpc()),
                    Map.of("FAIRLEAD_JOIN_TOKEN", token));
            await(service, AGENT_READY, () -> ready(connection, agent.name()));
        }
    }

    /** A connection as the administrator of the home. */
    public Connection connect(Home.Endpoint endpoint) {
        var token = home.adminToken()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.DENIED, home.folder().resolve("admin.token") + ": is not there", ""));
        return Connection.open(
                new Target(endpoint.grpc(), token, Optional.empty()),
                context.tracing().start("local").traceparent());
    }

    private static Optional<Boolean> ready(Connection connection, String name) {
        try {
            var agent = connection
                    .agents()
                    .get(GetAgentRequest.newBuilder().setName(name).build());
            return agent.getState() == AgentState.AGENT_STATE_READY ? Optional.of(true) : Optional.empty();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Service start(String name, List<String> command, Map<String, String> environment) {
        synchronized (services) {
            if (closed.get()) {
                throw new CommandFailure(ExitCode.FAILED, "stopping", "");
            }
            var service = Service.start(name, command, environment, output);
            services.add(service);
            return service;
        }
    }

    private void makeHome() {
        try {
            Files.createDirectories(home.folder());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, home.folder() + ": cannot be made: " + e.getMessage(), "");
        }
    }

    /** One look at something that will be there. */
    private interface Look<T> {
        Optional<T> take();
    }

    private <T> T await(Service service, Duration limit, Look<T> look) throws InterruptedException {
        var end = context.clock().instant().plus(limit);
        while (true) {
            var found = look.take();
            if (found.isPresent()) {
                return found.get();
            }
            if (!service.alive()) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        service.name() + " ended with exit code " + service.exitCode() + " before it was ready",
                        LogTail.of(output, service.name()));
            }
            if (context.clock().instant().isAfter(end)) {
                throw new CommandFailure(
                        ExitCode.FAILED,
                        service.name() + " was not ready within " + limit.toSeconds() + " s",
                        LogTail.of(output, service.name()));
            }
            context.pause().seconds(0.1);
        }
    }

    /** Waits until one of the processes ends by itself, and names it. */
    public String awaitAnyExit() throws InterruptedException {
        while (true) {
            synchronized (services) {
                for (var service : services) {
                    if (!service.alive()) {
                        return service.name() + " ended with exit code " + service.exitCode();
                    }
                }
            }
            context.pause().seconds(0.3);
        }
    }

    /** Process ids, in the order in which to stop them. */
    public List<Long> pids() {
        synchronized (services) {
            return services.reversed().stream().map(Service::pid).toList();
        }
    }

    /** Stops everything, the last started first. */
    @Override
    public void close() {
        synchronized (services) {
            if (!closed.getAndSet(true)) {
                services.reversed().forEach(service -> service.stop(GRACE));
            }
        }
    }
}
