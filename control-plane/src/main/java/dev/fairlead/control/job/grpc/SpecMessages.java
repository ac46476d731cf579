package dev.fairlead.control.job.grpc;

import com.google.protobuf.Duration;
import dev.fairlead.control.agent.wire.AgentMessages;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.DisconnectPolicy;
import dev.fairlead.control.job.JobInput;
import dev.fairlead.control.job.JobKind;
import dev.fairlead.control.job.JobOutput;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.Resources;
import dev.fairlead.control.job.RetryPolicy;
import dev.fairlead.control.job.Work;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.proto.v1.CommandWork;
import dev.fairlead.proto.v1.ModelWork;
import dev.fairlead.proto.v1.OnDisconnect;
import org.jspecify.annotations.Nullable;

/** Specifications as messages, and back; what a message leaves out gets its default here. */
final class SpecMessages {
    private SpecMessages() {}

    static JobSpec spec(dev.fairlead.proto.v1.JobSpec message) {
        return new JobSpec(
                kind(message.getKind()),
                message.getName(),
                switch (message.getWorkCase()) {
                    case COMMAND -> new Work.Command(message.getCommand().getArgvList());
                    case MODEL -> new Work.Model(message.getModel().getRef());
                    case WORK_NOT_SET -> new Work.BuiltIn();
                },
                message.getInputsList().stream()
                        .map(input -> new JobInput(input.getName(), input.getRef()))
                        .toList(),
                message.getOutputsList().stream()
                        .map(output -> new JobOutput(
                                output.getName(), absent(output.getAsModel()), absent(output.getSuiteOutput())))
                        .toList(),
                resources(message.getResources()),
                message.getEnvMap(),
                message.getPriority(),
                new RetryPolicy(
                        message.getRetry().getMaxAttempts() == 0
                                ? RetryPolicy.DEFAULT.maxAttempts()
                                : message.getRetry().getMaxAttempts(),
                        message.getRetry().hasBackoff()
                                ? duration(message.getRetry().getBackoff())
                                : RetryPolicy.DEFAULT.backoff()),
                message.hasTimeout() ? duration(message.getTimeout()) : JobSpec.DEFAULT_TIMEOUT,
                onDisconnect(message.getOnDisconnect()),
                message.getSettingsMap());
    }

    static dev.fairlead.proto.v1.JobSpec message(JobSpec spec) {
        var message = dev.fairlead.proto.v1.JobSpec.newBuilder()
                .setKind(kind(spec.kind()))
                .setName(spec.name())
                .setResources(resources(spec.resources()))
                .putAllEnv(spec.env())
                .setPriority(spec.priority())
                .setTimeout(duration(spec.timeout()))
                .putAllSettings(spec.settings());
        switch (spec.work()) {
            case Work.Command command ->
                message.setCommand(CommandWork.newBuilder().addAllArgv(command.argv()));
            case Work.Model model -> message.setModel(ModelWork.newBuilder().setRef(model.ref()));
            case Work.BuiltIn _ -> {}
        }
        for (JobInput input : spec.inputs()) {
            message.addInputsBuilder().setName(input.name()).setRef(input.ref());
        }
        for (JobOutput output : spec.outputs()) {
            message.addOutputsBuilder()
                    .setName(output.name())
                    .setAsModel(text(output.asModel()))
                    .setSuiteOutput(text(output.suiteOutput()));
        }
        message.getRetryBuilder()
                .setMaxAttempts(spec.retry().maxAttempts())
                .setBackoff(duration(spec.retry().backoff()));
        message.getOnDisconnectBuilder()
                .setAction(
                        switch (spec.onDisconnect().action()) {
                            case WAIT -> OnDisconnect.ON_DISCONNECT_WAIT;
                            case RECOVER -> OnDisconnect.ON_DISCONNECT_RECOVER;
                        })
                .setGrace(duration(spec.onDisconnect().grace()));
        return message.build();
    }

