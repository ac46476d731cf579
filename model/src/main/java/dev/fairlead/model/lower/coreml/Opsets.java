package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import java.util.Map;

/** The specification version that brought each MIL operation. Those not named here are as old as MIL programs, iOS 15. */
final class Opsets {
    private static final Map<String, Integer> SINCE = Map.ofEntries(
            Map.entry("constexpr_affine_dequantize", CoremlModel.IOS_16),
            Map.entry("constexpr_cast", CoremlModel.IOS_16),
            // Only its form of iOS 18 is written, which takes packed indices.
            Map.entry("constexpr_lut_to_dense", CoremlModel.IOS_18),
            Map.entry("constexpr_sparse_to_dense", CoremlModel.IOS_16),
            Map.entry("fill_like", CoremlModel.IOS_16),
            Map.entry("reshape_like", CoremlModel.IOS_16),
            Map.entry("pixel_unshuffle", CoremlModel.IOS_16),
            Map.entry("quantize", CoremlModel.IOS_17),
            Map.entry("dequantize", CoremlModel.IOS_17),
            Map.entry("resize", CoremlModel.IOS_17),
            Map.entry("constexpr_blockwise_shift_scale", CoremlModel.IOS_18),
            Map.entry("constexpr_lut_to_sparse", CoremlModel.IOS_18),
            Map.entry("constexpr_sparse_blockwise_shift_scale", CoremlModel.IOS_18),
            Map.entry("scaled_dot_product_attention", CoremlModel.IOS_18),
            Map.entry("slice_update", CoremlModel.IOS_18),
            Map.entry("read_state", CoremlModel.IOS_18),
            Map.entry("write_state", CoremlModel.IOS_18));

    private Opsets() {}

    static int since(String type) {
        return SINCE.getOrDefault(type, CoremlModel.IOS_15);
    }

    /** {@code iOS 17} for 8. */
    static String name(int specificationVersion) {
        return specificationVersion == CoremlModel.IOS_26 ? "iOS 26" : "iOS " + (specificationVersion + 9);
    }
}
