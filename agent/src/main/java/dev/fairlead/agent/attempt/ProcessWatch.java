package dev.fairlead.agent.attempt;

import dev.fairlead.agent.attempt.AttemptLedger.Unwanted;
import dev.fairlead.agent.attempt.AttemptLedger.Wish;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.failure.Reason;
import dev.fairlead.agent.machine.Bytes;
import dev.fairlead.agent.process.ProcessGroups;
import dev.fairlead.agent.process.SupervisedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

/** Starts or adopts an attempt's process, holds it to its limits and waits for its end. */
final class ProcessWatch {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(20);
    private static final Duration STARTING_TICK = Duration.ofMillis(5);

    private final Path folder;
    private final TaskFiles files;
    private final AttemptLog log;
    private final AttemptLedger ledger;
    private final ProcessGroups groups;
    private final AttemptSettings settings;
    private final InstantSource clock;
    private final SupervisedProcess process;
    private boolean exitAnnounced;
    private long logSeen;
    private Optional<AttemptUpdate> progressSeen = Optional.empty();

    ProcessWatch(
            Path folder, AttemptLedger ledger, ProcessGroups groups, AttemptSettings settings, InstantSource clock) {
        this.folder = folder;
        this.files = new TaskFiles(folder);
        this.log = new AttemptLog(files.log(), settings.log());
        this.ledger = ledger;
        this.groups = groups;
        this.settings = settings;
        this.clock = clock;
        this.process = new SupervisedProcess(folder);
    }

    /**
     * Starts the program unless an earlier agent did, and waits.
     *
     * @return the exit status
     */
    int run(Runnable start) throws IOException {
        if (!Files.exists(folder.resolve("pid")) && process.claim()) {
            // Ours to start. The supervisor makes the same claim; should one of an earlier agent still be on its
            // way, only one of the two gets it.
            Files.delete(folder.resolve("started"));
            start.run();
        }
        Instant startedBy = clock.instant().plus(START_LIMIT);
        while (true) {
            switch (process.state()) {
                case SupervisedProcess.State.Exited(int status) -> {
                    killRest();
                    look();
                    if (ledger.wish() == Wish.STOP) {
                        throw new Unwanted();
                    }
                    return status;
                }
                case SupervisedProcess.State.Lost() -> {
                    killRest();
                    if (ledger.wish() == Wish.STOP) {
                        throw new Unwanted();
                    }
                    throw new AgentFailure(
                            FailureCode.PROCESS_LOST, "the process was killed from outside and left no exit status");
                }
                case SupervisedProcess.State.Starting() -> {
                    if (clock.instant().isAfter(startedBy)) {
                        throw new AgentFailure(
                                FailureCode.NOT_STARTED, "the process did not start within " + START_LIMIT);
                    }
                    ledger.await(STARTING_TICK);
                }
                case SupervisedProcess.State.Running(long group) -> tick(group);
            }
        }
    }

    private void tick(long group) throws IOException {
        if (!exitAnnounced) {
            process.onExit(ledger::wake);
            exitAnnounced = true;
        }
        switch (ledger.wish()) {
            case GO_ON -> {
                exceeded(group).ifPresent(reason -> ledger.want(Wish.STOP, reason));
                if (ledger.wish() == Wish.GO_ON) {
                    look();
                    log.trim();
                    ledger.await(settings.tick());
                }
            }
            case STOP -> terminate(group);
            case DROP -> {
                killRest();
                throw new Unwanted();
            }
            case ABANDON -> throw new Unwanted();
        }
    }

    private Optional<Reason> exceeded(long group) {
        var assignment = ledger.journal().assignment();
        var running = Duration.between(Instant.ofEpochMilli(ledger.journal().startedAt()), clock.instant());
        if (running.compareTo(assignment.timeout()) > 0) {
            return Optional.of(Reason.of(
                    FailureCode.TIMED_OUT,
                    "ran for " + running.toSeconds() + " s; limit "
                            + assignment.timeout().toSeconds() + " s"));
        }
        Bytes limit = memoryLimit(assignment);
        Bytes used = groups.resident(group);
        return used.exceeds(limit)
                ? Optional.of(Reason.of(FailureCode.MEMORY_LIMIT, "used " + used + "; limit " + limit))
                : Optional.empty();
    }

    /** What a job states is the memory of the device that computes: on a GPU that is not the process's own. */
    private Bytes memoryLimit(Assignment assignment) {
        boolean host = !assignment.device().startsWith("cuda");
        return host && assignment.memory().value() > 0 ? assignment.memory() : settings.memory();
    }

    private void terminate(long group) throws IOException {
        boolean memory = ledger.journal().stop().code().equals(FailureCode.MEMORY_LIMIT.code());
        if (!memory) {
            groups.signal(group, ProcessGroups.Signal.TERM);
            Instant until = clock.instant().plus(settings.termGrace());
            while (clock.instant().isBefore(until)
                    && process.state() instanceof SupervisedProcess.State.Running
                    && ledger.wish() == Wish.STOP) {
                ledger.await(settings.tick());
            }
        }
        killRest();
        if (ledger.wish() == Wish.STOP) {
            look();
        }
        throw new Unwanted();
    }

    /** Kills whatever is left of the group, and returns when nothing is. */
    void killRest() throws IOException {
        OptionalLong group = process.group();
        if (group.isEmpty() || !ours(group.getAsLong())) {
            return;
        }
        Instant until = clock.instant().plus(KILL_LIMIT);
        while (!groups.members(group.getAsLong()).isEmpty() && clock.instant().isBefore(until)) {
            groups.signal(group.getAsLong(), ProcessGroups.Signal.KILL);
            ledger.await(STARTING_TICK);
        }
    }

    /** False where the group's number has been given to a leader that this attempt did not start. */
    private boolean ours(long group) throws IOException {
        return !(process.state() instanceof SupervisedProcess.State.Lost)
                || ProcessHandle.of(group).filter(ProcessHandle::isAlive).isEmpty();
    }

    /** Looks for progress and for new output. */
    private void look() throws IOException {
        if (ledger.pending().isEmpty()) {
            Optional<AttemptUpdate> progress = files.progress();
            if (progress.isPresent() && !progress.equals(progressSeen)) {
                progressSeen = progress;
                ledger.write(journal -> journal.add(progress.get()));
            }
        }
        long size = log.size();
        if (size != logSeen) {
            logSeen = size;
            ledger.announce();
        }
    }
}
