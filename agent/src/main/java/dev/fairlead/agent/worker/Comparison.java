package dev.fairlead.agent.worker;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.parity.compare.Comparer;
import dev.fairlead.parity.compare.FourCorners;
import dev.fairlead.parity.verdict.Corner;
import dev.fairlead.parity.verdict.Policy;
import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Compare: two outputs folders, or the corners of a promotion, under a policy. A difference is a verdict in the report, and no failure of the job. */
final class Comparison {
    private Comparison() {}

    static ObjectNode run(Task task, Path machine) throws IOException {
        Report report = new FaultSearch(task, machine).explained(report(task));
        Files.writeString(task.output("report").resolve("report.json"), ReportJson.write(report));
        System.out.println(report.sentence());
        return new JsonMapper()
                .createObjectNode()
                .put("verdict", report.verdict().name())
                .put("sentence", report.sentence());
    }

    private static Report report(Task task) {
        Path exact = task.inputs().get("candidate64");
        if (exact == null) {
            return Comparer.compare(task.input("reference"), task.input("candidate"), policy(task));
        }
        Map<Corner, Path> corners = new EnumMap<>(Corner.class);
        corners.put(Corner.S, task.input("reference"));
        corners.put(Corner.G64, exact);
        corners.put(Corner.C, task.input("candidate"));
        Optional.ofNullable(task.inputs().get("reference64")).ifPresent(folder -> corners.put(Corner.S64, folder));
        return FourCorners.compare(corners, policy(task));
    }

    private static Policy policy(Task task) {
        String json = task.settings().get("policy");
        if (json == null) {
            return Policy.strict();
        }
        try {
            return ReportJson.policy("settings.policy", json);
        } catch (IllegalArgumentException e) {
            throw new AgentFailure(FailureCode.BAD_TASK, String.valueOf(e.getMessage()), e);
        }
    }
}
