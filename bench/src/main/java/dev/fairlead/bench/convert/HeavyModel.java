package dev.fairlead.bench.convert;

import dev.fairlead.bench.Scale;
import dev.fairlead.conformance.Folders;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Format;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** An MLX model folder of one product of matrices after the other, with random float32 weights, in a folder of its own. */
final class HeavyModel implements AutoCloseable {
    private final Path folder;
    private final int layers;
    private final int width;
    private int made;

    /** 64 layers of 4096 × 4096, 4 GiB; 4 of 512 × 512 in a quick run. */
    HeavyModel(Scale scale) throws IOException {
        folder = Files.createTempDirectory("fairlead-bench-");
        layers = scale.pick(64, 4);
        width = scale.pick(4096, 512);
        Path random = folder.resolve("random");
        write(random);
        Path onnx = Files.createDirectory(folder.resolve("onnx"));
        try (Arena arena = Arena.ofConfined()) {
            OnnxWriter.write(graph(Segments.map(random, arena)), onnx);
        }
        Files.delete(random);
        if (!(Converter.convert(onnx.resolve(OnnxWriter.MODEL), source(), Options.to(Format.MLX))
                instanceof Conversion.Converted)) {
            throw new IOException("model: a product of matrices cannot be converted to MLX");
        }
        Folders.delete(onnx);
    }

    Path source() {
        return folder.resolve("mlx");
    }

    Path weights() {
        return source().resolve("weights.safetensors");
    }

    /** A place on the same disk where nothing is. */
    Path fresh() {
        return folder.resolve("made-" + made++);
    }

    private long bytesOfLayer() {
        return 4L * width * width;
    }

    private void write(Path file) throws IOException {
        byte[] block = new byte[1 << 20];
        SplittableRandom random = new SplittableRandom(1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < layers * bytesOfLayer(); at += block.length) {
                random.nextBytes(block);
                ByteBuffer buffer = ByteBuffer.wrap(block);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        }
    }

    private Model graph(MemorySegment random) {
        List<Dim> shape = List.of(Dim.of(Expression.symbol("batch")), new Dim.Fixed(width));
        Map<String, Tensor> weights = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            weights.put(
                    "weight" + i,
                    new Tensor(
                            DType.FLOAT32,
                            List.of((long) width, (long) width),
                            random.asSlice(i * bytesOfLayer(), bytesOfLayer())));
            nodes.add(new Node(
                    "",
                    "",
                    "MatMul",
                    List.of("x" + i, "weight" + i),
                    List.of("x" + (i + 1)),
                    new TreeMap<>(),
                    new TreeMap<>()));
        }
        Graph graph = new Graph(
                "heavy",
                List.of(Value.of("x0", DType.FLOAT32, shape)),
                List.of(Value.of("x" + layers, DType.FLOAT32, shape)),
                weights,
                nodes,
                List.of());
        return new Model(10, "fairlead bench", "", new TreeMap<>(Map.of("", 21L)), Map.of(), graph);
    }

    @Override
    public void close() throws IOException {
        Folders.delete(folder);
    }
}
