package dev.fairlead.agent.wiring;

import dev.fairlead.agent.machine.MachineProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What makes an agent one for Apple machines or one for NVIDIA nodes. */
public interface AgentKind {
    String defaultPool();

    /** Prepares what the agent needs; may take minutes at the first start. */
    Parts prepare(AgentOptions options, Path home) throws IOException;

    /**
     * What was prepared.
     *
     * @param python what {@code python} means in a job's command
     * @param environment set for each process
     * @param runtimeOptions for the runtimes in the worker
     */
    record Parts(
            MachineProbe probe,
            Optional<Path> python,
            Map<String, String> environment,
            Map<String, String> runtimeOptions) {
        public Parts {
            environment = Map.copyOf(environment);
            runtimeOptions = Map.copyOf(runtimeOptions);
        }
    }
}
