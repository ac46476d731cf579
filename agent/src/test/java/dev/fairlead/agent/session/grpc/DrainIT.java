package dev.fairlead.agent.session.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.agent.process.SystemProcessGroups;
import dev.fairlead.proto.v1.AttemptState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole agent as a process of its own that gets a SIGTERM. */
@Timeout(120)
class DrainIT {
    private static final int ENDED_BY_TERM = 143;

    @TempDir
    Path home = Path.of("made by JUnit");

    private final FakeControlPlane control = new FakeControlPlane();
    private final List<Process> agents = new ArrayList<>();

    DrainIT() throws IOException {}

    @AfterEach
    void stop() {
        agents.forEach(Process::destroyForcibly);
        control.close();
    }

    private Process start(String drainSeconds) throws IOException {
        var agent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentMain.class.getName(),
                        "--server=127.0.0.1:" + control.port(),
                        "--name=test",
                        "--home=" + home.resolve("agent"),
                        "--drain-seconds=" + drainSeconds)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile())
                .start();
        agents.add(agent);
        return agent;
    }

    private static void awaitEnd(Process agent) throws InterruptedException {
        assertThat(agent.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).isEqualTo(ENDED_BY_TERM);
    }

    @Test
    void finishesWhatRunsTakesNothingNewAndEnds() throws Exception {
        Process agent = start("60");
        control.assign(AgentFixture.assignment(
                        "a1",
                        1,
                        AgentFixture.shell("echo up; while [ ! -e " + home + "/go ]; do sleep 0.02; done; echo done"))
                .build());
        control.awaitLog("a1", "up");

        agent.destroy();
        control.await("a draining heartbeat", () -> control.lastHeartbeat().getDraining());
        control.assign(AgentFixture.assignment("a2", 2, AgentFixture.shell("sleep 600"))
                .build());
        var refused = control.awaitUpdate("a2", AttemptState.ATTEMPT_STATE_FAILED);
        assertThat(refused.getReason().getCode()).isEqualTo("HandedBack");
        assertThat(agent.isAlive()).isTrue();
        Files.writeString(home.resolve("go"), "");

        control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_SUCCEEDED);
        awaitEnd(agent);
        assertThat(control.log("a1")).isEqualTo("up\ndone\n");
        assertThat(home.resolve("agent/attempts")).isEmptyDirectory();
    }

    @Test
    void handsBackWhatDoesNotFinish() throws Exception {
        Process agent = start("1");
        control.assign(AgentFixture.assignment("a1", 1, AgentFixture.shell("echo up; sleep 600"))
                .build());
        control.awaitLog("a1", "up");
        long group = Long.parseLong(
                Files.readString(home.resolve("agent/attempts/a1.1/pid")).strip());

        agent.destroy();

        var end = control.awaitUpdate("a1", AttemptState.ATTEMPT_STATE_FAILED);
        assertThat(end.getReason().getCode()).isEqualTo("HandedBack");
        awaitEnd(agent);
        assertThat(new SystemProcessGroups().members(group)).isEmpty();
        assertThat(home.resolve("agent/attempts")).isEmptyDirectory();
    }
}
