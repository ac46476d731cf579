package dev.fairlead.cli.local;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The programs that a build left in a checkout, as command lines. */
record Installation(Path root, Path java) {
    private static final String VERSION = "0.1.0-SNAPSHOT";
    private static final List<String> SMALL = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    static Installation of(Path root) {
        return new Installation(root, Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    List<String> controlPlane(Path home, int grpcPort, int httpPort) {
        var jar = built(root.resolve("control-plane/target/quarkus-app/quarkus-run.jar"));
        var command = program("-Xmx256m");
        command.addAll(List.of(
                "-Dfairlead.home=" + home,
                "-Dquarkus.grpc.server.port=" + grpcPort,
                "-Dquarkus.http.port=" + httpPort,
                "-jar",
                jar.toString()));
        return List.copyOf(command);
    }

    /** The agent of `kind`; its join token goes through the environment, where other users cannot read it. */
    List<String> agent(AgentPlan agent, Path home, String server) {
        var target = root.resolve(agent.kind().module()).resolve("target");
        var jar = built(target.resolve("fairlead-" + agent.kind().module() + "-" + VERSION + ".jar"));
        var command = program("-Xmx512m");
        command.addAll(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-Dfairlead.root=" + root,
                "-cp",
                jar + ":" + target.resolve("lib/*"),
                agent.kind().main(),
                "--server",
                server,
                "--name",
                agent.name(),
                "--pool",
                agent.kind().pool(),
                "--home",
                home.toString(),
                "--drain-seconds",
                "5"));
        if (agent.standIn()) {
            command.add("--stand-in");
        }
        return List.copyOf(command);
    }

    private ArrayList<String> program(String heap) {
        var command = new ArrayList<String>();
        command.add(java.toString());
        command.add(heap);
        command.addAll(SMALL);
        return command;
    }

    private static Path built(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new CommandFailure(
                    ExitCode.FAILED,
                    jar + ": is not there",
                    "Build it: run ./fairlead, or mvn package in the checkout.");
        }
        return jar;
    }
}
