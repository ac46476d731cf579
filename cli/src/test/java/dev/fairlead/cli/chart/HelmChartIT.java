package dev.fairlead.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Lints and renders the chart in helm/fairlead. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HelmChartIT {
    private static final String CHART = Path.of(System.getProperty("fairlead.root", ".."), "helm", "fairlead")
            .toString();

    private Helm helm;

    @BeforeAll
    void findHelm() throws IOException, InterruptedException {
        var found = Helm.find();
        assumeTrue(found.isPresent(), "neither helm nor a Go that can build it is on this machine");
        helm = found.orElseThrow();
    }

    @Test
    void lintsWithoutAComplaint() throws IOException, InterruptedException {
        var result = helm.run("lint", "--strict", CHART);
        assertThat(result.text()).contains("0 chart(s) failed");
        assertThat(result.exit()).isZero();
    }

    @Test
    void rendersAControlPlaneAloneByDefault() throws IOException, InterruptedException {
        var objects = render();
        assertThat(objects)
                .extracting(object -> object.path("kind").asText())
                .containsExactly("Service", "StatefulSet");
        var pod = objects.getLast().at("/spec/template/spec");
        var container = pod.at("/containers/0");
        assertThat(container.path("image").asText()).isEqualTo("fairlead/control-plane:0.1.0");
        assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/q/health/ready");
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/q/health/live");
        assertThat(container.path("env").toString()).doesNotContain("FAIRLEAD_DATABASE_URL");
    }

    @Test
    void takesThePasswordOfAnExternalDatabaseFromASecret() throws IOException, InterruptedException {
        var objects = render(
                "--set", "controlPlane.database.url=jdbc:postgresql://db:5432/fairlead",
                "--set", "controlPlane.database.credentialsSecret=db-credentials",
                "--set", "controlPlane.tlsSecret=grpc-tls");
        var environment = objects.getLast().at("/spec/template/spec/containers/0/env");
        var password = find(environment, "FAIRLEAD_DATABASE_PASSWORD");
        assertThat(password.at("/valueFrom/secretKeyRef/name").asText()).isEqualTo("db-credentials");
        assertThat(password.has("value")).isFalse();
        assertThat(find(environment, "QUARKUS_GRPC_SERVER_SSL_KEY")
                        .path("value")
                        .asText())
                .isEqualTo("/tls/tls.key");
    }

    @Test
    void givesEachCudaAgentItsGpusItsTokenAndAVolume() throws IOException, InterruptedException {
        var objects = render(
                "--set", "cudaAgents[0].name=gpu-a",
                "--set", "cudaAgents[0].joinTokenSecret=gpu-a-join",
                "--set", "cudaAgents[0].gpus=2",
                "--set", "cudaAgents[1].name=gpu-b");
        assertThat(objects).hasSize(4);
        var first = objects.stream()
                .filter(object -> object.at("/metadata/name").asText().equals("test-agent-gpu-a"))
                .findFirst()
                .orElseThrow();
        var container = first.at("/spec/template/spec/containers/0");
        assertThat(container.at("/resources/limits").path("nvidia.com/gpu").asInt())
                .isEqualTo(2);
        assertThat(find(container.path("env"), "FAIRLEAD_JOIN_TOKEN")
                        .at("/valueFrom/secretKeyRef/name")
                        .asText())
                .isEqualTo("gpu-a-join");
        assertThat(find(container.path("env"), "FAIRLEAD_SERVER").path("value").asText())
                .isEqualTo("test-control-plane:9000");
        assertThat(first.at("/spec/volumeClaimTemplates/0/metadata/name").asText())
                .isEqualTo("data");
    }

    @Test
    void theSchemaRefusesWhatTheChartDoesNotKnow() throws IOException, InterruptedException {
        for (var setting : List.of(
                "controlPlane.replicas=3", "controlPlane.service.grpcPort=0", "controlPlane.database.url=mysql://db")) {
            var result = template("--set", setting);
            assertThat(result.exit()).as(setting).isNotZero();
            assertThat(result.text()).as(setting).contains("schema");
        }
    }

    private Helm.Result template(String... options) throws IOException, InterruptedException {
        // A helm that Go built knows no cluster and takes an old one.
        var arguments = new ArrayList<>(List.of("template", "test", CHART, "--kube-version", "1.33.0"));
        arguments.addAll(List.of(options));
        return helm.run(arguments.toArray(String[]::new));
    }

    private List<JsonNode> render(String... options) throws IOException, InterruptedException {
        var result = template(options);
        assertThat(result.exit()).as(result.text()).isZero();
        var mapper = new ObjectMapper();
        var objects = new ArrayList<JsonNode>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(result.text())
                .forEach(document -> {
                    if (document != null) {
                        objects.add(mapper.valueToTree(document));
                    }
                });
        return objects;
    }

    private static JsonNode find(JsonNode environment, String name) {
        for (var variable : environment) {
            if (variable.path("name").asText().equals(name)) {
                return variable;
            }
        }
        throw new AssertionError(name + " is not in " + environment);
    }
}
