package dev.fairlead.agent.session.grpc;

import dev.fairlead.agent.wiring.AgentKind;
import dev.fairlead.agent.wiring.AgentOptions;
import dev.fairlead.agent.wiring.AgentProgram;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The agent's program on a machine that has nothing. */
final class AgentMain {
    private AgentMain() {}

    public static void main(String[] arguments) {
        System.exit(AgentProgram.run(new Plain(), arguments));
    }

    private static final class Plain implements AgentKind {
        @Override
        public String defaultPool() {
            return "test";
        }

        @Override
        public Parts prepare(AgentOptions options, Path home) {
            return new Parts(new TestAgent.StillMachine(), Optional.empty(), Map.of(), Map.of());
        }
    }
}
