package dev.fairlead.control.model;

import dev.fairlead.control.artifact.Digest;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Versions and aliases. Every method takes part in the current transaction. */
public interface ModelStore {
    /** Keeps others from registering versions of this model until the transaction ends. */
    void lock(ModelName model);

    Optional<ModelVersion> find(ModelName model, int version);

    /** The version of this model with exactly this tree and suite. */
    Optional<ModelVersion> findSame(ModelName model, Digest tree, Optional<Digest> suite);

    /** Any version with this tree, the newest where there are several. */
    Optional<ModelVersion> findByTree(Digest tree);

    /** The highest version number of the model; 0 where it has none. */
    int last(ModelName model);

    void insert(ModelVersion version);

    /** Of one model, or of all where {@code model} is empty; by name and number. */
    List<ModelVersion> versions(Optional<ModelName> model);

    /** Of one model, or of all where {@code model} is empty; by name and environment. */
    List<Alias> aliases(Optional<ModelName> model);

    Optional<Alias> alias(ModelName model, String environment);

    /** Points the alias there and notes the move in its history. */
    void move(Alias alias);

    /** Takes the alias away together with the history of where it pointed. */
    void remove(ModelName model, String environment);

    /** Where the alias pointed, newest first, the present one included. */
    List<Alias> history(ModelName model, String environment);

    /** Trees and suites of versions, and trees of aliases now and before: what an undo may need. */
    Set<Digest> trees();
}
