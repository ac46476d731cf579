package dev.fairlead.control.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a step's job came to, as far as a promotion cares. */
sealed interface Outcome {
    /** Not ended. */
    record Pending(Reason why) implements Outcome {}

    /** The tree of the one output that the step is for. */
    record Done(Digest output) implements Outcome {}

    record Failed(Reason why) implements Outcome {}

    record Cancelled(Reason why) implements Outcome {}

    static Outcome of(Step step, Job job, String output) {
        String name = step.name().toLowerCase(Locale.ROOT);
        return switch (job.state()) {
            case SUBMITTED, PLACED, STAGING, RUNNING, RECOVERING, UNKNOWN ->
                new Pending(new Reason(code(job, "Running"), sentence(name, job)));
            case SUCCEEDED -> {
                Digest tree = job.outputs().get(output);
                yield tree == null
                        ? new Failed(new Reason(
                                "OutputMissing",
                                "the %s job %s succeeded without its output '%s'".formatted(name, job.id(), output)))
                        : new Done(tree);
            }
            case FAILED -> new Failed(new Reason(code(job, "JobFailed"), sentence(name, job) + unsupported(job)));
            case CANCELLED -> new Cancelled(new Reason("JobCancelled", sentence(name, job)));
        };
    }

    /** One reason for several jobs that run at the same time; only the pending ones count. */
    static Reason waiting(List<Outcome> sides) {
        List<Reason> reasons = sides.stream()
                .flatMap(side -> side instanceof Pending(Reason why) ? Stream.of(why) : Stream.empty())
                .toList();
        return new Reason(
                reasons.getFirst().code(),
                reasons.stream().map(Reason::sentence).collect(Collectors.joining("; ")));
    }

    private static String code(Job job, String otherwise) {
        Reason reason = job.reason();
        return reason == null ? otherwise : reason.code();
    }

    private static String sentence(String step, Job job) {
        Reason reason = job.reason();
        String state = job.state().name().toLowerCase(Locale.ROOT);
        String text = "the %s job %s is %s".formatted(step, job.id(), state);
        return reason == null ? text : text + ": " + reason.sentence();
    }

    // A conversion names the operations it has no rule for in its result; the sentence of its failure may be shorter.
    private static String unsupported(Job job) {
        if (job.resultJson().isEmpty()) {
            return "";
        }
        try {
            List<String> names = new ArrayList<>();
            for (JsonNode operation :
                    new ObjectMapper().readTree(job.resultJson()).path("unsupported")) {
                names.add(operation.isTextual() ? operation.asText() : operation.toString());
            }
            Reason reason = job.reason();
            names.removeIf(name -> reason != null && reason.sentence().contains(name));
            return names.isEmpty() ? "" : " (unsupported: " + String.join(", ", names) + ")";
        } catch (JsonProcessingException e) {
            // The job has failed in any case; what it left is only an addition to its reason.
            return "";
        }
    }
}
