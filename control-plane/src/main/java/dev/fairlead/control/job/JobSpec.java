package dev.fairlead.control.job;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a job does. {@link SpecRules} says what is acceptable; the records only keep what they are given.
 *
 * @param env set for the process in addition to the agent's own
 * @param priority higher runs first; -1000 to 1000
 * @param timeout from start to end of one attempt
 * @param settings settings of the built-in kinds: {@code target_format}
 */
public record JobSpec(
        JobKind kind,
        String name,
        Work work,
        List<JobInput> inputs,
        List<JobOutput> outputs,
        Resources resources,
        Map<String, String> env,
        int priority,
        RetryPolicy retry,
        Duration timeout,
        DisconnectPolicy onDisconnect,
        Map<String, String> settings) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofHours(1);

    public JobSpec {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        env = sorted(env);
        settings = sorted(settings);
    }

    /** A job with nothing but defaults, to be refined by the {@code with} methods. */
    public static JobSpec of(JobKind kind, String name) {
        return new JobSpec(
                kind,
                name,
                new Work.BuiltIn(),
                List.of(),
                List.of(),
                Resources.ANY,
                Map.of(),
                0,
                RetryPolicy.DEFAULT,
                DEFAULT_TIMEOUT,
                DisconnectPolicy.DEFAULT,
                Map.of());
    }

    public JobSpec with(Work newWork) {
        return new JobSpec(
                kind, name, newWork, inputs, outputs, resources, env, priority, retry, timeout, onDisconnect, settings);
    }

    public JobSpec withInputs(List<JobInput> newInputs) {
        return new JobSpec(
                kind, name, work, newInputs, outputs, resources, env, priority, retry, timeout, onDisconnect, settings);
    }

    public JobSpec withOutputs(List<JobOutput> newOutputs) {
        return new JobSpec(
                kind, name, work, inputs, newOutputs, resources, env, priority, retry, timeout, onDisconnect, settings);
    }

    public JobSpec with(Resources newResources) {
        return new JobSpec(
                kind, name, work, inputs, outputs, newResources, env, priority, retry, timeout, onDisconnect, settings);
    }

    public JobSpec withPriority(int newPriority) {
        return new JobSpec(
                kind, name, work, inputs, outputs, resources, env, newPriority, retry, timeout, onDisconnect, settings);
    }

    public JobSpec with(RetryPolicy newRetry) {
        return new JobSpec(
                kind, name, work, inputs, outputs, resources, env, priority, newRetry, timeout, onDisconnect, settings);
    }

    public JobSpec with(DisconnectPolicy policy) {
        return new JobSpec(
                kind, name, work, inputs, outputs, resources, env, priority, retry, timeout, policy, settings);
    }

    public JobSpec withSettings(Map<String, String> newSettings) {
        return new JobSpec(
                kind, name, work, inputs, outputs, resources, env, priority, retry, timeout, onDisconnect, newSettings);
    }

    // Sorted, so that equal specifications have one canonical form.
    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
