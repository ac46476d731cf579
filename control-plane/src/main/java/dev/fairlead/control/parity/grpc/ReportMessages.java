package dev.fairlead.control.parity.grpc;

import com.google.protobuf.Timestamp;
import dev.fairlead.control.parity.Finding;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.OutputVerdict;
import dev.fairlead.parity.verdict.Verdict;
import dev.fairlead.proto.v1.OutputParity;
import dev.fairlead.proto.v1.ParityReport;
import dev.fairlead.proto.v1.ParityVerdict;
import dev.fairlead.proto.v1.Reason;
import java.time.Instant;
import java.util.Optional;

/** From findings to the messages of parity.proto. */
final class ReportMessages {
    private ReportMessages() {}

    /** Without the rows, the fingerprints and the text of the report. */
    static ParityReport.Builder summary(Finding finding) {
        Instant at = finding.judgedAt();
        return ParityReport.newBuilder()
                .setReportDigest(finding.digest().toString())
                .setJobId(finding.job().value())
                .setPromotionId(finding.promotionId().orElse(""))
                .setVerdict(verdict(finding.verdict()))
                .setSentence(finding.sentence())
                .setInputs(finding.inputs())
                .setJudgedAt(
                        Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()));
    }

    static ParityReport whole(Finding finding) {
        ParityReport.Builder message = summary(finding).setJson(finding.json().orElse(""));
        finding.report().ifPresent(report -> {
            report.outputs().forEach(output -> message.addOutputs(output(output)));
            Optional.ofNullable(report.reference()).ifPresent(side -> message.setReference(fingerprint(side)));
            Optional.ofNullable(report.candidate()).ifPresent(side -> message.setCandidate(fingerprint(side)));
        });
        return message.build();
    }

    private static OutputParity output(OutputVerdict output) {
        OutputParity.Builder message = OutputParity.newBuilder()
                .setName(output.name())
                .setDtype(output.dtype())
                .setVerdict(verdict(output.verdict()))
                .setReason(Reason.newBuilder().setCode(output.code()).setSentence(output.sentence()))
                .setLimit(output.limit());
        Optional.ofNullable(output.figures())
                .ifPresent(figures -> message.setElements(figures.elements())
                        .setNormalisedRmse(figures.normalisedRmse())
                        .setMaxAbsolute(figures.maxAbsolute())
                        .setMaxRelative(figures.maxRelative())
                        .setCosine(figures.cosine())
                        .setSnrDb(figures.snrDb())
                        .setMaxUlp(figures.maxUlp()));
        return message.build();
    }

    private static dev.fairlead.proto.v1.Fingerprint fingerprint(Fingerprint side) {
        return dev.fairlead.proto.v1.Fingerprint.newBuilder()
                .setModelDigest(side.modelDigest())
                .setAgent(side.agent())
                .setOs(side.os())
                .setDevice(side.device())
                .setDriver(side.driver())
                .setRuntime(side.runtime())
                .setRuntimeVersion(side.runtimeVersion())
                .setProvider(side.provider())
                .setPrecision(side.precision())
                .putAllPrecisionSettings(side.precisionSettings())
                .setStandIn(side.standIn())
                .build();
    }

    private static ParityVerdict verdict(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> ParityVerdict.PARITY_VERDICT_PASSED;
            case INCONCLUSIVE -> ParityVerdict.PARITY_VERDICT_INCONCLUSIVE;
            case FAILED -> ParityVerdict.PARITY_VERDICT_FAILED;
            case ERROR -> ParityVerdict.PARITY_VERDICT_ERROR;
        };
    }
}
