package dev.fairlead.control.job.jdbc;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.artifact.References;
import dev.fairlead.control.job.JobInput;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.Work;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** The trees that jobs keep alive: the inputs of those that have not ended, and the outputs of all. */
@Singleton
public final class JdbiJobReferences implements References {
    private final Jdbi jdbi;

    public JdbiJobReferences(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Set<Digest> referencedTrees() {
        Set<Digest> trees = new HashSet<>();
        jdbi.useHandle(handle -> {
            handle.createQuery("""
                            select spec from job where state in ('SUBMITTED', 'RECOVERING')
                            union all
                            select spec from job where state in ('PLACED', 'STAGING', 'RUNNING', 'UNKNOWN')
                            """).mapTo(String.class).forEach(spec -> addInputs(SpecJson.read(spec), trees));
            handle.createQuery("select outputs from job where outputs is not null")
                    .mapTo(String.class)
                    .forEach(outputs ->
                            trees.addAll(SpecJson.readOutputs(outputs).values()));
        });
        return trees;
    }

    private static void addInputs(JobSpec spec, Set<Digest> trees) {
        if (spec.work() instanceof Work.Model(String ref)) {
            trees.add(Digest.parse(ref, "job.spec.model.ref"));
        }
        for (JobInput input : spec.inputs()) {
            trees.add(Digest.parse(input.ref(), "job.spec.inputs.ref"));
        }
    }
}
