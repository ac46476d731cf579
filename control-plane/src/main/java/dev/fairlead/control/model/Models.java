package dev.fairlead.control.model;

import dev.fairlead.control.artifact.Artifacts;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.References;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.event.Event;
import dev.fairlead.control.event.Events;
import dev.fairlead.control.tx.Transactions;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The registry. Every change joins the caller's transaction and leaves an event. */
@Singleton
public final class Models implements References {
    private final ModelStore store;
    private final Artifacts artifacts;
    private final Transactions transactions;
    private final Events events;
    private final InstantSource clock;

    public Models(
            ModelStore store, Artifacts artifacts, Transactions transactions, Events events, InstantSource clock) {
        this.store = store;
        this.artifacts = artifacts;
        this.transactions = transactions;
        this.events = events;
        this.clock = clock;
    }

    /** A version to be. */
    public record NewVersion(
            ModelName model, Digest tree, Optional<Digest> suite, ModelFormat format, Optional<String> jobId) {}

    /** Where an alias shall point. */
    public record Move(
            ModelName model, String environment, int version, Digest tree, ModelFormat format, String promotionId) {}

    /**
     * Registers a committed tree under the next number; the same tree and suite again give the version that exists.
     *
     * @throws FairleadException TREE_NOT_FOUND, naming {@code tree_digest} or {@code suite_digest}
     */
    public ModelVersion createVersion(NewVersion wanted) {
        return transactions.call(() -> {
            artifacts.require(wanted.tree(), "tree_digest");
            wanted.suite().ifPresent(suite -> artifacts.require(suite, "suite_digest"));
            store.lock(wanted.model());
            return store.findSame(wanted.model(), wanted.tree(), wanted.suite()).orElseGet(() -> register(wanted));
        });
    }

    private ModelVersion register(NewVersion wanted) {
        ModelVersion version = new ModelVersion(
                wanted.model(),
                store.last(wanted.model()) + 1,
                wanted.tree(),
                wanted.format(),
                wanted.suite(),
                wanted.jobId(),
                clock.instant());
        store.insert(version);
        // None of these values can hold a character that JSON escapes.
        events.append(new Event(
                "model.version_created",
                "model",
                version.model().text(),
                "{\"model\": \"%s\", \"version\": %d, \"tree\": \"%s\", \"format\": \"%s\"}"
                        .formatted(version.model(), version.version(), version.tree(), version.format())));
        return version;
    }

    /**
     * Points an alias at a tree of a version; where it pointed stays in its history.
     *
     * @throws FairleadException MODEL_VERSION_NOT_FOUND, TREE_NOT_FOUND
     */
    public Alias moveAlias(Move move) {
        return transactions.call(() -> {
            version(move.model(), move.version(), "version");
            artifacts.require(move.tree(), "tree_digest");
            Alias alias = new Alias(
                    move.model(),
                    move.environment(),
                    move.version(),
                    move.tree(),
                    move.format(),
                    move.promotionId(),
                    clock.instant());
            store.move(alias);
            events.append(new Event(
                    "model.alias_moved",
                    "model",
                    alias.model().text(),
                    "{\"alias\": \"%s\", \"version\": %d, \"tree\": \"%s\", \"format\": \"%s\"}"
                            .formatted(alias.name(), alias.version(), alias.tree(), alias.format())));
            return alias;
        });
    }

    /** Takes an alias away, where there is one: for undoing the move that made it. */
    public void removeAlias(ModelName model, String environment) {
        transactions.run(() -> {
            if (store.alias(model, environment).isEmpty()) {
                return;
            }
            store.remove(model, environment);
            events.append(new Event(
                    "model.alias_removed",
                    "model",
                    model.text(),
                    "{\"alias\": \"%s@%s\"}".formatted(model, environment)));
        });
    }

    /** Where the alias points now. */
    public Optional<Alias> alias(ModelName model, String environment) {
        return store.alias(model, environment);
    }

    /** Where the alias pointed before it was moved to where it is. */
    public Optional<Alias> previous(ModelName model, String environment) {
        return store.history(model, environment).stream().skip(1).findFirst();
    }

