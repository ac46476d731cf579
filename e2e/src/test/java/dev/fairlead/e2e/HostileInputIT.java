package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import dev.fairlead.proto.v1.AgentState;
import dev.fairlead.proto.v1.BlobRef;
import dev.fairlead.proto.v1.CommitTreeRequest;
import dev.fairlead.proto.v1.JobInput;
import dev.fairlead.proto.v1.JobKind;
import dev.fairlead.proto.v1.JobOutput;
import dev.fairlead.proto.v1.JobSpec;
import dev.fairlead.proto.v1.JobState;
import dev.fairlead.proto.v1.ModelWork;
import dev.fairlead.proto.v1.Resources;
import dev.fairlead.proto.v1.RetryPolicy;
import dev.fairlead.proto.v1.TreeFile;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files and requests that mean harm are refused by name, and everything else goes on. */
class HostileInputIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NESTING = 5_000;

    private static Cluster cluster;
    private static Daemon agent;

    @BeforeAll
    static void start() {
        cluster = Cluster.start();
        agent = cluster.cudaAgent("node-1");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escape", "/etc/escape", "a/../../escape", "a//b", "./a", "a/", "", "a\\b", "a\u0000b"})
    void refusesPathsThatLeaveATree(String path) {
        var bytes = "harm".getBytes(StandardCharsets.UTF_8);
        var blob = blob(bytes);
        cluster.client().upload(blob, com.google.protobuf.ByteString.copyFrom(bytes));
        var request = CommitTreeRequest.newBuilder()
                .addFiles(TreeFile.newBuilder().setPath(path).setBlob(blob))
                .build();
        assertThatThrownBy(() -> cluster.client().artifacts().commitTree(request))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(failure.getStatus().getDescription()).contains("files[0].path");
                });
    }

    @Test
    void failsAConversionOfAnOversizedSafetensorsHeaderAndNothingElse() {
        var header = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(1L << 40)
                .array();
        var model = cluster.client()
                .push(Map.of(
                        "model.json", MLX_MODEL.getBytes(StandardCharsets.UTF_8),
                        "graph.json", MLX_GRAPH.getBytes(StandardCharsets.UTF_8),
                        "weights.safetensors", header));
        var job = fails(convert(model));
        assertThat(job).contains("weights.safetensors").contains("header");
        assertNothingElseDisturbed();
    }

    @Test
    void failsToEvaluateExternalDataOutsideTheModel() throws Exception {
        var secret = cluster.folder().resolve("secret");
        Files.write(secret, new byte[64]);
        var model = cluster.client()
                .push(Map.of(
                        "model.json", ONNX_MODEL.getBytes(StandardCharsets.UTF_8),
                        "model.onnx", onnxWithExternalData("../../../../../../../../../.." + secret)));
        assertThat(fails(evaluate(model))).contains("model.onnx").contains("location");
        assertNothingElseDisturbed();
    }

    @Test
    void failsToEvaluateDeeplyNestedProtobuf() throws Exception {
        var model = cluster.client()
                .push(Map.of(
                        "model.json", ONNX_MODEL.getBytes(StandardCharsets.UTF_8),
                        "model.onnx", nestedOnnx()));
        assertThat(fails(evaluate(model))).contains("model.onnx").contains("nest");
        assertNothingElseDisturbed();
    }

    private static String fails(JobSpec spec) {
        var id = cluster.client().submit(spec, "").getId();
        var job = cluster.client().awaitJob(id, LIMIT, Set.of(JobState.JOB_STATE_FAILED));
        return job.getReason().getSentence();
    }

    private static void assertNothingElseDisturbed() {
        assertThat(agent.isAlive()).isTrue();
        cluster.awaitAgent("node-1", AgentState.AGENT_STATE_READY);
        var id =
                cluster.client().submit(Specs.shell("true", "cuda").build(), "").getId();
        cluster.client().awaitJob(id, LIMIT, Set.of(JobState.JOB_STATE_SUCCEEDED));
    }

    private static JobSpec convert(String model) {
        return JobSpec.newBuilder()
                .setKind(JobKind.JOB_KIND_CONVERT)
                .setName("convert")
                .addInputs(JobInput.newBuilder().setName("model").setRef(model))
                .addOutputs(JobOutput.newBuilder().setName("model"))
                .putSettings("target_format", "onnx")
                .setRetry(RetryPolicy.newBuilder().setMaxAttempts(1))
                .setResources(Resources.newBuilder().setPool("cuda"))
                .build();
    }

    private static JobSpec evaluate(String model) {
        var suite = cluster.client()
                .push(Map.of(
                        "suite.json", SUITE.getBytes(StandardCharsets.UTF_8),
                        "golden.safetensors", oneCase()));
        return JobSpec.newBuilder()
                .setKind(JobKind.JOB_KIND_EVALUATE)
                .setName("evaluate")
                .setModel(ModelWork.newBuilder().setRef(model))
                .addInputs(JobInput.newBuilder().setName("suite").setRef(suite))
                .addOutputs(JobOutput.newBuilder().setName("outputs"))
                .setRetry(RetryPolicy.newBuilder().setMaxAttempts(1))
                .setResources(Resources.newBuilder().setPool("cuda"))
                .build();
    }

    private static BlobRef blob(byte[] bytes) {
        return BlobRef.newBuilder()
                .setDigest(Client.digest(bytes))
                .setSize(bytes.length)
                .build();
    }

    private static byte[] oneCase() {
        var header = """
                {"000000/x": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}""".getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + header.length + 8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    /** ModelProto.graph 7, GraphProto.initializer 5, TensorProto: dims 1, data_type 2, name 8, external_data 13 {key 1, value 2}, data_location 14. */
    private static byte[] onnxWithExternalData(String location) throws IOException {
        var entry = message(out -> {
            out.writeString(1, "location");
            out.writeString(2, location);
        });
        var tensor = message(out -> {
            out.writeInt64(1, 16);
            out.writeInt32(2, 1);
            out.writeString(8, "w");
            out.writeByteArray(13, entry);
            out.writeInt32(14, 1);
        });
        var graph = message(out -> {
            out.writeString(2, "g");
            out.writeByteArray(5, tensor);
        });
        return model(graph);
    }

    /** A graph whose node 1 has an attribute 5 whose graph 6 has a node, and so on. */
    private static byte[] nestedOnnx() throws IOException {
        var graph = new byte[0];
        for (int level = 0; level < NESTING; level++) {
            var inner = graph;
            var attribute = message(out -> {
                out.writeString(1, "body");
                out.writeByteArray(6, inner);
            });
            var node = message(out -> {
                out.writeString(4, "Loop");
                out.writeByteArray(5, attribute);
            });
            graph = message(out -> out.writeByteArray(1, node));
        }
        return model(graph);
    }

    private static byte[] model(byte[] graph) throws IOException {
        var opset = message(out -> out.writeInt64(2, 21));
        return message(out -> {
            out.writeInt64(1, 10);
            out.writeByteArray(7, graph);
            out.writeByteArray(8, opset);
        });
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static final String MLX_MODEL = """
            {"format": "mlx", "version": 1,
             "signature": {"inputs": [{"name": "x", "dtype": "float32", "shape": [2]}],
                           "outputs": [{"name": "y", "dtype": "float32", "shape": [2]}]},
             "produced_by": {"mlx": "0.32.4", "python": "3.11.7", "fairlead": "0.1.0"}, "device": "cpu", "stand_in": true}
            """;

    private static final String MLX_GRAPH = """
            {"format": "fairlead-graph", "version": 1, "framework": {"name": "mlx", "version": "0.32.4"}, "symbols": [],
             "inputs": [{"name": "x", "dtype": "float32", "shape": [2]}], "outputs": [{"name": "y", "value": "v1"}],
             "constants": [{"name": "w", "dtype": "float32", "shape": [2]}],
             "nodes": [{"op": "Add", "inputs": ["x", "w"],
                        "outputs": [{"name": "v1", "dtype": "float32", "shape": [2]}], "arguments": []}]}
            """;

    private static final String ONNX_MODEL = MLX_MODEL.replace("\"mlx\", \"version\": 1", "\"onnx\", \"version\": 1");

    private static final String SUITE = """
            {"format": "fairlead-suite", "version": 1, "cases": 1, "inputs": ["x"], "source": "none"}
            """;
}
