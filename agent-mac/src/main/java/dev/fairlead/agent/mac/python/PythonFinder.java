package dev.fairlead.agent.mac.python;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.mac.machine.Commands;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a Python that the package fairlead runs on. */
public final class PythonFinder {
    private static final List<String> NAMES =
            List.of("python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.14");
    private static final int MAJOR = 3;
    private static final int MINOR = 10;
    private static final String ASK =
            "import sys, venv; print(sys.version_info[0], sys.version_info[1], sys.executable)";

    private PythonFinder() {}

    /**
     * {@code FAIRLEAD_PYTHON} first, then what is on the path.
     *
     * @throws AgentFailure NO_RUNTIME saying how to install one
     */
    public static Path find(Map<String, String> environment, Commands commands) {
        var names = new java.util.ArrayList<>(NAMES);
        Optional.ofNullable(environment.get("FAIRLEAD_PYTHON")).ifPresent(named -> names.addFirst(named));
        for (String name : names) {
            Optional<Path> found = commands.output(List.of(name, "-c", ASK)).flatMap(PythonFinder::recentEnough);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new AgentFailure(
                FailureCode.NO_RUNTIME,
                "python: no Python ≥ 3.10 with venv was found; install one ('brew install python@3.12' on macOS,"
                        + " 'apt install python3 python3-venv' on Debian) or name it in FAIRLEAD_PYTHON");
    }

    static Optional<Path> recentEnough(String answer) {
        String[] parts = answer.strip().split(" ", 3);
        if (parts.length < 3 || !parts[0].matches("[0-9]{1,3}") || !parts[1].matches("[0-9]{1,3}")) {
            return Optional.empty();
        }
        int major = Integer.parseInt(parts[0]);
        int minor = Integer.parseInt(parts[1]);
        return major == MAJOR && minor >= MINOR ? Optional.of(Path.of(parts[2])) : Optional.empty();
    }
}
