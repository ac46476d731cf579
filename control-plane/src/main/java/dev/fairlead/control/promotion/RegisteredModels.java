package dev.fairlead.control.promotion;

import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.model.ModelName;
import dev.fairlead.control.model.ModelVersion;
import dev.fairlead.control.model.Models;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The registry of the feature {@code model}. */
@Singleton
final class RegisteredModels implements Registry {
    private final Models models;

    RegisteredModels(Models models) {
        this.models = models;
    }

    @Override
    public ModelVersion version(String ref) {
        return models.resolve(ref, "ref")
                .version()
                .orElseThrow(
                        () -> FairleadException.invalid("ref", "names a registered version, '" + ref + "' does not"));
    }

    @Override
    public Optional<Target> alias(String model, String environment) {
        return models.alias(new ModelName(model), environment)
                .map(alias -> new Target(alias.version(), alias.tree(), alias.format(), alias.promotionId()));
    }

    @Override
    public void move(String model, String environment, Target target) {
        models.moveAlias(new Models.Move(
                new ModelName(model),
                environment,
                target.version(),
                target.tree(),
                target.format(),
                target.promotion()));
    }

    @Override
    public void remove(String model, String environment) {
        models.removeAlias(new ModelName(model), environment);
    }
}
