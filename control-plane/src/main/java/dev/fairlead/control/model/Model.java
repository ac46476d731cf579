package dev.fairlead.control.model;

import java.util.List;

/** A name with its versions, oldest first, and its aliases by environment. */
public record Model(ModelName name, List<ModelVersion> versions, List<Alias> aliases) {
    public Model {
        versions = List.copyOf(versions);
        aliases = List.copyOf(aliases);
    }
}