    public Resolved resolve(String ref) {
        return resolve(ref, "ref");
    }

    /** What {@code ref} stands for now; a failure names {@code field}. */
    public Resolved resolve(String ref, String field) {
        return resolve(ModelRef.parse(ref, field), field);
    }

    private Resolved resolve(ModelRef ref, String field) {
        return switch (ref) {
            case ModelRef.OfTree(Digest tree) -> ofTree(tree, field);
            case ModelRef.OfVersion(ModelName model, int number) -> {
                ModelVersion version = version(model, number, field);
                yield new Resolved(version.tree(), Optional.of(version.format()), Optional.of(version));
            }
            case ModelRef.OfAlias(ModelName model, String environment) -> {
                Alias alias = store.alias(model, environment).orElseThrow(() -> noAlias(model, environment, field));
                ModelVersion version = version(model, alias.version(), field);
                yield new Resolved(alias.tree(), Optional.of(alias.format()), Optional.of(version));
            }
            case ModelRef.OfSuite(ModelRef of) -> {
                ModelVersion version = resolve(of, field).version().orElseThrow();
                Digest suite = version.suite()
                        .orElseThrow(() -> new FairleadException(
                                ErrorCode.SUITE_NOT_FOUND,
                                field,
                                field + ": " + version.model() + "@" + version.version() + " has no golden inputs"));
                yield new Resolved(suite, Optional.empty(), Optional.of(version));
            }
        };
    }

    private Resolved ofTree(Digest tree, String field) {
        Optional<ModelVersion> version = store.findByTree(tree);
        if (version.isEmpty()) {
            artifacts.require(tree, field);
        }
        return new Resolved(tree, version.map(ModelVersion::format), version);
    }

    /** By name. */
    public List<Model> list() {
        return models(Optional.empty());
    }

    /**
     * One model with its versions and aliases.
     *
     * @throws FairleadException MODEL_NOT_FOUND
     */
    public Model get(ModelName name) {
        return models(Optional.of(name)).stream()
                .findFirst()
                .orElseThrow(() ->
                        new FairleadException(ErrorCode.MODEL_NOT_FOUND, "name", "no model is named '" + name + "'"));
    }

    @Override
    public Set<Digest> referencedTrees() {
        return store.trees();
    }

    private List<Model> models(Optional<ModelName> name) {
        Map<String, List<ModelVersion>> versions = store.versions(name).stream()
                .collect(Collectors.groupingBy(v -> v.model().text(), TreeMap::new, Collectors.toList()));
        Map<String, List<Alias>> aliases = store.aliases(name).stream()
                .collect(Collectors.groupingBy(a -> a.model().text()));
        return versions.entrySet().stream()
                .map(model -> new Model(
                        new ModelName(model.getKey()),
                        model.getValue(),
                        aliases.getOrDefault(model.getKey(), List.of())))
                .toList();
    }

    private ModelVersion version(ModelName model, int number, String field) {
        return store.find(model, number).orElseThrow(() -> {
            int last = store.last(model);
            return last == 0
                    ? new FairleadException(
                            ErrorCode.MODEL_NOT_FOUND, field, field + ": no model is named '" + model + "'")
                    : new FairleadException(
                            ErrorCode.MODEL_VERSION_NOT_FOUND,
                            field,
                            field + ": '" + model + "' has no version " + number + "; its last is " + last);
        });
    }

    private FairleadException noAlias(ModelName model, String environment, String field) {
        if (store.last(model) == 0) {
            return new FairleadException(
                    ErrorCode.MODEL_NOT_FOUND, field, field + ": no model is named '" + model + "'");
        }
        String there = store.aliases(Optional.of(model)).stream()
                .map(Alias::environment)
                .collect(Collectors.joining(", "));
        return new FairleadException(
                ErrorCode.ALIAS_NOT_FOUND,
                field,
                field + ": '" + model + "' is not deployed to '" + environment + "'; it is deployed to "
                        + (there.isEmpty() ? "no environment" : there));
    }
}
