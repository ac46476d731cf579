package dev.fairlead.control.access;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The rule of every call, by full method name. A call without a rule is refused. */
public final class Rules {
    private static final Rule OPEN = new Rule.Open();
    private static final Rule VIEWER = new Rule.AtLeast(Role.VIEWER);
    private static final Rule SUBMITTER = new Rule.AtLeast(Role.SUBMITTER);
    private static final Rule PROMOTER = new Rule.AtLeast(Role.PROMOTER);
    private static final Rule ADMIN = new Rule.AtLeast(Role.ADMIN);
    private static final Rule AGENT = new Rule.Agents();
    private static final Rule SUBMITTER_OR_AGENT = new Rule.AtLeastOrAgent(Role.SUBMITTER);
    private static final Rule VIEWER_OR_AGENT = new Rule.AtLeastOrAgent(Role.VIEWER);

    private static final Map<String, Rule> BY_METHOD = new TreeMap<>();

    static {
        rule("Access", ADMIN, "CreateToken", "ListTokens", "RevokeToken");
        rule("Access", VIEWER, "WhoAmI");
        rule("Agents", OPEN, "Enrol");
        rule("Agents", AGENT, "Connect");
        rule("Agents", VIEWER, "List", "Get");
        rule("Agents", ADMIN, "CreateJoinToken", "Approve", "Drain");
        rule("Artifacts", SUBMITTER_OR_AGENT, "Missing", "UploadBlob", "CommitTree");
        rule("Artifacts", VIEWER_OR_AGENT, "GetTree", "DownloadBlob");
        rule("Artifacts", VIEWER, "List");
        rule("Artifacts", ADMIN, "CollectGarbage");
        rule("Jobs", VIEWER, "Plan", "Get", "List", "Watch", "Logs");
        rule("Jobs", SUBMITTER, "Submit", "Cancel");
        rule("Models", VIEWER, "List", "Get", "Resolve");
        rule("Models", SUBMITTER, "CreateVersion");
        rule("Parity", VIEWER, "GetReport", "List", "GetCertificate");
        rule("Promotions", VIEWER, "Get", "List", "Watch", "ListEnvironments");
        rule("Promotions", PROMOTER, "Start", "Approve", "Abort", "Undo");
        rule("Promotions", ADMIN, "PutEnvironment");
        // The standard health service: probes carry no credentials and learn nothing but up or down.
        BY_METHOD.put("grpc.health.v1.Health/Check", OPEN);
        BY_METHOD.put("grpc.health.v1.Health/Watch", OPEN);
        BY_METHOD.put("grpc.health.v1.Health/List", OPEN);
    }

    private Rules() {}

    /** {@code method} as gRPC writes it: {@code fairlead.v1.Jobs/Submit}. */
    public static Optional<Rule> of(String method) {
        return Optional.ofNullable(BY_METHOD.get(method));
    }

    private static void rule(String service, Rule rule, String... methods) {
        for (String method : methods) {
            if (BY_METHOD.put("fairlead.v1." + service + "/" + method, rule) != null) {
                throw new IllegalStateException(service + "/" + method + " has two rules");
            }
        }
    }
}
