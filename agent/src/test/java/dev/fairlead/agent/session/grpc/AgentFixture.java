package dev.fairlead.agent.session.grpc;

import dev.fairlead.proto.v1.Assignment;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.CommandWork;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An agent in this JVM, a control plane for it, and the words to give it work. */
abstract class AgentFixture {
    /** Bytes of a log that {@link TestAgent} keeps. */
    static final long LOG_LIMIT = 1 << 20;

    @TempDir
    Path home;

    final FakeControlPlane control;
    TestAgent agent;

    AgentFixture() throws IOException {
        control = new FakeControlPlane();
    }

    @BeforeEach
    void start() throws IOException {
        agent = new TestAgent(home, control.port());
    }

    @AfterEach
    void stop() {
        agent.executor.attempts().forEach(attempt -> agent.executor.drop(attempt.key()));
        control.await("an empty agent", () -> agent.executor.attempts().isEmpty());
        agent.close();
        control.close();
    }

    static AttemptRef ref(String attempt, long fence) {
        return AttemptRef.newBuilder()
                .setJobId("job-" + attempt)
                .setAttemptId(attempt)
                .setFence(fence)
                .build();
    }

    static JobSpec.Builder shell(String script) {
        return JobSpec.newBuilder()
                .setKind(JobKind.JOB_KIND_TRAIN)
                .setName("test")
                .setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(60))
                .setCommand(CommandWork.newBuilder().addArgv("sh").addArgv("-c").addArgv(script));
    }

    void assign(String attempt, long fence, JobSpec.Builder spec) {
        control.assign(assignment(attempt, fence, spec).build());
    }

    static Assignment.Builder assignment(String attempt, long fence, JobSpec.Builder spec) {
        return Assignment.newBuilder()
                .setAttempt(ref(attempt, fence))
                .setSpec(spec)
                .setDevice("cpu:0")
                .setNumber(1);
    }

    void touch(String name) {
        try {
            Files.writeString(home.resolve(name), "");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static boolean empty(Path folder) {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
