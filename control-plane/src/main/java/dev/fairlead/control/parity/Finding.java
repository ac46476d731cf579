package dev.fairlead.control.parity;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.job.JobId;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.ReportJson;
import dev.fairlead.parity.verdict.Verdict;
import java.time.Instant;
import java.util.Optional;

/**
 * What one comparing job found.
 *
 * @param digest the tree that holds report.json
 * @param promotionId the promotion that asked; empty where a person did
 * @param sentence one sentence with numbers
 * @param inputs golden inputs compared
 * @param json the whole report.json; empty where it could not be read, and then the verdict is ERROR
 */
public record Finding(
        Digest digest,
        JobId job,
        Optional<String> promotionId,
        Verdict verdict,
        String sentence,
        int inputs,
        Instant judgedAt,
        Optional<String> json) {
    /** The report in full. */
    public Optional<Report> report() {
        return json.map(text -> ReportJson.report("report.json of " + digest, text));
    }
}
