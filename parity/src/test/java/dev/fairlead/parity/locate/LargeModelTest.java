package dev.fairlead.parity.locate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights of 320 MiB, five times the memory that localising them is given: the same proportion as 10 GiB in 2 GiB. */
class LargeModelTest {
    private static final int LAYERS = 80;
    private static final int WIDTH = 1024;
    private static final int SPOILT = 53;

    @TempDir
    private Path folder;

    @Test
    void namesTheOperationInAFifthOfTheWeights() throws IOException, InterruptedException {
        write("source", -1);
        write("candidate", SPOILT);
        assertThat(Files.size(folder.resolve("source/model.onnx.data"))).isEqualTo(320L << 20);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=16m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeModelTest.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("MatMul `y" + SPOILT + "`;");
    }

    /** What the small process runs. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        try (OnnxFile source = OnnxFile.open(folder.resolve("source/model.onnx"));
                OnnxFile candidate = OnnxFile.open(folder.resolve("candidate/model.onnx"))) {
            Tensor x = Tensor.allocate(DType.FLOAT32, List.of(4L, (long) WIDTH));
            for (long i = 0; i < x.elements(); i++) {
                x.set(i, Math.sin((double) i));
            }
            Located located = new Divergence(
                            candidate.model(),
                            Provenance.NONE,
                            new Interpreted(source.model(), List.of("x")),
                            List.of("y" + (LAYERS - 1)),
                            new Interpreted(candidate.model(), List.of("x")))
                    .locate(List.of(new Case("only", Map.of("x", x))));
            System.out.println(located.sentence());
        }
    }

    /** Layers that each keep the size of what passes through them. */
    private void write(String name, int spoilt) throws IOException {
        Tensor weight = Tensor.allocate(DType.FLOAT32, List.of((long) WIDTH, (long) WIDTH));
        for (long i = 0; i < weight.elements(); i++) {
            weight.set(i, Math.sin(1e3 * (double) i) * Math.sqrt(2.0 / WIDTH));
        }
        Tensor other = Tensor.allocate(DType.FLOAT32, weight.shape());
        other.data().copyFrom(weight.data());
        other.set(7, weight.doubleAt(7) + 1e-4);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            weights.put("w" + i, i == spoilt ? other : weight);
            nodes.add(new Node(
                    "y" + i,
                    "",
                    "MatMul",
                    List.of(i == 0 ? "x" : "y" + (i - 1), "w" + i),
                    List.of("y" + i),
                    new TreeMap<>(),
                    new TreeMap<>()));
        }
        List<Dim> shape = List.of(new Dim.Fixed(4), new Dim.Fixed(WIDTH));
        Graph graph = new Graph(
                "layers",
                List.of(Value.of("x", DType.FLOAT32, shape)),
                List.of(Value.of("y" + (LAYERS - 1), DType.FLOAT32, shape)),
                weights,
                nodes,
                List.of());
        OnnxWriter.write(
                new Model(10, "", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph),
                Files.createDirectory(folder.resolve(name)));
    }
}
