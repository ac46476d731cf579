package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.Arena;

/** The planted fault: MLX's default epsilon of LayerNorm, 1e-5, becomes 1e-4. */
final class TenfoldEpsilon {
    private static final float EPSILON = 1e-5f;

    private TenfoldEpsilon() {}

    static Tensor plant(Tensor constant, Arena arena) {
        if (constant.dtype() != DType.FLOAT32 || constant.data().byteSize() != Float.BYTES) {
            return constant;
        }
        if (constant.data().get(Tensor.FLOAT, 0) != EPSILON) {
            return constant;
        }
        var changed = arena.allocate(Float.BYTES);
        changed.set(Tensor.FLOAT, 0, 10 * EPSILON);
        return new Tensor(constant.dtype(), constant.shape(), changed);
    }
}
