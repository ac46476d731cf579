package dev.fairlead.cli.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A local agent to start.
 *
 * @param standIn the machine lacks what the agent is for, so it runs on the CPU and says so
 */
public record AgentPlan(Kind kind, String name, boolean standIn) {

    /** The two agents that there are. */
    public enum Kind {
        MAC,
        CUDA;

        public String pool() {
            return name().toLowerCase(Locale.ROOT);
        }

        String module() {
            return "agent-" + pool();
        }

        String main() {
            return "dev.fairlead.agent." + pool() + ".Main";
        }
    }

    /** Both agents for this machine, each a stand-in where its hardware is absent. */
    public static List<AgentPlan> forThisMachine() {
        var apple = System.getProperty("os.name").startsWith("Mac") && "aarch64".equals(System.getProperty("os.arch"));
        var nvidia = Files.exists(Path.of("/proc/driver/nvidia/version")) || Files.exists(Path.of("/dev/nvidiactl"));
        return List.of(new AgentPlan(Kind.MAC, "local-mac", !apple), new AgentPlan(Kind.CUDA, "local-cuda", !nvidia));
    }
}
