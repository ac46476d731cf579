package dev.fairlead.control.promotion;

import dev.fairlead.control.model.ModelVersion;
import java.util.Optional;

/** What promotions need of the model registry. Every call joins the caller's transaction. */
public interface Registry {
    /** The version that {@code name@version} or {@code name@alias} stands for, with the tree it was registered with. */
    ModelVersion version(String ref);

    /** Where {@code model@environment} points. */
    Optional<Target> alias(String model, String environment);

    void move(String model, String environment, Target target);

    void remove(String model, String environment);
}
