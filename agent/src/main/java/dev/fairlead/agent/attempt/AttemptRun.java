package dev.fairlead.agent.attempt;

import dev.fairlead.agent.artifact.Artifacts.OutputFolder;
import dev.fairlead.agent.artifact.Digest;
import dev.fairlead.agent.artifact.Folders;
import dev.fairlead.agent.artifact.OutputReader;
import dev.fairlead.agent.attempt.AttemptLedger.Unwanted;
import dev.fairlead.agent.attempt.AttemptLedger.Wish;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.agent.failure.Reason;
import dev.fairlead.agent.retry.Backoff;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one attempt from where its journal stands to its acknowledged end, on a thread of its own: place the
 * inputs, run the process, commit the outputs, report until acknowledged, clean up.
 */
final class AttemptRun implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptRun.class);

    private final Path folder;
    private final TaskFiles files;
    private final AttemptLedger ledger;
    private final Workshop workshop;
    private final AttemptSettings settings;
    private final Environment environment;

    /** What an attempt takes from the agent around it. */
    record Environment(InstantSource clock, Steps steps, Backoff backoff, Runnable gone) {}

    AttemptRun(
            Path folder, AttemptLedger ledger, Workshop workshop, AttemptSettings settings, Environment environment) {
        this.folder = folder;
        this.files = new TaskFiles(folder);
        this.ledger = ledger;
        this.workshop = workshop;
        this.settings = settings;
        this.environment = environment;
    }

    @Override
    public void run() {
        try {
            if (ledger.journal().phase() != Journal.Phase.ENDED) {
                end(work());
            }
            awaitDelivery();
        } catch (Unwanted e) {
            // DROP or ABANDON: there is nothing to report.
        } catch (RuntimeException | IOException e) {
            LOG.atError().addKeyValue("attempt", key().attemptId()).setCause(e).log("attempt broke down");
        }
        if (ledger.wish() == Wish.ABANDON) {
            return;
        }
        try {
            watch().killRest();
            Folders.delete(folder);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("attempt", key().attemptId()).setCause(e).log("attempt folder stays");
        }
        environment.gone().run();
    }

    /** Until the last update is acknowledged, and the log as well, unless nobody takes it. */
    private void awaitDelivery() throws IOException {
        while (wanted() && !ledger.pending().isEmpty()) {
            ledger.await(settings.tick());
        }
        var log = new AttemptLog(files.log(), settings.log());
        Instant until = environment.clock().instant().plus(settings.logWait());
        while (wanted() && ledger.journal().logAcknowledged() < log.size()) {
            if (!environment.clock().instant().isBefore(until)) {
                LOG.atWarn()
                        .addKeyValue("attempt", key().attemptId())
                        .log("log removed, though not all of it was taken");
                return;
            }
            ledger.await(settings.tick());
        }
    }

    private boolean wanted() {
        return ledger.wish() != Wish.DROP && ledger.wish() != Wish.ABANDON;
    }

    private AttemptUpdate work() {
        try {
            if (ledger.journal().phase() == Journal.Phase.STAGING) {
                stage();
            }
            int status = 0;
            if (ledger.journal().phase() == Journal.Phase.RUNNING) {
                status = execute();
                if (status != 0) {
                    return failed(status);
                }
                ledger.write(journal -> journal.enter(Journal.Phase.COMMITTING));
            }
            return commit();
        } catch (Unwanted e) {
            if (ledger.wish() != Wish.STOP) {
                throw e;
            }
            return stopped(ledger.journal().stop());
        } catch (AgentFailure e) {
            if (e.code() == FailureCode.FENCED) {
                ledger.want(Wish.DROP, e.reason());
                throw new Unwanted();
            }
            return stopped(e.reason());
        } catch (IOException | UncheckedIOException e) {
            return stopped(Reason.of(FailureCode.INTERNAL, "agent's disk: " + e.getMessage()));
        }
    }

    private void stage() throws IOException {
        var assignment = assignment();
        ledger.write(journal -> journal.pending().isEmpty()
                ? journal.add(AttemptUpdate.of(AttemptUpdate.State.STAGING, Reason.NONE))
                : journal);
        try (var _ = environment.steps().begin("stage", assignment)) {
            for (Map.Entry<String, Digest> input : assignment.inputs().entrySet()) {
                persistently(() -> {
                    Folders.delete(files.input(input.getKey()));
                    return workshop.cache().stage(input.getValue(), files.input(input.getKey()), workshop.artifacts());
                });
            }
            files.write(assignment, settings.agent());
        }
        ledger.write(journal ->
                journal.enter(Journal.Phase.RUNNING).add(AttemptUpdate.running(AttemptUpdate.NO_PROGRESS, "")));
    }

    private int execute() throws IOException {
        var assignment = assignment();
        try (var step = environment.steps().begin("run", assignment)) {
            return watch().run(() -> workshop.supervisor()
                    .start(
                            folder,
                            files.workdir(assignment),
                            workshop.programs().argv(assignment, files.task()),
                            files.environment(assignment, workshop.programs(), step.traceparent())));
        }
    }

    private ProcessWatch watch() {
        return new ProcessWatch(folder, ledger, workshop.groups(), settings, environment.clock());
    }

    private AttemptUpdate commit() throws IOException {
        var assignment = assignment();
        try (var _ = environment.steps().begin("commit", assignment)) {
            String result = files.result();
            List<OutputFolder> folders = new ArrayList<>();
            for (String name : assignment.outputs()) {
                folders.add(OutputReader.read(name, files.output(name)));
            }
            Map<String, Digest> trees = new LinkedHashMap<>();
            for (int i = 0; i < folders.size(); i++) {
                OutputFolder output = folders.get(i);
                trees.put(
                        assignment.outputs().get(i),
                        persistently(() -> workshop.artifacts().commit(output, key().attemptId(), key().fence())));
            }
            return AttemptUpdate.of(AttemptUpdate.State.SUCCEEDED, Reason.NONE)
                    .withExitCode(0)
                    .withResult(trees, result);
        }
    }

    /** Tries until it works, fails for good, or the attempt's time is over: the control plane may be restarting. */
    private <T> T persistently(AttemptLedger.Blocking<T> step) throws IOException {
        while (true) {
            try {
                T value = ledger.interruptibly(step);
                environment.backoff().reset();
                return value;
            } catch (AgentFailure e) {
                if (ledger.wish() != Wish.GO_ON) {
                    throw new Unwanted();
                }
                if (e.code() != FailureCode.UNAVAILABLE && e.code() != FailureCode.CANCELLED) {
                    throw e;
                }
                LOG.atInfo()
                        .addKeyValue("attempt", key().attemptId())
                        .log("artifact store: {}; trying again", e.getMessage());
                awaitUnlessOver(environment.backoff().next(), e);
            } catch (IOException e) {
                if (ledger.wish() != Wish.GO_ON) {
                    throw new Unwanted();
                }
                throw e;
            }
        }
    }

    private void awaitUnlessOver(Duration wait, AgentFailure cause) {
        Instant over = Instant.ofEpochMilli(ledger.journal().startedAt())
                .plus(assignment().timeout());
        Instant until = environment.clock().instant().plus(wait);
        if (until.isAfter(over)) {
            throw new AgentFailure(
                    FailureCode.TIMED_OUT, "timeout of " + assignment().timeout() + " is over: " + cause.getMessage());
        }
        for (Instant now = environment.clock().instant();
                now.isBefore(until) && ledger.wish() == Wish.GO_ON;
                now = environment.clock().instant()) {
            ledger.await(Duration.between(now, until));
        }
    }

    private AttemptUpdate failed(int status) {
        String last = files.lastLine();
        Reason reason = files.failure()
                .orElseGet(() -> Reason.of(
                        FailureCode.PROCESS_FAILED,
                        "the process ended with status " + status + (last.isEmpty() ? "" : ": " + last)));
        return AttemptUpdate.of(AttemptUpdate.State.FAILED, reason).withExitCode(status);
    }

    private static AttemptUpdate stopped(Reason reason) {
        var state = reason.code().equals(FailureCode.CANCELLED.code())
                ? AttemptUpdate.State.CANCELLED
                : AttemptUpdate.State.FAILED;
        return AttemptUpdate.of(state, reason);
    }

    private void end(AttemptUpdate last) {
        LOG.atInfo()
                .addKeyValue("jobId", key().jobId())
                .addKeyValue("attempt", key().attemptId())
                .addKeyValue("agentId", settings.agent())
                .log("attempt ended: {} {}", last.state(), last.reason().code());
        ledger.write(journal -> journal.enter(Journal.Phase.ENDED).add(last));
    }

    private Assignment assignment() {
        return ledger.journal().assignment();
    }

    private AttemptKey key() {
        return assignment().key();
    }
}
