package dev.fairlead.cli.demo;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.local.LocalStack;
import dev.fairlead.cli.local.Output;
import dev.fairlead.cli.server.CallFailures;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.Home;
import dev.fairlead.cli.terminal.Units;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** `fairlead demo`. */
@Command(
        name = "demo",
        description = "The whole story on one machine: train, convert, prove, promote, infer.",
        footer = {
            "",
            "It uses a home of its own and free ports, and stops what it started.",
            "",
            "Examples:",
            "  fairlead demo",
            "  fairlead demo --example encoder --keep"
        })
public final class DemoCommand implements Callable<Integer> {
    /** The examples that can be told. */
    private enum Example {
        DIGITS,
        ENCODER
    }

    @Option(names = "--example", paramLabel = "NAME", description = "digits (the default) or encoder.")
    private Example example = Example.DIGITS;

    @Option(names = "--keep", description = "Leaves everything running, and says how to stop it.")
    private boolean keep;

    private final Context context;

    public DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        var home = new Home(temporary());
        var stack = new LocalStack(context, home, new Output.Files(home.folder().resolve("logs")));
        var left = new AtomicBoolean();
        var hook = new Thread(
                () -> {
                    if (!left.get()) {
                        stack.close();
                    }
                },
                "stop");
        java.lang.Runtime.getRuntime().addShutdownHook(hook);
        var start = context.clock().instant();
        var told = false;
        try {
            new Story(context, stack, example.name().toLowerCase(java.util.Locale.ROOT)).tell();
            told = true;
        } catch (StatusRuntimeException e) {
            throw CallFailures.of(e, "the demo's own address");
        } finally {
            left.set(told && keep);
            if (!left.get()) {
                stack.close();
            }
            if (!told) {
                context.terminal()
                        .note("The logs of all processes are in "
                                + home.folder().resolve("logs") + ".");
            }
        }
        context.terminal()
                .line("Told in "
                        + Units.duration(Duration.between(start, context.clock().instant())) + ".");
        if (keep) {
            sayHowToStop(home, stack);
        } else {
            remove(home.folder());
        }
        return ExitCode.OK.number();
    }

    private void sayHowToStop(Home home, LocalStack stack) {
        var pids = stack.pids().stream().map(String::valueOf).collect(Collectors.joining(" "));
        context.terminal().line("Everything is left running. Look around with");
        context.terminal().line("  export FAIRLEAD_HOME=" + home.folder());
        context.terminal().line("  fairlead job ps --all");
        context.terminal().line("and stop it with");
        context.terminal().line("  kill " + pids + "; sleep 5; rm -r " + home.folder());
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("fairlead-demo-").toRealPath();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.FAILED, "no temporary folder can be made: " + e.getMessage(), "");
        }
    }

    private void remove(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                makeWritable(file);
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            context.terminal().note(folder + " is left behind: " + e.getMessage());
        }
    }

    /** Staged inputs are read-only, their folders included. */
    private static void makeWritable(Path file) {
        var parent = file.toFile().getParentFile();
        if (parent != null && !parent.canWrite() && !parent.setWritable(true)) {
            throw new CommandFailure(ExitCode.FAILED, parent + ": cannot be made writable", "");
        }
    }
}
