package dev.fairlead.control.promotion;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.parity.verdict.Policy.Demand;
import dev.fairlead.parity.verdict.Policy.NoiseLimits;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Environments and policies as JSON: for the comparing job's settings, and to keep what governed a promotion. */
public final class PolicyJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private PolicyJson() {}

    /** The setting {@code policy} of a comparing job: {@code accept_stand_ins}, {@code minimum_inputs}, {@code normalised_rmse}. */
    static String settings(Policy policy) {
        ObjectNode json = JSON.createObjectNode();
        json.put("accept_stand_ins", policy.standIns() == Policy.StandIns.ACCEPTED);
        json.put("minimum_inputs", policy.minimumInputs());
        limits(json, policy);
        judging(json, policy);
        return json.toString();
    }

    /** Everything of an environment; {@link #environment} reads it. */
    public static String write(Environment environment) {
        Policy policy = environment.policy();
        ObjectNode json = JSON.createObjectNode();
        json.put("name", environment.name());
        json.put("reference_pool", environment.referencePool());
        json.put("candidate_pool", environment.candidatePool());
        json.put("target_format", environment.targetFormat().name());
        json.put("stand_ins", policy.standIns().name());
        json.put("approval", policy.approval().name());
        json.put("minimum_inputs", policy.minimumInputs());
        limits(json, policy);
        judging(json, policy);
        return json.toString();
    }

    public static Environment environment(String text) {
        JsonNode json = read(text);
        return new Environment(
                json.path("name").asText(),
                json.path("reference_pool").asText(),
                json.path("candidate_pool").asText(),
                ModelFormat.valueOf(json.path("target_format").asText()),
                new Policy(
                        Policy.StandIns.valueOf(json.path("stand_ins").asText()),
                        Policy.Approval.valueOf(json.path("approval").asText()),
                        json.path("minimum_inputs").asInt(),
                        limits(json.path("normalised_rmse")),
                        claim(json),
                        noise(json),
                        findings(json)));
    }

    /** Claim, limits to the noise floor and allowed findings of a policy alone. */
    public static String writeJudging(Policy policy) {
        ObjectNode json = JSON.createObjectNode();
        judging(json, policy);
        return json.toString();
    }

    /** {@code policy} with what {@link #writeJudging} wrote; what is missing takes its default. */
    public static Policy readJudging(Policy policy, String text) {
        JsonNode json = read(text);
        return new Policy(
                policy.standIns(),
                policy.approval(),
                policy.minimumInputs(),
                policy.normalisedRmse(),
                claim(json),
                noise(json),
                findings(json));
    }

    private static void judging(ObjectNode json, Policy policy) {
        policy.claim()
                .ifPresent(claim -> json.putObject("claim")
                        .put("maximum_rate", claim.maximumRate())
                        .put("confidence", claim.confidence()));
        json.putObject("noise")
                .put("pass", policy.noise().pass())
                .put("warn", policy.noise().warn());
        ArrayNode findings = json.putArray("allowed_findings");
        policy.allowedFindings().forEach(findings::add);
    }

    private static Optional<Demand> claim(JsonNode json) {
        JsonNode claim = json.path("claim");
        return claim.isObject()
                ? Optional.of(new Demand(
                        claim.path("maximum_rate").asDouble(),
                        claim.path("confidence").asDouble()))
                : Optional.empty();
    }

    private static NoiseLimits noise(JsonNode json) {
        JsonNode noise = json.path("noise");
        return noise.isObject()
                ? new NoiseLimits(
                        noise.path("pass").asDouble(), noise.path("warn").asDouble())
                : NoiseLimits.DEFAULT;
    }

    private static Set<String> findings(JsonNode json) {
        Set<String> findings = new TreeSet<>();
        json.path("allowed_findings").forEach(code -> findings.add(code.asText()));
        return findings;
    }

    /** The limits of a policy alone, name to limit. */
    public static String writeLimits(Map<String, Double> limits) {
        ObjectNode json = JSON.createObjectNode();
        limits.forEach(json::put);
        return json.toString();
    }

    public static Map<String, Double> readLimits(String text) {
        return limits(read(text));
    }

    private static void limits(ObjectNode json, Policy policy) {
        ObjectNode limits = json.putObject("normalised_rmse");
        policy.normalisedRmse().forEach(limits::put);
    }

    private static Map<String, Double> limits(JsonNode json) {
        Map<String, Double> limits = new TreeMap<>();
        json.properties()
                .forEach(entry -> limits.put(entry.getKey(), entry.getValue().asDouble()));
        return limits;
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored environment is not JSON", e);
        }
    }
}
