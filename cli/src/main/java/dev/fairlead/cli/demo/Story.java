package dev.fairlead.cli.demo;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.job.JobFile;
import dev.fairlead.cli.job.JobFiles;
import dev.fairlead.cli.local.AgentPlan;
import dev.fairlead.cli.local.LocalStack;
import dev.fairlead.cli.parity.ParityTable;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.Home;
import dev.fairlead.cli.terminal.Words;
import dev.fairlead.proto.v1.ApprovePromotionRequest;
import dev.fairlead.proto.v1.GetModelRequest;
import dev.fairlead.proto.v1.GetReportRequest;
import dev.fairlead.proto.v1.ListAgentsRequest;
import dev.fairlead.proto.v1.ListEnvironmentsRequest;
import dev.fairlead.proto.v1.Promotion;
import dev.fairlead.proto.v1.PromotionState;
import dev.fairlead.proto.v1.PutEnvironmentRequest;
import dev.fairlead.proto.v1.StartPromotionRequest;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The demo's steps, each through the same calls as the command line makes. */
final class Story {
    private static final String ENVIRONMENT = "prod";

    private final Context context;
    private final LocalStack stack;
    private final String example;
    private final Steps steps;

    Story(Context context, LocalStack stack, String example) {
        this.context = context;
        this.stack = stack;
        this.example = example;
        this.steps = new Steps(context, 7);
    }

    void tell() throws InterruptedException {
        var endpoint = start();
        try (var connection = stack.connect(endpoint)) {
            var jobs = new DemoJobs(connection, context);
            allowStandIns(connection);
            train(connection, jobs);
            var promotion = prove(connection, jobs);
            show(connection, promotion);
            deploy(connection, jobs, promotion);
            infer(jobs);
        }
        context.terminal().line("Dashboard: " + endpoint.http());
    }

    private Home.Endpoint start() throws InterruptedException {
        var endpoint = new Home.Endpoint[1];
        steps.run("start the control plane", meter -> {
            meter.show(-1, "PostgreSQL, gRPC, dashboard");
            endpoint[0] = stack.startControlPlane(0, 0);
            return "gRPC at " + endpoint[0].grpc();
        });
        var agents = AgentPlan.forThisMachine();
        steps.run("start the Mac and the CUDA agent", meter -> {
            for (var agent : agents) {
                meter.show((double) agents.indexOf(agent) / agents.size(), agent.name());
                stack.startAgent(agent, endpoint[0]);
            }
            return agents.stream()
                    .map(agent -> agent.name() + (agent.standIn() ? " (stand-in)" : ""))
                    .collect(Collectors.joining(", "));
        });
        return endpoint[0];
    }

    /** Hardware is never pretended: where an agent is a stand-in, `prod` must accept that openly. */
    private void allowStandIns(Connection connection) {
        var standIns = connection.agents().list(ListAgentsRequest.getDefaultInstance()).getAgentsList().stream()
                .filter(agent -> agent.getMachine().getStandIn())
                .toList();
        if (standIns.isEmpty()) {
            return;
        }
        var prod = connection
                .promotions()
                .listEnvironments(ListEnvironmentsRequest.getDefaultInstance())
                .getEnvironmentsList()
                .stream()
                .filter(environment -> environment.getName().equals(ENVIRONMENT))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(ExitCode.NOT_FOUND, "no environment \"" + ENVIRONMENT + "\"", ""))
                .toBuilder();
        prod.getPolicyBuilder().setAcceptStandIns(true);
        connection
                .promotions()
                .putEnvironment(
                        PutEnvironmentRequest.newBuilder().setEnvironment(prod).build());
        standIns.forEach(agent -> context.terminal()
                .line("      " + agent.getName() + ": " + agent.getMachine().getNote()));
        context.terminal()
                .line("      This machine lacks the real devices, so `prod` is set to accept stand-ins for this demo.");
    }

    private void train(Connection connection, DemoJobs jobs) throws InterruptedException {
        steps.run("train " + example + " on the Mac agent", meter -> {
            var spec = JobFile.read(context.root().resolve(Path.of("examples", example, "job.yaml")));
            var job = jobs.run(new JobFiles(connection, context.terminal(), context.root()).resolve(spec), meter);
            var model = connection
                    .models()
                    .get(GetModelRequest.newBuilder().setName(example).build());
            var version = model.getVersions(model.getVersionsCount() - 1);
            return example + "@" + version.getVersion() + " " + Words.shortDigest(version.getTreeDigest()) + "  "
                    + DemoJobs.summary(job);
        });
    }

    /** Converts and validates; ends where the promotion waits for approval. */
    private Promotion prove(Connection connection, DemoJobs jobs) throws InterruptedException {
        var watch = new PromotionProgress(connection, context, jobs);
        var id = new String[1];
        steps.run("convert MLX to ONNX", meter -> {
            id[0] = connection
                    .promotions()
                    .start(StartPromotionRequest.newBuilder()
                            .setRef(example + "@1")
                            .setEnvironment(ENVIRONMENT)
                            .setIdempotencyKey(context.keys().get())
                            .build())
                    .getId();
            var promotion = watch.until(id[0], PromotionState.PROMOTION_STATE_CONVERTING, meter);
            return Words.shortDigest(promotion.getCandidateDigest());
        });
        var proven = new Promotion[1];
        steps.run("evaluate golden inputs on both, compare", meter -> {
            proven[0] = watch.until(id[0], PromotionState.PROMOTION_STATE_VALIDATING, meter);
            return Words.of(proven[0].getVerdict());
        });
        return proven[0];
    }

    private void show(Connection connection, Promotion promotion) {
        var report = connection
                .parity()
                .getReport(GetReportRequest.newBuilder()
                        .setPromotionId(promotion.getId())
                        .build());
        ParityTable.print(report, context.terminal());
    }

    private void deploy(Connection connection, DemoJobs jobs, Promotion promotion) throws InterruptedException {
        var watch = new PromotionProgress(connection, context, jobs);
        steps.run("approve, move " + example + "@" + ENVIRONMENT, meter -> {
            if (promotion.getState() == PromotionState.PROMOTION_STATE_AWAITING_APPROVAL) {
                connection
                        .promotions()
                        .approve(ApprovePromotionRequest.newBuilder()
                                .setId(promotion.getId())
                                .build());
            }
            watch.untilPromoted(promotion.getId(), meter);
            return example + "@" + ENVIRONMENT + " is " + Words.shortDigest(promotion.getCandidateDigest());
        });
    }

    private void infer(DemoJobs jobs) throws InterruptedException {
        steps.run("infer with " + example + "@" + ENVIRONMENT + " on the CUDA agent", meter -> {
            var job = jobs.run(DemoJobs.inference(example, ENVIRONMENT), meter);
            return DemoJobs.summary(job);
        });
    }
}
