package dev.fairlead.cli.promote;

import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.cli.failure.ExitCode;
import dev.fairlead.cli.policy.PolicyFile;
import dev.fairlead.cli.server.Connection;
import dev.fairlead.cli.server.Context;
import dev.fairlead.cli.server.ServerCommand;
import dev.fairlead.proto.v1.Environment;
import dev.fairlead.proto.v1.ListEnvironmentsRequest;
import dev.fairlead.proto.v1.PromotionPolicy;
import dev.fairlead.proto.v1.PutEnvironmentRequest;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "set",
        description = "Changes what is named of an environment's policy; the rest stays.",
        footer = {"", "Example:", "  fairlead environment set prod --accept-stand-ins true --minimum-inputs 100"})
final class EnvironmentSet extends ServerCommand {
    @Parameters(index = "0", paramLabel = "ENVIRONMENT", description = "The environment's name.")
    private String name = "";

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A policy in YAML that replaces the whole present one; other options change it further.")
    private @Nullable Path policyFile;

    @Option(names = "--reference-pool", paramLabel = "POOL", description = "Where the reference side runs.")
    private @Nullable String referencePool;

    @Option(names = "--candidate-pool", paramLabel = "POOL", description = "Where the candidate runs.")
    private @Nullable String candidatePool;

    @Option(
            names = "--accept-stand-ins",
            arity = "1",
            paramLabel = "true|false",
            description = "Whether a report of stand-ins counts.")
    private @Nullable Boolean acceptStandIns;

    @Option(
            names = "--approval",
            arity = "1",
            paramLabel = "true|false",
            description = "Whether a person must approve.")
    private @Nullable Boolean approval;

    @Option(names = "--minimum-inputs", paramLabel = "N", description = "Fewer golden inputs are inconclusive.")
    private @Nullable Integer minimumInputs;

    @Option(
            names = "--nrmse",
            paramLabel = "DTYPE|OUTPUT=LIMIT",
            description = "Limit of the normalised RMSE; may be repeated.")
    private Map<String, Double> limits = Map.of();

    EnvironmentSet(Context context) {
        super(context);
    }

    @Override
    protected ExitCode run(Connection connection) {
        var present = connection
                .promotions()
                .listEnvironments(ListEnvironmentsRequest.getDefaultInstance())
                .getEnvironmentsList()
                .stream()
                .filter(environment -> environment.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.NOT_FOUND, "no environment \"" + name + "\"", "See fairlead environment ls."));
        var changed = connection
                .promotions()
                .putEnvironment(PutEnvironmentRequest.newBuilder()
                        .setEnvironment(change(present))
                        .build());
        if (json()) {
            printJson(changed);
        } else {
            EnvironmentLs.table(java.util.List.of(changed)).print(terminal(), "");
        }
        return ExitCode.OK;
    }

    private static void replace(PromotionPolicy.Builder policy, PolicyFile file) {
        var rules = file.policy();
        boolean approval = file.approvalRequired().orElse(policy.getApprovalRequired());
        policy.clear()
                .setAcceptStandIns(rules.acceptStandIns())
                .setApprovalRequired(approval)
                .setMinimumInputs(rules.minimumInputs())
                .putAllNormalisedRmse(rules.normalisedRmse())
                .setNoisePass(rules.noise().pass())
                .setNoiseWarn(rules.noise().warn())
                .addAllAllowedFindings(rules.allowedFindings());
        var claim = rules.claim();
        if (claim != null) {
            policy.getClaimBuilder().setMaximumRate(claim.maximumRate()).setConfidence(claim.confidence());
        }
    }

    private Environment change(Environment present) {
        var environment = present.toBuilder();
        var policy = environment.getPolicyBuilder();
        if (policyFile != null) {
            replace(policy, PolicyFile.read(policyFile));
        }
        if (referencePool != null) {
            environment.setReferencePool(referencePool);
        }
        if (candidatePool != null) {
            environment.setCandidatePool(candidatePool);
        }
        if (acceptStandIns != null) {
            policy.setAcceptStandIns(acceptStandIns);
        }
        if (approval != null) {
            policy.setApprovalRequired(approval);
        }
        if (minimumInputs != null) {
            policy.setMinimumInputs(minimumInputs);
        }
        policy.putAllNormalisedRmse(limits);
        return environment.build();
    }
}
