package dev.fairlead.control.web;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.Resources;
import dev.fairlead.control.job.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Jobs as the dashboard shows them. */
final class JobViews {
    private JobViews() {}

    static Views.JobRow row(Job job) {
        Attempt latest = job.latest();
        return new Views.JobRow(
                job.id().value(),
                job.spec().name(),
                kind(job),
                Format.badge(job.state()),
                Format.reason(job.reason()),
                latest == null ? "" : latest.agent().value(),
                Format.time(job.submittedAt()));
    }

    static Views.JobPage page(Job job, Views.LogView log) {
        List<Views.Fact> facts = new ArrayList<>();
        facts.add(fact("kind", kind(job)));
        facts.add(fact("work", work(job.spec().work())));
        facts.add(fact("needs", needs(job.spec().resources())));
        facts.add(fact("submitted", Format.time(job.submittedAt()) + " by " + job.submitter()));
        facts.add(fact("finished", Format.time(job.finishedAt())));
        @Nullable String promotion = job.promotionId();
        if (promotion != null) {
            facts.add(new Views.Fact("promotion", promotion, "/promotions/" + promotion));
        }
        job.spec().inputs().forEach(input -> facts.add(fact("input " + input.name(), input.ref())));
        new TreeMap<>(job.outputs()).forEach((name, tree) -> facts.add(output(name, tree)));
        job.spec().settings().forEach((name, value) -> facts.add(fact("setting " + name, value)));
        facts.removeIf(fact -> fact.text().isEmpty());
        return new Views.JobPage(
                job.id().value(),
                job.spec().name(),
                Format.badge(job.state()),
                Format.reason(job.reason()),
                List.copyOf(facts),
                job.attempts().stream().map(JobViews::attempt).toList(),
                job.resultJson(),
                log,
                !job.state().ended());
    }

    private static Views.AttemptRow attempt(Attempt attempt) {
        return new Views.AttemptRow(
                attempt.id().number(),
                attempt.agent().value(),
                attempt.device(),
                Format.badge(attempt.state()),
                Format.reason(attempt.reason()),
                Format.time(attempt.placedAt()),
                Format.time(attempt.finishedAt()),
                attempt.exitCode() == Attempt.NONE ? "" : Integer.toString(attempt.exitCode()));
    }

    private static Views.Fact output(String name, Digest tree) {
        return new Views.Fact("output " + name, tree.toString(), name.equals("report") ? "/parity/" + tree : "");
    }

    private static String kind(Job job) {
        return job.spec().kind().name().toLowerCase(Locale.ROOT);
    }

    private static String work(Work work) {
        return switch (work) {
            case Work.Command(List<String> argv) -> String.join(" ", argv);
            case Work.Model(String ref) -> ref;
            case Work.BuiltIn() -> "";
        };
    }

    private static String needs(Resources needs) {
        List<String> parts = new ArrayList<>();
        if (!needs.anyOf().isEmpty()) {
            parts.add(needs.anyOf().stream().map(one -> one.title()).collect(Collectors.joining(" or ")));
        }
        if (needs.memoryBytes() > 0) {
            parts.add(Format.bytes(needs.memoryBytes()));
        }
        if (needs.runtime() != null) {
            parts.add(needs.runtime().title());
        }
        if (!needs.pool().isEmpty()) {
            parts.add("pool " + needs.pool());
        }
        if (!needs.agent().isEmpty()) {
            parts.add("agent " + needs.agent());
        }
        return String.join(", ", parts);
    }

    private static Views.Fact fact(String name, String text) {
        return new Views.Fact(name, text, "");
    }
}
