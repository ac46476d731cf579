package dev.fairlead.model.interpret;

/** How exactly floating numbers are kept between operators. */
public enum Precision {
    /** As float64, whatever type is declared: what the graph means. */
    FLOAT64,
    /** Each operator's result rounded to its declared type: what a machine without other faults computes. */
    DECLARED;

    Datum applied(Datum datum) {
        return switch (this) {
            case FLOAT64 -> datum;
            case DECLARED -> datum instanceof Datum.Dense(Array.Reals reals) ? Datum.of(reals.rounded()) : datum;
        };
    }
}
