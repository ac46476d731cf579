package dev.fairlead.agent.cuda;

import dev.fairlead.agent.wiring.AgentProgram;

/** The agent for NVIDIA nodes. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(AgentProgram.run(new CudaKind(), arguments));
    }
}
