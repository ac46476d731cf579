package dev.fairlead.agent.process;

import dev.fairlead.agent.artifact.Folders;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A program under the supervisor, seen through the files in its folder; so an agent that has just started sees one
 * that an earlier agent started in the same way as its own.
 */
public final class SupervisedProcess {
    // A process id may be used again: the start time, kept beside it, tells. Linux computes it from the boot time
    // in clock ticks, which may move by a tick or two between readings.
    private static final Duration SAME_START = Duration.ofSeconds(2);

    private final Path folder;
    private @Nullable ProcessHandle leader;

    public SupervisedProcess(Path folder) {
        this.folder = folder;
    }

    /** How the program stands. */
    public sealed interface State {
        /** The supervisor has not said its process id yet. */
        record Starting() implements State {}

        record Running(long group) implements State {}

        /**
         * The program has ended.
         *
         * @param status 0 to 255; 128 plus the signal where one ended the program
         */
        record Exited(int status) implements State {}

        /** The supervisor is gone and left no status: the whole group was killed, or the machine restarted. */
        record Lost() implements State {}
    }

    public State state() throws IOException {
        OptionalInt exit = exitStatus();
        if (exit.isPresent()) {
            return new State.Exited(exit.getAsInt());
        }
        OptionalLong pid = pid();
        if (pid.isEmpty()) {
            return new State.Starting();
        }
        if (leader(pid.getAsLong()).isPresent()) {
            return new State.Running(pid.getAsLong());
        }
        // It may have written its status between the two looks.
        exit = exitStatus();
        return exit.isPresent() ? new State.Exited(exit.getAsInt()) : new State.Lost();
    }

    /**
     * Whether the caller may start the program (again): true where no supervisor has passed this point, and none
     * that is still on its way will.
     */
    public boolean claim() throws IOException {
        try {
            Files.createDirectory(folder.resolve("started"));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Runs {@code wake} once the supervisor has ended; only after {@link #state} has said Running. */
    public void onExit(Runnable wake) {
        @Nullable ProcessHandle known = leader;
        if (known != null) {
            var _ = known.onExit().thenRun(wake);
        }
    }

    private Optional<ProcessHandle> leader(long pid) throws IOException {
        @Nullable ProcessHandle known = leader;
        if (known != null) {
            return Optional.of(known).filter(ProcessHandle::isAlive);
        }
        var found = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (found.isEmpty()) {
            return found;
        }
        var start = found.get().info().startInstant();
        Path kept = folder.resolve("pid.start");
        if (Files.exists(kept)) {
            var then =
                    Instant.ofEpochMilli(Long.parseLong(Files.readString(kept).strip()));
            if (start.isPresent() && Duration.between(then, start.get()).abs().compareTo(SAME_START) > 0) {
                return Optional.empty();
            }
        } else if (start.isPresent()) {
            Folders.writeWhole(kept, Long.toString(start.get().toEpochMilli()));
        }
        leader = found.get();
        return found;
    }

    private OptionalLong pid() throws IOException {
        Path file = folder.resolve("pid");
        return Files.exists(file)
                ? OptionalLong.of(Long.parseLong(Files.readString(file).strip()))
                : OptionalLong.empty();
    }

    private OptionalInt exitStatus() throws IOException {
        Path file = folder.resolve("exit");
        return Files.exists(file)
                ? OptionalInt.of(Integer.parseInt(Files.readString(file).strip()))
                : OptionalInt.empty();
    }

    /** The group's leader has the group's number as its own. Empty before the supervisor has said it. */
    public OptionalLong group() throws IOException {
        return pid();
    }
}
