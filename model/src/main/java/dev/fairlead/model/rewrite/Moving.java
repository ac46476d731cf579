package dev.fairlead.model.rewrite;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Copies elements by their position without looking at them, so that a NaN keeps its payload. */
final class Moving {
    private Moving() {}

    /**
     * A tensor of the sources' type.
     *
     * @param positions int64, counting through the sources one after the other
     */
    static Tensor take(List<Tensor> sources, Tensor positions) {
        DType dtype = sources.getFirst().dtype();
        Tensor out = Tensor.allocate(dtype, positions.shape());
        for (long i = 0; i < positions.elements(); i++) {
            long at = positions.longAt(i);
            int source = 0;
            while (at >= sources.get(source).elements()) {
                at -= sources.get(source).elements();
                source++;
            }
            copy(dtype, sources.get(source).data(), at, out.data(), i);
        }
        return out;
    }

    private static void copy(DType dtype, MemorySegment from, long at, MemorySegment to, long index) {
        if (!dtype.isPacked()) {
            int width = dtype.bytes();
            MemorySegment.copy(from, at * width, to, index * width, width);
            return;
        }
        for (int bit = 0; bit < dtype.bits(); bit++) {
            long read = at * dtype.bits() + bit;
            long write = index * dtype.bits() + bit;
            int value = (from.get(ValueLayout.JAVA_BYTE, read >>> 3) >>> (read & 7)) & 1;
            int old = to.get(ValueLayout.JAVA_BYTE, write >>> 3);
            to.set(ValueLayout.JAVA_BYTE, write >>> 3, (byte) (old | (value << (write & 7))));
        }
    }
}
