package dev.fairlead.parity.locate;

import java.util.List;
import java.util.Optional;

/**
 * Where a target parts from the graph in float64.
 *
 * @param first the first value found beyond the limit, empty where no output is
 * @param error its normalised RMSE
 * @param culprit the operation that is furthest beyond its own bound among those that were computed again
 * @param replayed operations that were computed again
 * @param runs of the target
 * @param notes how the values were had, and what that means
 */
public record OnTarget(
        String first, double error, Optional<Replayed> culprit, List<Replayed> replayed, int runs, List<String> notes) {
    public OnTarget {
        replayed = List.copyOf(replayed);
        notes = List.copyOf(notes);
    }
}
