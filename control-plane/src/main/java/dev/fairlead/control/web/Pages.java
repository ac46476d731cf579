package dev.fairlead.control.web;

import dev.fairlead.control.agent.Agent;
import dev.fairlead.control.agent.Fleet;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.Attempt;
import dev.fairlead.control.job.Job;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.job.JobQuery;
import dev.fairlead.control.job.Jobs;
import dev.fairlead.control.job.Logs;
import dev.fairlead.control.parity.Finding;
import dev.fairlead.control.parity.Findings;
import dev.fairlead.control.promotion.Promotion;
import dev.fairlead.control.promotion.PromotionId;
import dev.fairlead.control.promotion.Promotions;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The dashboard: plain pages, rendered here, that read and never write. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class Pages {
    private static final int RECENT = 20;
    private static final int MANY = 200;
    private static final int LOG_TAIL = 32 * 1024;

    private final Fleet fleet;
    private final Jobs jobs;
    private final Promotions promotions;
    private final Findings findings;
    private final Logs logs;

    Pages(Fleet fleet, Jobs jobs, Promotions promotions, Findings findings, Logs logs) {
        this.fleet = fleet;
        this.jobs = jobs;
        this.promotions = promotions;
        this.findings = findings;
        this.logs = logs;
    }

    /** The pages' templates; their parameters are checked when the service is built. */
    @CheckedTemplate(basePath = "web")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance overview(Views.Overview page);

        static native TemplateInstance agents(List<Views.AgentRow> agents);

        static native TemplateInstance jobs(List<Views.JobRow> jobs);

        static native TemplateInstance job(Views.JobPage page);

        static native TemplateInstance promotions(List<Views.PromotionRow> promotions);

        static native TemplateInstance promotion(Views.PromotionPage page);

        static native TemplateInstance parity(Views.ReportView report);
    }

    @GET
    public TemplateInstance overview() {
        List<Agent> agents = fleet.list();
        List<Job> recentJobs = jobs.list(new JobQuery(MANY, null, Set.of(), null));
        List<Promotion> recentPromotions = promotions.list(MANY, null, null);
        return Templates.overview(new Views.Overview(
                counts(agents, Agent::state),
                counts(recentJobs, Job::state),
                counts(recentPromotions, Promotion::phase),
                agents.stream().map(AgentViews::row).toList(),
                recentJobs.stream().limit(RECENT).map(JobViews::row).toList(),
                recentPromotions.stream().limit(RECENT).map(PromotionViews::row).toList()));
    }

    @GET
    @Path("agents")
    public TemplateInstance agents() {
        return Templates.agents(fleet.list().stream().map(AgentViews::row).toList());
    }

    @GET
    @Path("jobs")
    public TemplateInstance jobs() {
        return Templates.jobs(jobs.list(new JobQuery(MANY, null, Set.of(), null)).stream()
                .map(JobViews::row)
                .toList());
    }

    @GET
    @Path("jobs/{id}")
    public TemplateInstance job(@PathParam("id") String id) {
        Job job = jobs.get(new JobId(id));
        Attempt attempt = job.latest();
        return Templates.job(JobViews.page(
                job, attempt == null ? Views.LogView.NONE : LogViews.of(attempt, logs.tail(attempt.id(), LOG_TAIL))));
    }

    @GET
    @Path("promotions")
    public TemplateInstance promotions() {
        return Templates.promotions(promotions.list(MANY, null, null).stream()
                .map(PromotionViews::row)
                .toList());
    }

    @GET
    @Path("promotions/{id}")
    public TemplateInstance promotion(@PathParam("id") String id) {
        Promotion promotion = promotions.get(new PromotionId(id));
        return Templates.promotion(PromotionViews.page(promotion, finding(promotion)));
    }

    @GET
    @Path("parity/{digest}")
    public TemplateInstance parity(@PathParam("digest") String digest) {
        return Templates.parity(PromotionViews.report(findings.byDigest(Digest.parse(digest, "digest"))));
    }

    private Optional<Finding> finding(Promotion promotion) {
        if (promotion.state().evidence().judgement().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(findings.byPromotion(promotion.id().value()));
        } catch (FairleadException e) {
            // The page says what the promotion knows; the report's job may have been cleaned away.
            return Optional.empty();
        }
    }

    private static <T, S extends Enum<S>> List<Views.Count> counts(List<T> all, Function<T, S> state) {
        return all.stream().collect(Collectors.groupingBy(state, Collectors.counting())).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Views.Count(Format.badge(entry.getKey()), entry.getValue()))
                .toList();
    }
}
