package dev.fairlead.e2e;

import dev.fairlead.proto.v1.CommandWork;
import dev.fairlead.proto.v1.Environment;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobOutput;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.ListEnvironmentsRequest;
import dev.fairlead.proto.v1.PutEnvironmentRequest;
import dev.fairlead.proto.v1.Resources;
import dev.fairlead.proto.v1.Runtime;
import dev.fairlead.proto.v1.StartPromotionRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The tiny network of {@code tiny/train.py}, trained by a job, and what a promotion of it needs. */
final class Prototype {
    static final String MODEL = "tiny";

    private Prototype() {}

    /** Makes version 1 of {@link #MODEL}; a Mac agent must be there. */
    static void train(Cluster cluster) {
        var source = cluster.client().push(Map.of("train.py", resource("/tiny/train.py")));
        var spec = JobSpec.newBuilder()
                .setKind(JobKind.JOB_KIND_TRAIN)
                .setName(MODEL)
                .setCommand(CommandWork.newBuilder().addArgv("python").addArgv("train.py"))
                .addInputs(JobInput.newBuilder().setName("source").setRef(source))
                .addOutputs(JobOutput.newBuilder()
                        .setName("model")
                        .setAsModel(MODEL)
                        .setSuiteOutput("suite"))
                .addOutputs(JobOutput.newBuilder().setName("suite"))
                .setResources(Resources.newBuilder().setRuntime(Runtime.RUNTIME_MLX))
                .build();
        var id = cluster.client().submit(spec, "train-tiny").getId();
        cluster.client().awaitJob(id, Duration.ofSeconds(90), Set.of(JobState.JOB_STATE_SUCCEEDED));
    }

    /** This machine has only stand-ins; production must say that it takes them. Approval stays required. */
    static void acceptStandIns(Cluster cluster) {
        var production = cluster
                .client()
                .promotions()
                .listEnvironments(ListEnvironmentsRequest.getDefaultInstance())
                .getEnvironmentsList()
                .stream()
                .filter(environment -> environment.getName().equals("prod"))
                .findFirst()
                .orElseThrow();
        var changed = Environment.newBuilder(production);
        changed.getPolicyBuilder().setAcceptStandIns(true);
        cluster.client()
                .promotions()
                .putEnvironment(PutEnvironmentRequest.newBuilder()
                        .setEnvironment(changed)
                        .build());
    }

    /** Starts a promotion of version 1 to {@code prod} and returns its id. */
    static String promote(Cluster cluster, String key) {
        return cluster.client()
                .promotions()
                .start(StartPromotionRequest.newBuilder()
                        .setRef(MODEL + "@1")
                        .setEnvironment("prod")
                        .setIdempotencyKey(key)
                        .build())
                .getId();
    }

    private static byte[] resource(String name) {
        try (var stream = Objects.requireNonNull(Prototype.class.getResourceAsStream(name), name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
