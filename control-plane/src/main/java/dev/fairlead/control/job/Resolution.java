package dev.fairlead.control.job;

import dev.fairlead.control.model.ModelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts tree digests where a specification names models: what a job computes on is settled when it is submitted. */
final class Resolution {
    private Resolution() {}

    static JobSpec of(JobSpec spec, Catalog catalog) {
        JobSpec resolved = spec;
        if (spec.work() instanceof Work.Model(String ref)) {
            Catalog.Found model = catalog.resolve(ref, "spec.model.ref");
            resolved = resolved.with(new Work.Model(model.tree().toString()))
                    .with(formatted(spec.resources(), model.format()));
        }
        if (spec.inputs().isEmpty()) {
            return resolved;
        }
        List<JobInput> inputs = new ArrayList<>();
        for (int i = 0; i < spec.inputs().size(); i++) {
            JobInput input = spec.inputs().get(i);
            Catalog.Found found = catalog.resolve(input.ref(), "spec.inputs[" + i + "].ref");
            inputs.add(new JobInput(input.name(), found.tree().toString()));
        }
        return resolved.withInputs(inputs);
    }

    // A job that runs a model needs an agent that can load it, said or not.
    private static Resources formatted(Resources resources, Optional<ModelFormat> format) {
        return resources.format() != null || format.isEmpty() ? resources : resources.withFormat(format.get());
    }
}
