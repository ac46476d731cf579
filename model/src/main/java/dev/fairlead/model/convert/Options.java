package dev.fairlead.model.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.model.lower.coreml.Options.Range;
import dev.fairlead.model.lower.coreml.Precision;
import dev.fairlead.model.tensor.Tensor;
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
 * @param sizes of symbols that are fixed
 * @param ranges of a Core ML target's symbolic sizes
 * @param specialised what inputs hold for good, as JSON numbers or nested arrays of them; they leave the signature
 * @param tensors what other inputs hold for good; their memory outlives the conversion
 * @param losses whether a target is made that is not quite the same function
 * @param function of a Core ML source that has several; absent for its default
 */
public record Options(
        String version,
        Format to,
        OptionalLong opset,
        OptionalInt specification,
        Precision precision,
        Map<String, Precision> precisions,
        Map<String, Long> sizes,
        Map<String, Range> ranges,
        Map<String, JsonNode> specialised,
        Map<String, Tensor> tensors,
        Losses losses,
        Optional<String> function) {
    /** What becomes of a place where the target can't be the same function as the source. */
    public enum Losses {
        REFUSED,
        /** It is converted, and listed in the result. */
        ALLOWED
    }

    static final String VERSION = "0.1.0";

    public Options {
        precisions = Map.copyOf(precisions);
        sizes = Map.copyOf(sizes);
        ranges = Map.copyOf(ranges);
        specialised = Map.copyOf(specialised);
        tensors = Map.copyOf(tensors);
    }

    /** To ONNX. */
    public static Options defaults() {
        return Settings.options(Map.of());
    }

    /** To a format, all else by default. */
    public static Options to(Format format) {
        return Settings.options(Map.of(Settings.TARGET_FORMAT, format.text()));
    }

    /** The same with tensors for inputs; what a text can't hold well, a command reads from a file. */
    public Options withTensors(Map<String, Tensor> inputs) {
        return new Options(
                version,
                to,
                opset,
                specification,
                precision,
                precisions,
                sizes,
                ranges,
                specialised,
                inputs,
                losses,
                function);
    }
}
