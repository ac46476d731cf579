package dev.fairlead.bench.control;

import com.google.protobuf.Duration;
import dev.fairlead.proto.v1.CommandWork;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.SubmitJobRequest;

/** The smallest job there is. */
final class NoOp {
    static final JobSpec SPEC = JobSpec.newBuilder()
            .setKind(JobKind.JOB_KIND_TRAIN)
            .setName("no-op")
            .setCommand(CommandWork.newBuilder().addArgv("true"))
            .setTimeout(Duration.newBuilder().setSeconds(60))
            .build();

    private NoOp() {}

    static SubmitJobRequest request() {
        return SubmitJobRequest.newBuilder().setSpec(SPEC).build();
    }
}
