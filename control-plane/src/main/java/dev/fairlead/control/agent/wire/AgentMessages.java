package dev.fairlead.control.agent.wire;

import com.google.protobuf.Timestamp;
import dev.fairlead.control.agent.Accelerator;
import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.AgentState;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.agent.Machine;
import dev.fairlead.control.agent.ModelLayout;
import dev.fairlead.control.agent.RuntimeKind;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.proto.v1.Device;
import dev.fairlead.proto.v1.ModelFormat;
import dev.fairlead.proto.v1.Runtime;
import dev.fairlead.proto.v1.RuntimeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Agents and machines as messages, and back. */
public final class AgentMessages {
    private static final int MOST_PARTS = 256;

    private AgentMessages() {}

    /** An agent with the ids of the jobs that it holds. */
    public static dev.fairlead.proto.v1.Agent agent(Agent agent, List<String> jobs) {
        var message = dev.fairlead.proto.v1.Agent.newBuilder()
                .setName(agent.name().value())
                .setPool(agent.pool())
                .setState(state(agent.state()))
                .setMachine(machine(agent))
                .setEnrolledAt(timestamp(agent.enrolledAt()))
                .addAllRunningJobs(jobs);
        Optional.ofNullable(agent.reason())
                .or(() -> Fleet.reason(agent))
                .ifPresent(reason -> message.setReason(reason(reason)));
        if (agent.lastSeenAt() != null) {
            message.setLastSeenAt(timestamp(agent.lastSeenAt()));
        }
        return message.build();
    }

    public static dev.fairlead.proto.v1.AgentState state(AgentState state) {
        return switch (state) {
            case PENDING -> dev.fairlead.proto.v1.AgentState.AGENT_STATE_PENDING;
            case READY -> dev.fairlead.proto.v1.AgentState.AGENT_STATE_READY;
            case DRAINING -> dev.fairlead.proto.v1.AgentState.AGENT_STATE_DRAINING;
            case UNREACHABLE -> dev.fairlead.proto.v1.AgentState.AGENT_STATE_UNREACHABLE;
            case OFFLINE -> dev.fairlead.proto.v1.AgentState.AGENT_STATE_OFFLINE;
        };
    }

    /** What an agent tells of its machine; {@code slots} comes beside it. */
    public static Machine machine(dev.fairlead.proto.v1.Machine message, int slots) {
        if (message.getDevicesCount() > MOST_PARTS || message.getRuntimesCount() > MOST_PARTS) {
            throw FairleadException.invalid("hello.machine", "has more than " + MOST_PARTS + " devices or runtimes");
        }
        if (slots < 0 || slots > 100_000) {
            throw FairleadException.invalid("hello.slots", "must be between 0 and 100000, got " + slots);
        }
        return new Machine(
                message.getOs(),
                message.getOsVersion(),
                message.getArch(),
                message.getHostname(),
                message.getCpu(),
                message.getCpuCores(),
                size("hello.machine.memory_bytes", message.getMemoryBytes()),
                message.getDevicesList().stream().map(AgentMessages::device).toList(),
                message.getRuntimesList().stream().map(AgentMessages::runtime).toList(),
                message.getAgentVersion(),
                message.getPowerSource(),
                message.getStandIn(),
                message.getNote(),
                slots);
    }

    private static dev.fairlead.proto.v1.Machine machine(Agent agent) {
        Machine machine = agent.machine();
        var message = dev.fairlead.proto.v1.Machine.newBuilder()
                .setOs(machine.os())
                .setOsVersion(machine.osVersion())
                .setArch(machine.arch())
                .setHostname(machine.hostname())
                .setCpu(machine.cpu())
                .setCpuCores(machine.cpuCores())
                .setMemoryBytes(machine.memoryBytes())
                .setAgentVersion(machine.agentVersion())
                .setPowerSource(machine.powerSource())
                .setStandIn(machine.standIn())
                .setNote(machine.note());
        for (var device : machine.devices()) {
            message.addDevices(Device.newBuilder()
                    .setId(device.id())
                    .setAccelerator(accelerator(device.accelerator()))
                    .setProduct(device.product())
                    .setBudgetBytes(device.budgetBytes())
                    .setFreeBytes(agent.freeBytes().getOrDefault(device.id(), device.freeBytes()))
                    .setDriver(device.driver()));
        }
        for (var runtime : machine.runtimes()) {
            message.addRuntimes(RuntimeInfo.newBuilder()
                    .setRuntime(runtime(runtime.runtime()))
                    .setVersion(runtime.version())
                    .addAllFormats(runtime.formats().stream()
                            .map(AgentMessages::format)
                            .toList())
                    .addAllAccelerators(runtime.accelerators().stream()
                            .map(AgentMessages::accelerator)
                            .toList())
                    .setProvider(runtime.provider())
                    .putAllPrecisionSettings(runtime.precisionSettings())
                    .setStandIn(runtime.standIn()));
        }
        return message.build();
    }

