package dev.fairlead.control.promotion;

import dev.fairlead.control.artifact.Digest;
import java.util.Optional;

/** Where a promotion stands. Each state has the data it needs and the transitions that are legal from it. */
public sealed interface State {
    Phase phase();

    /** What is known so far; for showing. */
    Evidence evidence();

    /** Who let it through, where somebody had to. */
    default Optional<String> approvedBy() {
        return Optional.empty();
    }

    /** Where the alias pointed before this promotion moved it; empty where it did not exist or has not been moved. */
    default Optional<Target> previous() {
        return Optional.empty();
    }

    /** A state from which nothing has been deployed, so that a promotion can still be refused or called off. */
    sealed interface Active extends State {
        default Rejected rejected() {
            return new Rejected(evidence());
        }

        default Aborted aborted() {
            return new Aborted(evidence());
        }
    }

    /** Waits for the conversion. */
    record Converting() implements Active {
        Validating validating(Digest candidate) {
            return new Validating(candidate, Optional.empty());
        }

        @Override
        public Phase phase() {
            return Phase.CONVERTING;
        }

        @Override
        public Evidence evidence() {
            return Evidence.NONE;
        }
    }

    /**
     * Waits for both evaluations and the comparison.
     *
     * @param paused the inconclusive comparison, where there was one: then only an abort or a new start moves on
     */
    record Validating(Digest candidate, Optional<Judgement> paused) implements Active {
        Validating paused(Judgement inconclusive) {
            return new Validating(candidate, Optional.of(inconclusive));
        }

        AwaitingApproval awaitingApproval(Judgement judgement) {
            return new AwaitingApproval(candidate, judgement);
        }

        Deploying deploying(Judgement judgement) {
            requirePassed(judgement);
            return new Deploying(candidate, judgement, Optional.empty());
        }

        /** Pushed on by a person though it is inconclusive; empty where it is not. */
        Optional<Deploying> overruled(String by) {
            return paused.map(judgement -> new Deploying(candidate, judgement, Optional.of(by)));
        }

        Rejected rejected(Judgement judgement) {
            return new Rejected(Evidence.of(candidate, judgement));
        }

        @Override
        public Phase phase() {
            return Phase.VALIDATING;
        }

        @Override
        public Evidence evidence() {
            return new Evidence(Optional.of(candidate), paused);
        }
    }

    /** Passed; waits for a promoter. */
    record AwaitingApproval(Digest candidate, Judgement judgement) implements Active {
        public AwaitingApproval {
            requirePassed(judgement);
        }

        Deploying approved(String by) {
            return new Deploying(candidate, judgement, Optional.of(by));
        }

        @Override
        public Phase phase() {
            return Phase.AWAITING_APPROVAL;
        }

        @Override
        public Evidence evidence() {
            return Evidence.of(candidate, judgement);
        }
    }

    /** About to move the alias: the comparison passed, or a person pushed it on. */
    record Deploying(Digest candidate, Judgement judgement, Optional<String> approvedBy) implements Active {
        Promoted promoted(Optional<Target> previous) {
            return new Promoted(candidate, judgement, approvedBy, previous);
        }

        @Override
        public Phase phase() {
            return Phase.DEPLOYING;
        }

        @Override
        public Evidence evidence() {
            return Evidence.of(candidate, judgement);
        }
    }

    /**
     * The alias points at the candidate.
     *
     * @param previous where it pointed before; empty where it did not exist
     */
    record Promoted(Digest candidate, Judgement judgement, Optional<String> approvedBy, Optional<Target> previous)
            implements State {
        RolledBack rolledBack() {
            return new RolledBack(candidate, judgement, approvedBy, previous);
        }

        @Override
        public Phase phase() {
            return Phase.PROMOTED;
        }

        @Override
        public Evidence evidence() {
            return Evidence.of(candidate, judgement);
        }
    }

    /** Refused: the conversion or the comparison failed, or a job ran out of attempts. */
    record Rejected(Evidence evidence) implements State {
        /** Pushed on by a person; empty where there is nothing that could be deployed or was compared. */
        Optional<Deploying> overruled(String by) {
            return evidence.candidate()
                    .flatMap(tree -> evidence.judgement().map(found -> new Deploying(tree, found, Optional.of(by))));
        }

        @Override
        public Phase phase() {
            return Phase.REJECTED;
        }
    }

    /** Called off by a person. */
    record Aborted(Evidence evidence) implements State {
        @Override
        public Phase phase() {
            return Phase.ABORTED;
        }
    }

    /** Was promoted; the alias points at {@code previous} again, or is gone where there was none. */
    record RolledBack(Digest candidate, Judgement judgement, Optional<String> approvedBy, Optional<Target> previous)
            implements State {
        @Override
        public Phase phase() {
            return Phase.ROLLED_BACK;
        }

        @Override
        public Evidence evidence() {
            return Evidence.of(candidate, judgement);
        }
    }

    private static void requirePassed(Judgement judgement) {
        if (judgement.verdict() != Judgement.Verdict.PASSED) {
            throw new IllegalArgumentException("only a passed comparison leads on, not " + judgement.verdict());
        }
    }
}