    private static Resources resources(dev.fairlead.proto.v1.Resources message) {
        if (message.getMemoryBytes() < 0) {
            throw invalid("spec.resources.memory_bytes", "is more than 8 EiB");
        }
        return new Resources(
                message.getAnyOfList().stream()
                        .map(accelerator -> AgentMessages.accelerator("spec.resources.any_of", accelerator))
                        .toList(),
                message.getMemoryBytes(),
                AgentMessages.runtime("spec.resources.runtime", message.getRuntime())
                        .orElse(null),
                format(message.getFormat()),
                message.getPool(),
                message.getAgent());
    }

    private static dev.fairlead.proto.v1.Resources resources(Resources resources) {
        var message = dev.fairlead.proto.v1.Resources.newBuilder()
                .addAllAnyOf(resources.anyOf().stream()
                        .map(AgentMessages::accelerator)
                        .toList())
                .setMemoryBytes(resources.memoryBytes())
                .setPool(resources.pool())
                .setAgent(resources.agent());
        if (resources.runtime() != null) {
            message.setRuntime(AgentMessages.runtime(resources.runtime()));
        }
        if (resources.format() != null) {
            message.setFormat(
                    switch (resources.format()) {
                        case MLX -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_MLX;
                        case ONNX -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_ONNX;
                        case COREML -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_COREML;
                    });
        }
        return message.build();
    }

    private static DisconnectPolicy onDisconnect(dev.fairlead.proto.v1.DisconnectPolicy message) {
        DisconnectPolicy.Action action = switch (message.getAction()) {
            case ON_DISCONNECT_WAIT -> DisconnectPolicy.Action.WAIT;
            case ON_DISCONNECT_RECOVER, ON_DISCONNECT_UNSPECIFIED -> DisconnectPolicy.Action.RECOVER;
            case UNRECOGNIZED -> throw invalid("spec.on_disconnect.action", "is not known");
        };
        return new DisconnectPolicy(action, message.hasGrace() ? duration(message.getGrace()) : action.grace());
    }

    private static JobKind kind(dev.fairlead.proto.v1.JobKind kind) {
        return switch (kind) {
            case JOB_KIND_TRAIN -> JobKind.TRAIN;
            case JOB_KIND_INFER -> JobKind.INFER;
            case JOB_KIND_CONVERT -> JobKind.CONVERT;
            case JOB_KIND_EVALUATE -> JobKind.EVALUATE;
            case JOB_KIND_COMPARE -> JobKind.COMPARE;
            case JOB_KIND_UNSPECIFIED -> throw invalid("spec.kind", "is required");
            case UNRECOGNIZED -> throw invalid("spec.kind", "is not known");
        };
    }

    private static dev.fairlead.proto.v1.JobKind kind(JobKind kind) {
        return switch (kind) {
            case TRAIN -> dev.fairlead.proto.v1.JobKind.JOB_KIND_TRAIN;
            case INFER -> dev.fairlead.proto.v1.JobKind.JOB_KIND_INFER;
            case CONVERT -> dev.fairlead.proto.v1.JobKind.JOB_KIND_CONVERT;
            case EVALUATE -> dev.fairlead.proto.v1.JobKind.JOB_KIND_EVALUATE;
            case COMPARE -> dev.fairlead.proto.v1.JobKind.JOB_KIND_COMPARE;
        };
    }

    private static @Nullable ModelFormat format(dev.fairlead.proto.v1.ModelFormat format) {
        return switch (format) {
            case MODEL_FORMAT_MLX -> ModelFormat.MLX;
            case MODEL_FORMAT_ONNX -> ModelFormat.ONNX;
            case MODEL_FORMAT_COREML -> ModelFormat.COREML;
            case MODEL_FORMAT_UNSPECIFIED -> null;
            case UNRECOGNIZED -> throw invalid("spec.resources.format", "is not known");
        };
    }

    static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static java.time.Duration duration(Duration message) {
        return java.time.Duration.ofSeconds(message.getSeconds(), message.getNanos());
    }

    private static @Nullable String absent(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static FairleadException invalid(String field, String why) {
        return new FairleadException(ErrorCode.JOB_SPEC_INVALID, field, field + " " + why);
    }
}
