package dev.fairlead.model.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.model.lower.coreml.Options.Range;
import dev.fairlead.model.lower.coreml.Precision;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How to convert.
 *
 * @param version of this program, for {@code produced_by}
 * @param opset of an ONNX target; absent for the source's, or the one that rules are written for
 * @param specification of a Core ML target; absent for the lowest that has what is used
 * @param precision in which a Core ML target computes, but for {@code precisions}
 * @param precisions by ONNX operator or node name; the node's name wins
 * @param ranges of a Core ML target's symbolic sizes
 * @param specialised what inputs hold for good, as JSON numbers or nested arrays of them; they leave the signature
 * @param function of a Core ML source that has several; absent for its default
 */
public record Options(
        String version,
        Format to,
        OptionalLong opset,
        OptionalInt specification,
        Precision precision,
        Map<String, Precision> precisions,
        Map<String, Range> ranges,
        Map<String, JsonNode> specialised,
        Optional<String> function) {
    static final String VERSION = "0.1.0";

    public Options {
        precisions = Map.copyOf(precisions);
        ranges = Map.copyOf(ranges);
        specialised = Map.copyOf(specialised);
    }

    /** To ONNX. */
    public static Options defaults() {
        return Settings.options(Map.of());
    }

    /** To a format, all else by default. */
    public static Options to(Format format) {
        return Settings.options(Map.of(Settings.TARGET_FORMAT, format.text()));
    }
}