    private static dev.fairlead.control.agent.Device device(Device message) {
        if (message.getId().isBlank()) {
            throw FairleadException.missing("hello.machine.devices.id");
        }
        return new dev.fairlead.control.agent.Device(
                message.getId(),
                accelerator("hello.machine.devices.accelerator", message.getAccelerator()),
                message.getProduct(),
                size("hello.machine.devices.budget_bytes", message.getBudgetBytes()),
                size("hello.machine.devices.free_bytes", message.getFreeBytes()),
                message.getDriver());
    }

    private static dev.fairlead.control.agent.RuntimeInfo runtime(RuntimeInfo message) {
        return new dev.fairlead.control.agent.RuntimeInfo(
                runtime("hello.machine.runtimes.runtime", message.getRuntime())
                        .orElseThrow(() -> FairleadException.missing("hello.machine.runtimes.runtime")),
                message.getVersion(),
                message.getFormatsList().stream().map(AgentMessages::layout).toList(),
                message.getAcceleratorsList().stream()
                        .map(accelerator -> accelerator("hello.machine.runtimes.accelerators", accelerator))
                        .toList(),
                message.getProvider(),
                message.getPrecisionSettingsMap(),
                message.getStandIn());
    }

    private static ModelLayout layout(ModelFormat format) {
        return switch (format) {
            case MODEL_FORMAT_MLX -> ModelLayout.MLX;
            case MODEL_FORMAT_ONNX -> ModelLayout.ONNX;
            case MODEL_FORMAT_COREML -> ModelLayout.COREML;
            case MODEL_FORMAT_UNSPECIFIED, UNRECOGNIZED ->
                throw FairleadException.invalid("hello.machine.runtimes.formats", "has a format that is not known");
        };
    }

    private static ModelFormat format(ModelLayout layout) {
        return switch (layout) {
            case MLX -> ModelFormat.MODEL_FORMAT_MLX;
            case ONNX -> ModelFormat.MODEL_FORMAT_ONNX;
            case COREML -> ModelFormat.MODEL_FORMAT_COREML;
        };
    }

    /** The accelerator of a message; a failure names {@code field}. */
    public static Accelerator accelerator(String field, dev.fairlead.proto.v1.Accelerator message) {
        return switch (message) {
            case ACCELERATOR_METAL -> Accelerator.METAL;
            case ACCELERATOR_CUDA -> Accelerator.CUDA;
            case ACCELERATOR_CPU -> Accelerator.CPU;
            case ACCELERATOR_UNSPECIFIED, UNRECOGNIZED ->
                throw FairleadException.invalid(field, "is not an accelerator that is known");
        };
    }

    public static dev.fairlead.proto.v1.Accelerator accelerator(Accelerator accelerator) {
        return switch (accelerator) {
            case METAL -> dev.fairlead.proto.v1.Accelerator.ACCELERATOR_METAL;
            case CUDA -> dev.fairlead.proto.v1.Accelerator.ACCELERATOR_CUDA;
            case CPU -> dev.fairlead.proto.v1.Accelerator.ACCELERATOR_CPU;
        };
    }

    /** The runtime of a message, empty where none is named; a failure names {@code field}. */
    public static Optional<RuntimeKind> runtime(String field, Runtime message) {
        return switch (message) {
            case RUNTIME_MLX -> Optional.of(RuntimeKind.MLX);
            case RUNTIME_ONNXRUNTIME -> Optional.of(RuntimeKind.ONNXRUNTIME);
            case RUNTIME_COREML -> Optional.of(RuntimeKind.COREML);
            case RUNTIME_UNSPECIFIED -> Optional.empty();
            case UNRECOGNIZED -> throw FairleadException.invalid(field, "is not a runtime that is known");
        };
    }

    public static Runtime runtime(RuntimeKind runtime) {
        return switch (runtime) {
            case MLX -> Runtime.RUNTIME_MLX;
            case ONNXRUNTIME -> Runtime.RUNTIME_ONNXRUNTIME;
            case COREML -> Runtime.RUNTIME_COREML;
        };
    }

    public static dev.fairlead.proto.v1.Reason reason(Reason reason) {
        return dev.fairlead.proto.v1.Reason.newBuilder()
                .setCode(reason.code())
                .setSentence(reason.sentence())
                .build();
    }

    public static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    // Protobuf's uint64 arrives as a Java long: one that looks negative is larger than anything real.
    private static long size(String field, long bytes) {
        if (bytes < 0) {
            throw FairleadException.invalid(field, "is more than 8 EiB");
        }
        return bytes;
    }
}
