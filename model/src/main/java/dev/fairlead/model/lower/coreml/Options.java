package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.tensor.Tensor;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How to lower.
 *
 * @param target specification version to write; empty for the lowest that has what is used
 * @param precision of all operations but those in {@code precisions}
 * @param precisions by ONNX operator or node name; the node's name wins
 * @param ranges of symbolic sizes by symbol; sizes without an entry may be {@link Range#DEFAULT}
 * @param specialised inputs that become constants
 */
public record Options(
        OptionalInt target,
        Precision precision,
        Map<String, Precision> precisions,
        Map<String, Range> ranges,
        Map<String, Tensor> specialised) {
    /**
     * Sizes that a symbol may have.
     *
     * @param usual the size that the model is planned for
     * @param upper inclusive; Core ML's programs have no unbounded sizes
     */
    public record Range(long lower, long usual, long upper) {
        public static final Range DEFAULT = new Range(1, 1, 2048);

        public Range {
            if (lower < 1 || usual < lower || upper < usual) {
                throw new IllegalArgumentException(
                        "range: " + lower + ", " + usual + ", " + upper + " do not grow from 1");
            }
        }
    }

    public Options {
        if (target.isPresent() && CoremlModel.opset(target.getAsInt()).isEmpty()) {
            throw new IllegalArgumentException("target: no specification version " + target.getAsInt());
        }
        precisions = Map.copyOf(precisions);
        ranges = Map.copyOf(ranges);
        specialised = Map.copyOf(specialised);
    }

    public static Options defaults() {
        return new Options(OptionalInt.empty(), Precision.FLOAT32, Map.of(), Map.of(), Map.of());
    }

    public Options withSpecialised(Map<String, Tensor> inputs) {
        return new Options(target, precision, precisions, ranges, inputs);
    }

    public Options withPrecision(Precision other) {
        return new Options(target, other, precisions, ranges, specialised);
    }

    public Options withTarget(int specificationVersion) {
        return new Options(OptionalInt.of(specificationVersion), precision, precisions, ranges, specialised);
    }
}
