package dev.fairlead.parity.locate;

import dev.fairlead.model.graph.Origin;
import java.util.List;

/**
 * An operation of the candidate, and how far what it makes is from the source's value.
 *
 * @param node its name, or its first output's where it has none
 * @param op operator, with its domain before a dot where that is not ONNX' own
 * @param value that it makes, or that operations of {@code within} make of it
 * @param rule of the conversion that wrote it, empty where no provenance says
 * @param version of the rule, 0 where no provenance says
 * @param origin in the prototype
 * @param error normalised RMSE of the value; infinite where size, NaN or infinities differ
 * @param inputs the nearest values before it that were compared, the worst first
 * @param within names of the other nodes between those and the value, whose results were not compared: the fault may be theirs
 */
public record Operation(
        String node,
        String op,
        String value,
        String rule,
        int version,
        Origin origin,
        double error,
        List<Input> inputs,
        List<String> within) {
    /**
     * A value that was compared before.
     *
     * @param error normalised RMSE
     */
    public record Input(String value, double error) {}

    public Operation {
        if (!(error >= 0)) {
            throw new IllegalArgumentException("error: " + error + " is not 0 or more");
        }
        inputs = List.copyOf(inputs);
        within = List.copyOf(within);
    }

    /** Of one line: {@code LayerNormalization "v12" (rule LayerNorm 1, encoder.py:41 (layers.0))}. */
    public String title() {
        String by = rule.isEmpty() ? "" : "rule " + rule + (version == 0 ? "" : " version " + version);
        String where = origin.equals(Origin.UNKNOWN) ? "" : "prototype " + origin;
        String both = by.isEmpty() || where.isEmpty() ? by + where : by + ", " + where;
        return op + " `" + node + "`" + (both.isEmpty() ? "" : " (" + both + ")");
    }
}
