package dev.fairlead.model.coreml;

import dev.fairlead.model.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The type of a feature. */
public sealed interface FeatureType {
    record Int64() implements FeatureType {}

    record Real64() implements FeatureType {}

    record Text() implements FeatureType {}

    /**
     * A tensor.
     *
     * @param shape the shape that is used where nothing else is said; may be empty for outputs
     * @param otherwise value of an optional input left out
     */
    record MultiArray(ArrayType element, List<Long> shape, Flexibility flexibility, Optional<DefaultValue> otherwise)
            implements FeatureType {
        public MultiArray {
            shape = List.copyOf(shape);
        }

        public MultiArray(ArrayType element, List<Long> shape) {
            this(element, shape, new Flexibility.Fixed(), Optional.empty());
        }
    }

    /** A tensor that outlives a call. */
    record State(MultiArray array) implements FeatureType {}

    /** Pixels; the program takes them as a tensor of one batch, channels first. */
    record Image(long width, long height, long colorSpace, ImageFlexibility flexibility) implements FeatureType {}

    /** A classifier's probabilities by label. */
    record Dictionary(Key key) implements FeatureType {
        public enum Key {
            INT64,
            TEXT
        }
    }

    /** Labels in order. */
    record Sequence(Dictionary.Key element, Optional<SizeRange> size) implements FeatureType {}

    /** Element types of {@link MultiArray}. */
    enum ArrayType {
        FLOAT32(65568, DType.FLOAT32),
        FLOAT64(65600, DType.FLOAT64),
        INT32(131104, DType.INT32),
        FLOAT16(65552, DType.FLOAT16),
        INT8(131080, DType.INT8);

        private static final Map<Long, ArrayType> BY_CODE =
                Stream.of(values()).collect(Collectors.toUnmodifiableMap(ArrayType::code, Function.identity()));

        private final long code;
        private final DType dtype;

        ArrayType(long code, DType dtype) {
            this.code = code;
            this.dtype = dtype;
        }

        public long code() {
            return code;
        }

        public DType dtype() {
            return dtype;
        }

        public static Optional<ArrayType> parse(long code) {
            return Optional.ofNullable(BY_CODE.get(code));
        }

        /** Empty for types that no feature has. */
        public static Optional<ArrayType> of(DType dtype) {
            return Stream.of(values()).filter(type -> type.dtype == dtype).findFirst();
        }
    }

    /** Which shapes a tensor may have. */
    sealed interface Flexibility {
        record Fixed() implements Flexibility {}

        record Enumerated(List<List<Long>> shapes) implements Flexibility {
            public Enumerated {
                shapes = shapes.stream().map(List::copyOf).toList();
            }
        }

        /** One range for each size. */
        record Ranges(List<SizeRange> sizes) implements Flexibility {
            public Ranges {
                sizes = List.copyOf(sizes);
            }
        }
    }

    /** Which sizes an image may have. */
    sealed interface ImageFlexibility {
        record Fixed() implements ImageFlexibility {}

        record Enumerated(List<ImageSize> sizes) implements ImageFlexibility {
            public Enumerated {
                sizes = List.copyOf(sizes);
            }
        }

        record Ranges(SizeRange width, SizeRange height) implements ImageFlexibility {}
    }

    record ImageSize(long width, long height) {}

    /**
     * The sizes that an axis may have.
     *
     * @param upper inclusive; -1 for no bound
     */
    record SizeRange(long lower, long upper) {}

    /** What an optional input left out is filled with. */
    sealed interface DefaultValue {
        record Int(int value) implements DefaultValue {}

        record Real(float value) implements DefaultValue {}

        record Real64(double value) implements DefaultValue {}
    }
}
