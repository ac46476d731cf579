package dev.fairlead.cli.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.terminal.Terminal;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that talks to a control plane under one span. */
public abstract class ServerCommand implements Callable<Integer> {
    @Mixin
    private final ServerOptions server = new ServerOptions();

    private final Context context;

    protected ServerCommand(Context context) {
        this.context = context;
    }

    /** Does the work. Failed calls may leave as they are. */
    protected abstract ExitCode run(Connection connection) throws InterruptedException;

    /** Does the work where it needs no control plane; empty where it does. */
    protected Optional<ExitCode> offline() {
        return Optional.empty();
    }

    protected final Context context() {
        return context;
    }

    protected final Terminal terminal() {
        return context.terminal();
    }

    protected final boolean json() {
        return server.json();
    }

    /** Prints a message as JSON, in one line where `lines` are asked for: one object per line. */
    protected final void printJson(Message message, JsonLayout layout) {
        terminal().line(toJson(message, layout));
    }

    protected final void printJson(Message message) {
        printJson(message, JsonLayout.INDENTED);
    }

    /** One object over many lines, or one object per line for streams. */
    protected enum JsonLayout {
        INDENTED,
        LINE
    }

    private static String toJson(Message message, JsonLayout layout) {
        var printer = JsonFormat.printer().preservingProtoFieldNames().alwaysPrintFieldsWithNoPresence();
        try {
            return (layout == JsonLayout.LINE ? printer.omittingInsignificantWhitespace() : printer).print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new CommandFailure(ExitCode.INTERNAL, "the answer cannot be written as JSON: " + e.getMessage(), "");
        }
    }

    @Override
    public final Integer call() throws InterruptedException {
        var done = offline();
        if (done.isPresent()) {
            return done.get().number();
        }
        var target = server.target(context.environment());
        var span = context.tracing().start(getClass().getSimpleName());
        var code = ExitCode.INTERNAL;
        try (var connection = Connection.open(target, span.traceparent())) {
            code = run(connection);
        } catch (StatusRuntimeException e) {
            var failure = CallFailures.of(e, target.address());
            code = failure.code();
            throw failure;
        } catch (CommandFailure e) {
            code = e.code();
            throw e;
        } finally {
            span.end(code);
        }
        return code.number();
    }
}
