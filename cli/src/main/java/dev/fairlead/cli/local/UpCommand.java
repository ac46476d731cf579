package dev.fairlead.cli.local;

import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.server.CallFailures;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.Home;
import dev.fairlead.cli.terminal.Terminal;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `fairlead up`. */
@Command(
        name = "up",
        description = "Runs a control plane and both local agents in the foreground, until interrupted.",
        footer = {
            "",
            "Data are kept in FAIRLEAD_HOME, default ~/.fairlead. Where the machine has no Apple or",
            "no NVIDIA device, the agent for it runs as a stand-in and says so.",
            "",
            "Example:",
            "  fairlead up --port 0 --http-port 0"
        })
public final class UpCommand implements Callable<Integer> {
    @Option(names = "--port", paramLabel = "PORT", description = "gRPC; default ${DEFAULT-VALUE}, 0 for any free one.")
    private int port = 9000;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "Dashboard; default ${DEFAULT-VALUE}, 0 for any free one.")
    private int httpPort = 8080;

    private final Context context;

    public UpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        var terminal = context.terminal();
        var home = new Home(Home.of(context.environment()).folder().toAbsolutePath());
        var stack = new LocalStack(context, home, new Output.Lines((name, line) -> print(terminal, name, line)));
        // The hook serves an interrupt and a SIGTERM; a return from here closes the stack itself.
        var hook = new Thread(stack::close, "stop");
        java.lang.Runtime.getRuntime().addShutdownHook(hook);
        try (stack) {
            var endpoint = stack.startControlPlane(port, httpPort);
            print(terminal, "fairlead", "control plane at " + endpoint.grpc() + ", dashboard at " + endpoint.http());
            for (var agent : AgentPlan.forThisMachine()) {
                stack.startAgent(agent, endpoint);
                print(terminal, "fairlead", agent.name() + " is ready" + (agent.standIn() ? ", a stand-in" : ""));
            }
            print(terminal, "fairlead", "up; stop with Ctrl-C");
            print(terminal, "fairlead", stack.awaitAnyExit() + "; stopping the others");
            return ExitCode.FAILED.number();
        } catch (StatusRuntimeException e) {
            throw CallFailures.of(e, "this home");
        }
    }

    private static void print(Terminal terminal, String name, String line) {
        terminal.line(String.format(java.util.Locale.ROOT, "%-13s | %s", name, line));
    }
}
