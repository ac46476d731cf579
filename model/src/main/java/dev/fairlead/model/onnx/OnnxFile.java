package dev.fairlead.model.onnx;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.Pickle;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.protobuf.Wire;
import dev.fairlead.model.tensor.Segments;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * An open ONNX file. Its tensors are views of the mapped file or of its mapped external data; closing ends them.
 *
 * @param arena owner of all mapped memory
 */
public record OnnxFile(Model model, Arena arena) implements AutoCloseable {
    /**
     * Opens and reads a model.
     *
     * @throws ModelException naming file and field when the bytes are no valid model, when external data lies outside
     *     the model's folder or does not hold what is said of it, or when the model uses a part of ONNX that the graph
     *     cannot represent (nothing is dropped silently)
     */
    @SuppressWarnings("MustBeClosedChecker") // the returned object owns the arena
    public static OnnxFile open(Path file) {
        Arena arena = Arena.ofShared();
        try {
            Path whole = file.toAbsolutePath();
            Path folder = whole.getParent();
            ExternalData external = new ExternalData(folder == null ? whole : folder, arena);
            MemorySegment bytes = Segments.map(file, arena);
            Pickle.refuse(bytes, ModelException.name(file));
            Wire wire = new Wire(ModelException.name(file), bytes);
            return new OnnxFile(new OnnxReader(wire, external).read(), arena);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
