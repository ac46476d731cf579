package dev.fairlead.parity.locate;

import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Permutation;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Undoes what a conversion did to a weight. */
final class Inversion {
    private Inversion() {}

    /**
     * The source's bytes, from an initializer's; absent where a transform is not told closely enough to be undone.
     *
     * @param shape the source's, empty where it is not known: a permutation before a reinterpretation then can't be undone
     */
    static Optional<Tensor> of(Tensor initializer, List<WeightTransform> transforms, Optional<List<Long>> shape) {
        Tensor tensor = initializer;
        for (int i = transforms.size() - 1; i >= 0; i--) {
            switch (transforms.get(i)) {
                case WeightTransform.Permute(List<Integer> axes) -> {
                    if (axes.size() != tensor.shape().size() || tensor.dtype().isPacked()) {
                        return Optional.empty();
                    }
                    tensor = Permutation.apply(tensor, inverse(axes), Arena.ofAuto());
                }
                case WeightTransform.Reinterpret _ -> {
                    Optional<List<Long>> before = before(transforms.subList(0, i), shape);
                    if (before.isEmpty() && transforms.subList(0, i).stream().anyMatch(Inversion::isPermute)) {
                        return Optional.empty();
                    }
                    if (before.isPresent() && Tensor.elements(before.get()) == tensor.elements()) {
                        tensor = tensor.reshaped(before.get());
                    }
                }
                case WeightTransform.Widen(int from, int to) -> {
                    Optional<Tensor> narrow = narrowed(tensor, from, to);
                    if (narrow.isEmpty()) {
                        return Optional.empty();
                    }
                    tensor = narrow.get();
                }
                case WeightTransform.Computed _ -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(tensor);
    }

    private static boolean isPermute(WeightTransform transform) {
        return transform instanceof WeightTransform.Permute;
    }

    /** The shape after some transforms, where only permutations are among them. */
    private static Optional<List<Long>> before(List<WeightTransform> transforms, Optional<List<Long>> shape) {
        Optional<List<Long>> found = shape;
        for (WeightTransform transform : transforms) {
            found = transform instanceof WeightTransform.Permute(List<Integer> axes)
                    ? found.filter(known -> known.size() == axes.size())
                            .map(known -> axes.stream().map(known::get).toList())
                    : Optional.empty();
        }
        return found;
    }

    private static List<Integer> inverse(List<Integer> axes) {
        Integer[] inverse = new Integer[axes.size()];
        for (int i = 0; i < inverse.length; i++) {
            inverse[axes.get(i)] = i;
        }
        return new ArrayList<>(Arrays.asList(inverse));
    }

    /** Bytes hold a number each; back to packed ones, least significant bits first. */
    private static Optional<Tensor> narrowed(Tensor tensor, int from, int to) {
        long count = tensor.data().byteSize();
        if (to != 8 || from < 1 || from >= to || count * from % 8 != 0) {
            return Optional.empty();
        }
        Tensor packed = Tensor.allocate(DType.UINT8, List.of(count * from / 8));
        MemorySegment bytes = packed.data();
        for (long i = 0; i < count; i++) {
            int value = tensor.data().get(ValueLayout.JAVA_BYTE, i) & ((1 << from) - 1);
            long bit = i * from;
            int shifted = value << (bit % 8);
            or(bytes, bit / 8, shifted);
            if (shifted > 0xFF) {
                or(bytes, bit / 8 + 1, shifted >>> 8);
            }
        }
        return Optional.of(packed);
    }

    private static void or(MemorySegment bytes, long at, int value) {
        bytes.set(ValueLayout.JAVA_BYTE, at, (byte) (bytes.get(ValueLayout.JAVA_BYTE, at) | value));
    }
}
