package dev.fairlead.control.promotion;

import dev.fairlead.control.agent.Accelerator;
import dev.fairlead.control.agent.RuntimeKind;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.job.JobInput;
import dev.fairlead.control.job.JobKind;
import dev.fairlead.control.job.JobOutput;
import dev.fairlead.control.job.JobSpec;
import dev.fairlead.control.job.Resources;
import dev.fairlead.control.job.Work;
import dev.fairlead.control.model.ModelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What each step's job looks like: the shapes of docs/jobs.md, in the pools of the environment. */
final class StepJobs {
    /** The opset ONNX Runtime's CUDA provider is complete for. */
    private static final String OPSET = "21";

    static final String MODEL = "model";
    static final String OUTPUTS = "outputs";
    static final String REPORT = "report";

    private StepJobs() {}

    /** Needs no accelerator, only an agent that can load the source's format. */
    static JobSpec convert(Promotion promotion) {
        ModelFormat source = promotion.start().sourceFormat();
        return JobSpec.of(JobKind.CONVERT, name(promotion, Step.CONVERT))
                .withInputs(List.of(input(MODEL, promotion.start().source())))
                .withOutputs(List.of(JobOutput.named(MODEL)))
                .with(new Resources(List.of(), 0, null, source, "", ""))
                .withSettings(Map.of(
                        "target_format",
                        promotion.environment().targetFormat().name().toLowerCase(Locale.ROOT),
                        "opset",
                        OPSET));
    }

    /** The source, where its author's kind of machine is. */
    static JobSpec reference(Promotion promotion) {
        ModelFormat format = promotion.start().sourceFormat();
        return evaluate(
                promotion,
                Step.REFERENCE,
                promotion.start().source(),
                new Resources(
                        List.of(Accelerator.METAL, Accelerator.CPU),
                        0,
                        runtime(format),
                        format,
                        promotion.environment().referencePool(),
                        ""));
    }

    /** The converted model, where it will serve. */
    static JobSpec candidate(Promotion promotion, Digest candidate) {
        ModelFormat format = promotion.environment().targetFormat();
        return evaluate(
                promotion,
                Step.CANDIDATE,
                candidate,
                new Resources(
                        List.of(Accelerator.CUDA, Accelerator.CPU),
                        0,
                        runtime(format),
                        format,
                        promotion.environment().candidatePool(),
                        ""));
    }

    /** The source in float64, by whoever has the format's own reference: MLX' is in Python, of other formats any agent reads. */
    static JobSpec reference64(Promotion promotion) {
        ModelFormat format = promotion.start().sourceFormat();
        RuntimeKind runtime = format == ModelFormat.MLX ? RuntimeKind.MLX : null;
        return evaluate(
                        promotion,
                        Step.REFERENCE64,
                        promotion.start().source(),
                        new Resources(
                                List.of(),
                                0,
                                runtime,
                                format,
                                promotion.environment().referencePool(),
                                ""))
                .withSettings(Map.of("precision", "float64"));
    }

    /** The converted model in float64 and its noise, on any agent that knows the format. */
    static JobSpec candidate64(Promotion promotion, Digest candidate) {
        ModelFormat format = promotion.environment().targetFormat();
        return evaluate(promotion, Step.CANDIDATE64, candidate, new Resources(List.of(), 0, null, format, "", ""))
                .withSettings(Map.of("precision", "float64", "noise_floor", "true"));
    }

    /** @param outputs of the evaluations, by step */
    static JobSpec compare(Promotion promotion, Map<Step, Digest> outputs, Digest candidate) {
        List<JobInput> inputs = new ArrayList<>();
        new TreeMap<>(outputs)
                .forEach((step, tree) -> inputs.add(input(step.name().toLowerCase(Locale.ROOT), tree)));
        // What a search for the operation at fault needs.
        inputs.add(input("source", promotion.start().source()));
        inputs.add(input("converted", candidate));
        inputs.add(input("suite", promotion.start().suite()));
        return JobSpec.of(JobKind.COMPARE, name(promotion, Step.COMPARE))
                .withInputs(inputs)
                .with(searching(promotion))
                .withOutputs(List.of(JobOutput.named(REPORT)))
                .withSettings(Map.of(
                        "policy", PolicyJson.settings(promotion.environment().policy())));
    }

    /** An agent that knows the source's own reference in float64. */
    private static Resources searching(Promotion promotion) {
        return promotion.start().sourceFormat() == ModelFormat.MLX
                ? new Resources(
                        List.of(),
                        0,
                        RuntimeKind.MLX,
                        ModelFormat.MLX,
                        promotion.environment().referencePool(),
                        "")
                : Resources.ANY;
    }

    private static JobSpec evaluate(Promotion promotion, Step step, Digest model, Resources resources) {
        return JobSpec.of(JobKind.EVALUATE, name(promotion, step))
                .with(new Work.Model(model.toString()))
                .withInputs(List.of(input("suite", promotion.start().suite())))
                .withOutputs(List.of(JobOutput.named(OUTPUTS)))
                .with(resources);
    }

    private static RuntimeKind runtime(ModelFormat format) {
        return switch (format) {
            case MLX -> RuntimeKind.MLX;
            case ONNX -> RuntimeKind.ONNXRUNTIME;
            case COREML -> RuntimeKind.COREML;
        };
    }

    private static JobInput input(String name, Digest tree) {
        return new JobInput(name, tree.toString());
    }

    // A job's name has at most 63 characters; a model's may have as many.
    private static String name(Promotion promotion, Step step) {
        String model = promotion.start().model();
        String suffix = "-" + step.name().toLowerCase(Locale.ROOT);
        return model.substring(0, Math.min(model.length(), 63 - suffix.length())) + suffix;
    }
}
