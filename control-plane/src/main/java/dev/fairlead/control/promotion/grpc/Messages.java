package dev.fairlead.control.promotion.grpc;

import com.google.protobuf.Timestamp;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.promotion.Environment;
import dev.fairlead.control.promotion.Evidence;
import dev.fairlead.control.promotion.Judgement;
import dev.fairlead.control.promotion.Phase;
import dev.fairlead.control.promotion.Policy;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.Step;
import dev.fairlead.control.promotion.Target;
import dev.fairlead.parity.verdict.Policy.Demand;
import dev.fairlead.parity.verdict.Policy.NoiseLimits;
import dev.fairlead.proto.v1.ParityVerdict;
import dev.fairlead.proto.v1.PromotionPolicy;
import dev.fairlead.proto.v1.PromotionState;
import dev.fairlead.proto.v1.Reason;
import dev.fairlead.proto.v1.StateChange;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Between the records of this feature and the messages of promotions.proto. */
final class Messages {
    private Messages() {}

    static dev.fairlead.proto.v1.Promotion promotion(Promotion promotion) {
        Promotion.Start start = promotion.start();
        Evidence evidence = promotion.state().evidence();
        var message = dev.fairlead.proto.v1.Promotion.newBuilder()
                .setId(promotion.id().value())
                .setModel(start.model())
                .setVersion(start.version())
                .setEnvironment(promotion.environment().name())
                .setState(state(promotion.phase()))
                .setReason(reason(promotion.reason()))
                .setSourceDigest(start.source().toString())
                .setSuiteDigest(start.suite().toString())
                .setCandidateDigest(text(evidence.candidate()))
                .setReportDigest(text(evidence.judgement().map(Judgement::report)))
                .setVerdict(verdict(promotion))
                .setConvertJob(job(promotion, Step.CONVERT))
                .setReferenceJob(job(promotion, Step.REFERENCE))
                .setCandidateJob(job(promotion, Step.CANDIDATE))
                .setReference64Job(job(promotion, Step.REFERENCE64))
                .setCandidate64Job(job(promotion, Step.CANDIDATE64))
                .setCompareJob(job(promotion, Step.COMPARE))
                .setStartedBy(start.by())
                .setApprovedBy(text(promotion.state().approvedBy()))
                .setStartedAt(timestamp(promotion.startedAt()))
                .setPreviousDigest(text(promotion.state().previous().map(Target::tree)))
                .setRevision(promotion.revision());
        promotion.finishedAt().ifPresent(at -> message.setFinishedAt(timestamp(at)));
        promotion
                .overruling()
                .ifPresent(overruling -> message.getOverrulingBuilder()
                        .setBy(overruling.by())
                        .setAt(timestamp(overruling.at()))
                        .setReason(overruling.why()));
        for (Promotion.Change change : promotion.history()) {
            message.addHistory(StateChange.newBuilder()
                    .setFrom(change.from().name())
                    .setTo(change.to().name())
                    .setAt(timestamp(change.at()))
                    .setReason(reason(change.reason())));
        }
        return message.build();
    }

    static dev.fairlead.proto.v1.Environment environment(Environment environment) {
        Policy policy = environment.policy();
        return dev.fairlead.proto.v1.Environment.newBuilder()
                .setName(environment.name())
                .setReferencePool(environment.referencePool())
                .setCandidatePool(environment.candidatePool())
                .setTargetFormat(format(environment.targetFormat()))
                .setPolicy(claimed(policy)
                        .setAcceptStandIns(policy.standIns() == Policy.StandIns.ACCEPTED)
                        .setApprovalRequired(policy.approval() == Policy.Approval.REQUIRED)
                        .setMinimumInputs(policy.minimumInputs())
                        .putAllNormalisedRmse(policy.normalisedRmse())
                        .setNoisePass(policy.noise().pass())
                        .setNoiseWarn(policy.noise().warn())
                        .addAllAllowedFindings(policy.allowedFindings()))
                .build();
    }

    static Environment environment(dev.fairlead.proto.v1.Environment message) {
        if (!message.hasPolicy()) {
            throw FairleadException.missing("environment.policy");
        }
        PromotionPolicy policy = message.getPolicy();
        return new Environment(
                message.getName(),
                message.getReferencePool(),
                message.getCandidatePool(),
                format(message.getTargetFormat()),
                new Policy(
                        policy.getAcceptStandIns() ? Policy.StandIns.ACCEPTED : Policy.StandIns.REFUSED,
                        policy.getApprovalRequired() ? Policy.Approval.REQUIRED : Policy.Approval.NOT_NEEDED,
                        policy.getMinimumInputs(),
                        policy.getNormalisedRmseMap(),
                        claim(policy),
                        noise(policy),
                        Set.copyOf(policy.getAllowedFindingsList())));
    }

