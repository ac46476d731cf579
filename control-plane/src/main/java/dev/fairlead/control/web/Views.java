package dev.fairlead.control.web;

import java.util.List;

/** What templates show: text that is ready to be escaped and printed. An empty text is not shown. */
public final class Views {
    private Views() {}

    /** A word with a colour: {@code tone} is {@code good}, {@code busy}, {@code bad} or {@code quiet}. */
    public record Badge(String text, String tone) {}

    /** How many things are in a state. */
    public record Count(Badge state, long number) {}

    public record AgentRow(
            String name,
            String pool,
            Badge state,
            String reason,
            String system,
            List<String> devices,
            List<String> runtimes,
            String standIn,
            String lastSeen) {}

    public record JobRow(
            String id, String name, String kind, Badge state, String reason, String agent, String submitted) {}

    public record PromotionRow(String id, String title, Badge state, String reason, String started) {}

    public record Overview(
            List<Count> agentCounts,
            List<Count> jobCounts,
            List<Count> promotionCounts,
            List<AgentRow> agents,
            List<JobRow> jobs,
            List<PromotionRow> promotions) {}

    public record AttemptRow(
            int number,
            String agent,
            String device,
            Badge state,
            String reason,
            String placed,
            String ended,
            String exit) {}

    /** A name and what it stands for; {@code link} is empty where nothing can be opened. */
    public record Fact(String name, String text, String link) {}

    public record JobPage(
            String id,
            String name,
            Badge state,
            String reason,
            List<Fact> facts,
            List<AttemptRow> attempts,
            String result,
            LogView log,
            boolean moving) {}

    /** The end of a log: {@code title} says whose and how much of it; {@code text} is empty where nothing was written. */
    public record LogView(String title, String text) {
        static final LogView NONE = new LogView("Log", "");
    }

    public record ChangeRow(Badge from, Badge to, String at, String reason) {}

    public record PromotionPage(
            String id,
            String title,
            Badge state,
            String reason,
            List<Fact> facts,
            List<ChangeRow> history,
            List<ReportView> report,
            boolean moving) {}

    public record OutputRow(
            String name,
            String dtype,
            Badge verdict,
            String reason,
            String elements,
            String normalisedRmse,
            String limit,
            String maxAbsolute,
            String cosine,
            String snr,
            String maxUlp) {}

    public record SideView(
            String side, String device, String runtime, String provider, String settings, String standIn) {}

    public record ComparisonRow(String judged, Badge verdict, String rho, String sentence) {}

    /**
     * An operation of the converted graph, with a bar.
     *
     * @param share of the bar's width, in percent
     */
    public record OperationRow(String name, String op, String rule, String source, String error, int share) {}

    public record ReportView(
            String digest,
            Badge verdict,
            String sentence,
            String inputs,
            String claim,
            List<ComparisonRow> comparisons,
            String culprit,
            List<OperationRow> operations,
            List<OutputRow> outputs,
            List<SideView> sides,
            List<String> notes) {}
}
