package dev.fairlead.model.coreml;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The type of a MIL value. */
public sealed interface MilType {
    /** One size of a tensor type, or a list's length. */
    sealed interface Size {
        /** Known; not negative. */
        record Fixed(long size) implements Size {
            public Fixed {
                if (size < 0) {
                    throw new IllegalArgumentException("size: negative, " + size);
                }
            }
        }

        /** Not known before the model runs. */
        record Unknown() implements Size {}

        /** Any number of sizes. */
        record Variadic() implements Size {}
    }

    /**
     * A tensor.
     *
     * @param sizes outermost first; empty for a scalar
     */
    record OfTensor(MilDataType element, List<Size> sizes) implements MilType {
        public OfTensor {
            sizes = List.copyOf(sizes);
        }

        /** The sizes where all of them are known. */
        public Optional<List<Long>> shape() {
            List<Long> shape = new ArrayList<>();
            for (Size size : sizes) {
                if (!(size instanceof Size.Fixed(long fixed))) {
                    return Optional.empty();
                }
                shape.add(fixed);
            }
            return Optional.of(shape);
        }
    }

    record OfList(MilType element, Size length) implements MilType {}

    record OfTuple(List<MilType> elements) implements MilType {
        public OfTuple {
            elements = List.copyOf(elements);
        }
    }

    record OfDictionary(MilType key, MilType value) implements MilType {}

    /** A buffer that outlives a call of the function. */
    record OfState(MilType wrapped) implements MilType {}

    /** A tensor type of known sizes. */
    static OfTensor tensor(MilDataType element, List<Long> shape) {
        return new OfTensor(
                element, shape.stream().map(size -> (Size) new Size.Fixed(size)).toList());
    }

    /**
     * A tensor type of known sizes.
     *
     * @throws IllegalArgumentException when MIL has no such element type
     */
    static OfTensor tensor(DType dtype, List<Long> shape) {
        return tensor(
                MilDataType.of(dtype)
                        .orElseThrow(() -> new IllegalArgumentException("dtype: MIL has no " + dtype.text())),
                shape);
    }

    static OfTensor text() {
        return new OfTensor(MilDataType.STRING, List.of());
    }
}
