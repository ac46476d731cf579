package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Where each weight of a program goes: in the order of the program, tensors over the same memory once. The data stream from
 * where they lie when {@link #write} is called.
 */
final class WeightLayout {
    private static final String FOLDER = WeightFiles.PREFIX + "weights/";

    private record Key(MilDataType element, long elements, MemorySegment data) {}

    private static final class Plan {
        final Map<Key, Long> offsets = new LinkedHashMap<>();
        long end = WeightFiles.HEADER;
    }

    private final Map<String, Plan> plans = new LinkedHashMap<>();
    private final Map<String, String> names = new HashMap<>();

    /** The offset of a value's metadata in its file, the same for the same value however often it is asked for. */
    long place(MilValue.Stored value) {
        String name = names.computeIfAbsent(value.file(), WeightLayout::name);
        Plan plan = plans.computeIfAbsent(name, key -> new Plan());
        Key wanted = new Key(
                value.type().element(),
                value.tensor().elements(),
                value.tensor().data());
        return plan.offsets.computeIfAbsent(wanted, key -> {
            if (key.element().blobCode().isEmpty()) {
                throw new ModelException(ErrorCode.UNSUPPORTED, name, "type", "no weight file holds " + key.element());
            }
            long offset = plan.end;
            plan.end = aligned(offset + WeightFiles.HEADER + key.data().byteSize());
            return offset;
        });
    }

    boolean isEmpty() {
        return plans.isEmpty();
    }

    /** Writes all files into the package's folder of weights. */
    void write(Path folder) throws IOException {
        for (Map.Entry<String, Plan> entry : plans.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                write(channel, entry.getValue());
            }
        }
    }

    private static void write(FileChannel channel, Plan plan) throws IOException {
        MemorySegment header = MemorySegment.ofArray(new byte[WeightFiles.HEADER]);
        header.set(Tensor.INT, 0, plan.offsets.size());
        header.set(Tensor.INT, 4, WeightFiles.VERSION);
        Segments.write(channel, header);
        for (Map.Entry<Key, Long> blob : plan.offsets.entrySet()) {
            long offset = blob.getValue();
            Segments.write(channel, MemorySegment.ofArray(new byte[Math.toIntExact(offset - channel.position())]));
            Segments.write(channel, metadata(blob.getKey(), offset));
            Segments.write(channel, blob.getKey().data());
        }
    }

    private static MemorySegment metadata(Key key, long offset) {
        OptionalInt code = key.element().blobCode();
        MemorySegment metadata = MemorySegment.ofArray(new byte[WeightFiles.HEADER]);
        metadata.set(Tensor.INT, 0, WeightFiles.SENTINEL);
        metadata.set(Tensor.INT, 4, code.orElseThrow());
        metadata.set(Tensor.LONG, 8, key.data().byteSize());
        metadata.set(Tensor.LONG, 16, offset + WeightFiles.HEADER);
        int bits = key.element().dtype().orElseThrow().bits();
        metadata.set(
                Tensor.LONG, WeightFiles.PADDING, bits < 8 ? key.data().byteSize() * 8 - key.elements() * bits : 0);
        return metadata;
    }

    private static long aligned(long size) {
        return Math.ceilDiv(size, (long) WeightFiles.ALIGNMENT) * WeightFiles.ALIGNMENT;
    }

    /** The plain name of a file of the weights' folder. */
    private static String name(String file) {
        String name = file.startsWith(FOLDER) ? file.substring(FOLDER.length()) : "";
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/") || name.contains("\\")) {
            throw new ModelException(
                    ErrorCode.OUTSIDE_FOLDER,
                    CoremlPackageWriter.MODEL,
                    "fileName",
                    ModelException.shown(file) + " is no file directly in " + FOLDER);
        }
        return name;
    }

    static boolean isOwned(Path file) {
        return Files.isRegularFile(file) && ModelException.name(file).endsWith(".bin");
    }
}
