package dev.fairlead.agent.mac;

import dev.fairlead.agent.wiring.AgentProgram;

/** The agent for Apple machines. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(AgentProgram.run(new MacKind(), arguments));
    }
}