    private static PromotionPolicy.Builder claimed(Policy policy) {
        var message = PromotionPolicy.newBuilder();
        policy.claim()
                .ifPresent(claim -> message.getClaimBuilder()
                        .setMaximumRate(claim.maximumRate())
                        .setConfidence(claim.confidence()));
        return message;
    }

    private static Optional<Demand> claim(PromotionPolicy policy) {
        return policy.hasClaim()
                ? Optional.of(checked(() -> new Demand(
                        policy.getClaim().getMaximumRate(), policy.getClaim().getConfidence())))
                : Optional.empty();
    }

    private static NoiseLimits noise(PromotionPolicy policy) {
        boolean unset = policy.getNoisePass() == 0 && policy.getNoiseWarn() == 0;
        return unset
                ? NoiseLimits.DEFAULT
                : checked(() -> new NoiseLimits(policy.getNoisePass(), policy.getNoiseWarn()));
    }

    private static <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw FairleadException.invalid("environment.policy", String.valueOf(e.getMessage()));
        }
    }

    private static ModelFormat format(dev.fairlead.proto.v1.ModelFormat format) {
        return switch (format) {
            case MODEL_FORMAT_MLX -> ModelFormat.MLX;
            case MODEL_FORMAT_ONNX -> ModelFormat.ONNX;
            case MODEL_FORMAT_COREML -> ModelFormat.COREML;
            case MODEL_FORMAT_UNSPECIFIED -> throw FairleadException.missing("environment.target_format");
            case UNRECOGNIZED -> throw FairleadException.invalid("environment.target_format", "is not a known format");
        };
    }

    private static dev.fairlead.proto.v1.ModelFormat format(ModelFormat format) {
        return switch (format) {
            case MLX -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_MLX;
            case ONNX -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_ONNX;
            case COREML -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_COREML;
        };
    }

    private static PromotionState state(Phase phase) {
        return switch (phase) {
            case CONVERTING -> PromotionState.PROMOTION_STATE_CONVERTING;
            case VALIDATING -> PromotionState.PROMOTION_STATE_VALIDATING;
            case AWAITING_APPROVAL -> PromotionState.PROMOTION_STATE_AWAITING_APPROVAL;
            case DEPLOYING -> PromotionState.PROMOTION_STATE_DEPLOYING;
            case PROMOTED -> PromotionState.PROMOTION_STATE_PROMOTED;
            case REJECTED -> PromotionState.PROMOTION_STATE_REJECTED;
            case ABORTED -> PromotionState.PROMOTION_STATE_ABORTED;
            case ROLLED_BACK -> PromotionState.PROMOTION_STATE_ROLLED_BACK;
        };
    }

    private static ParityVerdict verdict(Promotion promotion) {
        Optional<Judgement> judgement = promotion.state().evidence().judgement();
        if (judgement.isEmpty()) {
            boolean running = promotion.jobs().containsKey(Step.COMPARE)
                    && !promotion.phase().terminal();
            return running ? ParityVerdict.PARITY_VERDICT_RUNNING : ParityVerdict.PARITY_VERDICT_PENDING;
        }
        return switch (judgement.get().verdict()) {
            case PASSED -> ParityVerdict.PARITY_VERDICT_PASSED;
            case FAILED -> ParityVerdict.PARITY_VERDICT_FAILED;
            case INCONCLUSIVE -> ParityVerdict.PARITY_VERDICT_INCONCLUSIVE;
            case ERROR -> ParityVerdict.PARITY_VERDICT_ERROR;
        };
    }

    private static Reason reason(dev.fairlead.control.error.Reason reason) {
        return Reason.newBuilder()
                .setCode(reason.code())
                .setSentence(reason.sentence())
                .build();
    }

    private static String job(Promotion promotion, Step step) {
        JobId id = promotion.jobs().get(step);
        return id == null ? "" : id.value();
    }

    private static String text(Optional<?> value) {
        return value.map(Object::toString).orElse("");
    }

    private static Timestamp timestamp(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    static Optional<Digest> suite(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(Digest.parse(text, "suite_digest"));
    }
}
