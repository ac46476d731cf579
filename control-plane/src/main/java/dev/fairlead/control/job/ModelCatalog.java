package dev.fairlead.control.job;

import dev.fairlead.control.artifact.Artifacts;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.Tree;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.model.ModelName;
import dev.fairlead.control.model.Models;
import dev.fairlead.control.model.Resolved;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The catalogue over the model registry and the artifact store. */
public final class ModelCatalog implements Catalog {
    private static final int MOST_SIZES = 10_000;

    private final Models models;
    private final Artifacts artifacts;
    private final Map<Digest, Long> sizes = new ConcurrentHashMap<>();

    public ModelCatalog(Models models, Artifacts artifacts) {
        this.models = models;
        this.artifacts = artifacts;
    }

    @Override
    public Found resolve(String ref, String field) {
        Resolved resolved = models.resolve(ref, field);
        return new Found(resolved.tree(), resolved.format());
    }

    // A tree never changes its size, so it is asked for once; one that garbage collection removed is asked for by
    // nobody.
    @Override
    public Optional<Long> bytes(Digest tree) {
        Long known = sizes.get(tree);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Long> bytes = artifacts.find(tree).map(Tree::totalBytes);
        if (sizes.size() >= MOST_SIZES) {
            sizes.clear();
        }
        bytes.ifPresent(size -> sizes.put(tree, size));
        return bytes;
    }

    @Override
    public void register(Job job) {
        for (JobOutput output : job.spec().outputs()) {
            Digest tree = job.outputs().get(output.name());
            if (output.asModel() != null && tree != null) {
                String suite = output.suiteOutput();
                models.createVersion(new Models.NewVersion(
                        new ModelName(output.asModel()),
                        tree,
                        suite == null
                                ? Optional.empty()
                                : Optional.ofNullable(job.outputs().get(suite)),
                        format(job.spec()),
                        Optional.of(job.id().value())));
            }
        }
    }

    // What the job says it makes; training here makes MLX models unless it says otherwise.
    private static ModelFormat format(JobSpec spec) {
        String target = spec.settings().getOrDefault("target_format", "");
        ModelFormat stated = spec.resources().format();
        return switch (spec.kind()) {
            case CONVERT -> target.isEmpty() ? ModelFormat.ONNX : ModelFormat.valueOf(target.toUpperCase(Locale.ROOT));
            case TRAIN, INFER, EVALUATE, COMPARE -> stated == null ? ModelFormat.MLX : stated;
        };
    }
}
