package dev.fairlead.model.signature;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contents of {@code model.json}.
 *
 * @param format {@code mlx}, {@code onnx}, …
 * @param producedBy version by program
 * @param device where it was made: {@code cpu}, {@code gpu}
 * @param standIn whether that device stood in for the real one; absent when not stated
 */
public record ModelInfo(
        String format,
        Signature signature,
        SortedMap<String, String> producedBy,
        Optional<String> device,
        Optional<Boolean> standIn) {
    public static final String FILE = "model.json";
    public static final int VERSION = 1;

    public ModelInfo {
        producedBy = Collections.unmodifiableSortedMap(new TreeMap<>(producedBy));
    }

    /** The same model after another program has put it into another format, in which its users see another signature. */
    public ModelInfo convertedTo(String otherFormat, Signature otherSignature, String program, String version) {
        Map<String, String> producers = new TreeMap<>(producedBy);
        producers.put(program, version);
        return new ModelInfo(otherFormat, otherSignature, new TreeMap<>(producers), device, standIn);
    }
}
