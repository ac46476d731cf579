package dev.fairlead.model.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Segments;
import dev.fairlead.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files. The same tensors and metadata always give the same bytes: widest element type first, so
 * that every tensor is aligned to its elements, then by name.
 */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /** Writes a file whole or not at all, replacing an older one; tensors stream from where they lie. */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        List<Map.Entry<String, Tensor>> order = tensors.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, Tensor> e) ->
                                -e.getValue().dtype().bits())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        Path partial = file.resolveSibling(ModelException.name(file) + ".partial");
        try {
            try (FileChannel channel = FileChannel.open(
                    partial,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                Segments.write(channel, MemorySegment.ofArray(header(ModelException.name(file), order, metadata)));
                for (Map.Entry<String, Tensor> entry : order) {
                    Segments.write(channel, entry.getValue().data());
                }
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, file, "file", e);
        }
    }

    private static String name(String file, String tensor, DType dtype) {
        return DTypes.name(dtype)
                .orElseThrow(() -> new ModelException(
                        ErrorCode.UNSUPPORTED,
                        file,
                        ModelException.shown(tensor),
                        "safetensors has no type " + dtype.text()));
    }

    private static byte[] header(String file, List<Map.Entry<String, Tensor>> order, Map<String, String> metadata)
            throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart("__metadata__");
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long at = 0;
            for (Map.Entry<String, Tensor> entry : order) {
                Tensor tensor = entry.getValue();
                json.writeObjectFieldStart(entry.getKey());
                json.writeStringField("dtype", name(file, entry.getKey(), tensor.dtype()));
                json.writeArrayFieldStart("shape");
                for (long size : tensor.shape()) {
                    json.writeNumber(size);
                }
                json.writeEndArray();
                long end = Math.addExact(at, tensor.data().byteSize());
                json.writeArrayFieldStart("data_offsets");
                json.writeNumber(at);
                json.writeNumber(end);
                json.writeEndArray();
                json.writeEndObject();
                at = end;
            }
            json.writeEndObject();
        }
        int length = text.size();
        int padded = Math.ceilDiv(length, ALIGNMENT) * ALIGNMENT;
        byte[] header = Arrays.copyOf(new byte[Header.PREFIX], Header.PREFIX + padded);
        MemorySegment.ofArray(header).set(Tensor.LONG, 0, padded);
        System.arraycopy(text.toByteArray(), 0, header, Header.PREFIX, length);
        Arrays.fill(header, Header.PREFIX + length, header.length, (byte) ' ');
        return header;
    }
}
