package dev.fairlead.e2e;

import com.google.protobuf.Duration;
import dev.fairlead.proto.v1.CommandWork;
import dev.fairlead.proto.v1.DisconnectPolicy;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobOutput;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.OnDisconnect;
import dev.fairlead.proto.v1.Resources;
import dev.fairlead.proto.v1.RetryPolicy;
import java.nio.file.Path;

/** Jobs that tests steer through files: they say that they run, and go on when told to. */
final class Specs {
    private Specs() {}

    /**
     * Appends a line to {@code folder/started}, waits for {@code folder/go}, then writes output {@code result}. The file named
     * by the number of starts shows how often the work really ran.
     */
    static JobSpec.Builder gated(Path folder, String pool) {
        var script = "echo run >> '" + folder + "/started'; while [ ! -e '" + folder + "/go' ]; do sleep 0.1; done; "
                + "echo done > \"$FAIRLEAD_OUTPUT_RESULT/value.txt\"";
        return shell(script, pool).addOutputs(JobOutput.newBuilder().setName("result"));
    }

    static JobSpec.Builder shell(String script, String pool) {
        return JobSpec.newBuilder()
                .setKind(JobKind.JOB_KIND_TRAIN)
                .setName("shell")
                .setCommand(CommandWork.newBuilder().addArgv("sh").addArgv("-c").addArgv(script))
                .setResources(Resources.newBuilder().setPool(pool))
                .setRetry(RetryPolicy.newBuilder().setMaxAttempts(3))
                .setOnDisconnect(recoverAfter(4));
    }

    static DisconnectPolicy recoverAfter(int seconds) {
        return DisconnectPolicy.newBuilder()
                .setAction(OnDisconnect.ON_DISCONNECT_RECOVER)
                .setGrace(Duration.newBuilder().setSeconds(seconds))
                .build();
    }
}
