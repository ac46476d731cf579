package dev.fairlead.model.convert;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lift.mlx.MlxLift;
import dev.fairlead.model.mlx.MlxGraph;
import dev.fairlead.model.mlx.MlxGraphReader;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.signature.TensorSpec;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A traced MLX function. */
final class MlxSource implements Source {
    /** Under this name the format's users say which framework wrote a file. */
    private static final String FRAMEWORK = "format";

    private final MlxGraph graph;
    private final ModelInfo info;
    private final Safetensors weights;
    private final Arena arena;

    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    MlxSource(Path folder, ModelInfo info) {
        graph = MlxGraphReader.read(folder.resolve("graph.json"));
        requireSameSignature(info.signature(), graph);
        this.info = info;
        weights = Safetensors.open(folder.resolve("weights.safetensors"));
        arena = Arena.ofShared();
    }

    @Override
    public Format format() {
        return Format.MLX;
    }

    @Override
    public Lift lift(Options options) {
        return switch (MlxLift.lift(graph, weights, arena, options.version())) {
            case Lift.Lifted(Model model, var provenance) -> new Lift.Lifted(withMetadata(model), provenance);
            case Lift.Unsupported unsupported -> unsupported;
        };
    }

    /** A traced function has no place for a model's metadata, so they travel with its weights. */
    private Model withMetadata(Model model) {
        Map<String, String> metadata = new TreeMap<>(weights.metadata());
        metadata.remove(FRAMEWORK);
        metadata.putAll(model.metadata());
        return model.withMetadata(metadata);
    }

    @Override
    public Optional<ModelInfo> info() {
        return Optional.of(info);
    }

    @Override
    public void close() {
        arena.close();
        weights.close();
    }

    private static void requireSameSignature(Signature signature, MlxGraph graph) {
        List<TensorSpec> inputs =
                graph.inputs().stream().map(value -> spec(value.name(), value)).toList();
        List<TensorSpec> outputs = graph.outputs().stream()
                .map(output -> spec(output.name(), output.value()))
                .toList();
        requireSame("signature.inputs", signature.inputs(), inputs);
        requireSame("signature.outputs", signature.outputs(), outputs);
    }

    private static void requireSame(String field, List<TensorSpec> stated, List<TensorSpec> traced) {
        if (!stated.equals(traced)) {
            throw new ModelException(
                    ErrorCode.MALFORMED, ModelInfo.FILE, field, "is " + stated + ", but graph.json says " + traced);
        }
    }

    private static TensorSpec spec(String name, MlxValue value) {
        return new TensorSpec(name, value.dtype(), value.dims());
    }
}
