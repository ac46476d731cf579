package dev.fairlead.agent.session.grpc;

import com.google.protobuf.Duration;
import dev.fairlead.agent.artifact.Digest;
import dev.fairlead.agent.attempt.Assignment;
import dev.fairlead.agent.attempt.AttemptKey;
import dev.fairlead.agent.attempt.AttemptUpdate;
import dev.fairlead.agent.attempt.JobKind;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.failure.Reason;
import dev.fairlead.agent.machine.Accelerator;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.machine.Device;
import dev.fairlead.agent.machine.Machine;
import dev.fairlead.agent.machine.ModelFormat;
import dev.fairlead.agent.machine.RuntimeInfo;
import dev.fairlead.agent.machine.RuntimeKind;
import dev.fairlead.proto.v1.AttemptRef;
import dev.fairlead.proto.v1.AttemptState;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobOutput;
import dev.fairlead.proto.v1.JobSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Between the stream's messages and the agent's own records. */
final class Wire {
    private static final java.time.Duration DEFAULT_TIMEOUT = java.time.Duration.ofHours(1);

    private Wire() {}

    static AttemptRef ref(AttemptKey key) {
        return AttemptRef.newBuilder()
                .setJobId(key.jobId())
                .setAttemptId(key.attemptId())
                .setFence(key.fence())
                .build();
    }

    static AttemptKey key(AttemptRef ref) {
        return new AttemptKey(ref.getJobId(), ref.getAttemptId(), ref.getFence());
    }

    static java.time.Duration duration(Duration duration) {
        return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    static Assignment assignment(dev.fairlead.proto.v1.Assignment message) {
        JobSpec spec = message.getSpec();
        Map<String, Digest> inputs = new LinkedHashMap<>();
        for (JobInput input : spec.getInputsList()) {
            inputs.put(input.getName(), Digest.parse(input.getRef()));
        }
        if (spec.hasModel()) {
            inputs.put("model", Digest.parse(spec.getModel().getRef()));
        }
        return new Assignment(
                key(message.getAttempt()),
                message.getNumber(),
                new Assignment.Work(
                        kind(spec), spec.getCommand().getArgvList(), spec.getSettingsMap(), spec.getEnvMap()),
                inputs,
                spec.getOutputsList().stream().map(JobOutput::getName).toList(),
                new Bytes(spec.getResources().getMemoryBytes()),
                spec.hasTimeout() ? duration(spec.getTimeout()) : DEFAULT_TIMEOUT,
                message.getDevice(),
                message.getTraceparent());
    }

    private static JobKind kind(JobSpec spec) {
        return switch (spec.getKind()) {
            case JOB_KIND_TRAIN -> JobKind.TRAIN;
            case JOB_KIND_INFER -> JobKind.INFER;
            case JOB_KIND_CONVERT -> JobKind.CONVERT;
            case JOB_KIND_EVALUATE -> JobKind.EVALUATE;
            case JOB_KIND_COMPARE -> JobKind.COMPARE;
            case JOB_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new AgentFailure(
                        FailureCode.BAD_TASK, "spec.kind: this agent does not know " + spec.getKindValue());
        };
    }

    static dev.fairlead.proto.v1.AttemptUpdate update(AttemptKey key, AttemptUpdate update) {
        var message = dev.fairlead.proto.v1.AttemptUpdate.newBuilder()
                .setAttempt(ref(key))
                .setState(state(update.state()))
                .setReason(reason(update.reason()))
                .setProgress(update.progress())
                .setExitCode(update.exitCode())
                .setResultJson(update.resultJson())
                .setSequence(update.sequence());
        update.outputs().forEach((name, digest) -> message.putOutputs(name, digest.toString()));
        return message.build();
    }

    private static AttemptState state(AttemptUpdate.State state) {
        return switch (state) {
            case STAGING -> AttemptState.ATTEMPT_STATE_STAGING;
            case RUNNING -> AttemptState.ATTEMPT_STATE_RUNNING;
            case SUCCEEDED -> AttemptState.ATTEMPT_STATE_SUCCEEDED;
            case FAILED -> AttemptState.ATTEMPT_STATE_FAILED;
            case CANCELLED -> AttemptState.ATTEMPT_STATE_CANCELLED;
        };
    }

    private static dev.fairlead.proto.v1.Reason reason(Reason reason) {
        return dev.fairlead.proto.v1.Reason.newBuilder()
                .setCode(reason.code())
                .setSentence(reason.sentence())
                .build();
    }

    static dev.fairlead.proto.v1.Machine machine(Machine machine, String agentVersion) {
        var host = machine.host();
        return dev.fairlead.proto.v1.Machine.newBuilder()
                .setOs(host.os())
                .setOsVersion(host.osVersion())
                .setArch(host.arch())
                .setHostname(host.hostname())
                .setCpu(host.cpu())
                .setCpuCores(host.cores())
                .setMemoryBytes(host.memory().value())
                .addAllDevices(machine.devices().stream().map(Wire::device).toList())
                .addAllRuntimes(machine.runtimes().stream().map(Wire::runtime).toList())
                .setAgentVersion(agentVersion)
                .setPowerSource(machine.powerSource())
                .setStandIn(machine.standIn())
                .setNote(machine.note())
                .build();
    }

    private static dev.fairlead.proto.v1.Device device(Device device) {
        return dev.fairlead.proto.v1.Device.newBuilder()
                .setId(device.id())
                .setAccelerator(accelerator(device.accelerator()))
                .setProduct(device.product())
                .setBudgetBytes(device.budget().value())
                .setFreeBytes(device.free().value())
                .setDriver(device.driver())
                .build();
    }

    private static dev.fairlead.proto.v1.RuntimeInfo runtime(RuntimeInfo runtime) {
        List<dev.fairlead.proto.v1.ModelFormat> formats =
                runtime.formats().stream().map(Wire::format).toList();
        return dev.fairlead.proto.v1.RuntimeInfo.newBuilder()
                .setRuntime(kind(runtime.kind()))
                .setVersion(runtime.version())
                .addAllFormats(formats)
                .addAllAccelerators(
                        runtime.accelerators().stream().map(Wire::accelerator).toList())
                .setProvider(runtime.provider())
                .putAllPrecisionSettings(runtime.precisionSettings())
                .setStandIn(runtime.standIn())
                .build();
    }

    private static dev.fairlead.proto.v1.Accelerator accelerator(Accelerator accelerator) {
        return switch (accelerator) {
            case METAL -> dev.fairlead.proto.v1.Accelerator.ACCELERATOR_METAL;
            case CUDA -> dev.fairlead.proto.v1.Accelerator.ACCELERATOR_CUDA;
            case CPU -> dev.fairlead.proto.v1.Accelerator.ACCELERATOR_CPU;
        };
    }

    private static dev.fairlead.proto.v1.Runtime kind(RuntimeKind kind) {
        return switch (kind) {
            case MLX -> dev.fairlead.proto.v1.Runtime.RUNTIME_MLX;
            case ONNXRUNTIME -> dev.fairlead.proto.v1.Runtime.RUNTIME_ONNXRUNTIME;
            case COREML -> dev.fairlead.proto.v1.Runtime.RUNTIME_COREML;
            case REFERENCE -> throw new IllegalArgumentException("kind: REFERENCE is not offered");
        };
    }

    private static dev.fairlead.proto.v1.ModelFormat format(ModelFormat format) {
        return switch (format) {
            case MLX -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_MLX;
            case ONNX -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_ONNX;
            case COREML -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_COREML;
        };
    }
}
