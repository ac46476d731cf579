package dev.fairlead.control.promotion;

import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.error.Reason;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.parity.Certificates;
import dev.fairlead.control.parity.Finding;
import dev.fairlead.control.parity.Findings;
import dev.fairlead.parity.certificate.Certificate;
import dev.fairlead.parity.certificate.Keys;
import dev.fairlead.parity.certificate.Side;
import dev.fairlead.parity.verdict.Fingerprint;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.parity.verdict.Verdict;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/** Issues certificates from the reports of comparing jobs. */
@Singleton
final class Certifier implements Certification {
    private final Certificates certificates;
    private final Findings findings;
    private final Fleet fleet;
    private final InstantSource clock;

    Certifier(Certificates certificates, Findings findings, Fleet fleet, InstantSource clock) {
        this.certificates = certificates;
        this.findings = findings;
        this.fleet = fleet;
        this.clock = clock;
    }

    @Override
    public void passed(Promotion promotion, Digest candidate, Judgement judgement) {
        JobId compare = Optional.ofNullable(promotion.jobs().get(Step.COMPARE)).orElseThrow();
        Finding finding = findings.byJob(compare);
        Report report = finding.report().orElse(null);
        Fingerprint one = report == null ? null : report.reference();
        Fingerprint other = report == null ? null : report.candidate();
        if (report == null || one == null || other == null || report.verdict() != Verdict.PASSED) {
            // The job says that it passed and its report does not say so, or not on what: that must not be deployed.
            throw new FairleadException(
                    ErrorCode.PARITY_REPORT_NOT_FOUND,
                    "report_digest",
                    "the comparing job passed, and its report, %s, certifies nothing: verdict %s, %s"
                            .formatted(
                                    judgement.report(),
                                    finding.verdict(),
                                    finding.verdict() == Verdict.PASSED
                                            ? "without the fingerprint of a side"
                                            : finding.sentence()));
        }
        certificates.issue(Certificate.of(
                promotion.id().value(),
                clock.instant(),
                judgement.sentence(),
                report.claim(),
                judgement.report().toString(),
                digest(ReportJson.write(report.policy())),
                new Keys(
                        promotion.start().source().toString(),
                        candidate.toString(),
                        promotion.start().suite().toString(),
                        "",
                        other.precision(),
                        Side.of(one),
                        Side.of(other))));
    }

    @Override
    public Optional<Reason> stale(String id, String candidatePool) {
        return certificates
                .find(id)
                .flatMap(signed -> Staleness.of(signed.certificate().keys(), candidatePool, fleet.list()));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
