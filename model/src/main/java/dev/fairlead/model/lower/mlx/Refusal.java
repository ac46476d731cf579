package dev.fairlead.model.lower.mlx;

import java.util.Optional;

/** Ends the lowering of one operator; it is collected, so that all that stands in the way is reported at once. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final transient Optional<Operand> undecided;

    private Refusal(String problem, Optional<Operand> undecided) {
        super(problem);
        this.problem = problem;
        this.undecided = undecided;
    }

    static Refusal of(String problem) {
        return new Refusal(problem, Optional.empty());
    }

    /** What an operand holds decides the graph itself, and it isn't known now. */
    static Refusal undecided(String problem, Operand operand) {
        return new Refusal(problem, Optional.of(operand));
    }

    /** The same, told from outside the inner graph it happened in. */
    Refusal under(String other) {
        return new Refusal(other, undecided);
    }

    String problem() {
        return problem;
    }

    Optional<Operand> undecided() {
        return undecided;
    }
}
