package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compressed weights. What they are made into is decided where they are used. */
final class ConstexprRules {
    private static final Map<Long, DType> INDEX_TYPES = Map.of(
            2L, DType.UINT1,
            4L, DType.UINT2,
            16L, DType.UINT4,
            64L, DType.UINT6,
            256L, DType.UINT8);

    private static final long LONGEST_VECTOR = 256;

    private ConstexprRules() {}

    static void register(Rules rules) {
        rules.add("constexpr_affine_dequantize", ConstexprRules::affine);
        rules.add("constexpr_blockwise_shift_scale", ConstexprRules::blockwise);
        rules.add("constexpr_lut_to_dense", ConstexprRules::lookedUp);
        rules.add("constexpr_sparse_to_dense", ConstexprRules::sparse);
        rules.add("constexpr_cast", ConstexprRules::cast);
        rules.add("constexpr_lut_to_sparse", ConstexprRules::lookedUpSparse);
        rules.add("constexpr_sparse_blockwise_shift_scale", ConstexprRules::blockwiseSparse);
    }

    private static void bind(int output, Weight weight, Invocation call, Emitter out) {
        out.alias(call.output(output), new Operand.Constant(weight));
    }

    private static void decoded(Tensor tensor, String how, String source, Invocation call, Emitter out) {
        bind(0, new Weight.Decoded(call.output().name(), how, call.output().name() + "/" + source, tensor), call, out);
    }

    /** Scale and zero point are scalars, or vectors along one axis. */
    private static void affine(Invocation call, Emitter out) {
        Tensor data = call.constant("quantized_data");
        int axis = call.axis("axis", 0, data.shape().size());
        Tensor scale = call.constant("scale");
        Tensor zero = call.constant("zero_point");
        if (scale.elements() == 1 && zero.elements() > 1) {
            throw call.unsupported("one scale with several zero points");
        }
        List<Long> shape = new ArrayList<>(Collections.nCopies(data.shape().size(), 1L));
        shape.set(axis, scale.elements());
        if (zero.elements() == 1 && scale.elements() > 1) {
            Tensor wide = Tensor.allocate(zero.dtype(), scale.shape());
            for (long i = 0; i < wide.elements(); i++) {
                wide.set(i, zero.doubleAt(0));
            }
            zero = wide;
        }
        bind(
                0,
                new Weight.Scaled(call.output().name(), data, scale.reshaped(shape), Optional.of(zero.reshaped(shape))),
                call,
                out);
    }

    private static void blockwise(Invocation call, Emitter out) {
        Tensor data = call.constant("data");
        Tensor scale = call.constant("scale");
        requireBlocks(data.shape(), scale.shape(), "scale", call);
        call.known("offset").ifPresent(offset -> requireBlocks(data.shape(), offset.shape(), "offset", call));
        bind(0, new Weight.Scaled(call.output().name(), data, scale, call.known("offset")), call, out);
    }

    private static void requireBlocks(List<Long> shape, List<Long> counts, String name, Invocation call) {
        boolean fits = shape.size() == counts.size();
        for (int i = 0; fits && i < shape.size(); i++) {
            fits = counts.get(i) > 0 && shape.get(i) % counts.get(i) == 0;
        }
        if (!fits) {
            throw call.malformed(name, "of shape " + counts + " makes no blocks of " + shape);
        }
    }

    /** Up to iOS 17 the indices are bytes of packed bits with a shape beside them; from iOS 18 on a tensor of narrow integers. */
    private static void lookedUp(Invocation call, Emitter out) {
        Tensor table = call.constant("lut");
        if (call.has("shape")) {
            List<Long> shape = call.integers("shape");
            DType dtype = Optional.ofNullable(INDEX_TYPES.get(table.elements()))
                    .orElseThrow(() -> call.malformed("lut", "has " + table.elements() + " entries"));
            Tensor indices = packed("indices", dtype, shape, call);
            List<Long> flat = new ArrayList<>(Collections.nCopies(shape.size(), 1L));
            flat.addAll(List.of(table.elements(), 1L));
            decoded(Decompression.lookedUp(indices, table.reshaped(flat), 0), "lut[indices]", "indices", call, out);
            return;
        }
        Tensor indices = call.constant("indices");
        decoded(
                Decompression.lookedUp(indices, table, axis(indices, table, call)),
                "lut[indices]",
                "indices",
                call,
                out);
    }

    private static int axis(Tensor indices, Tensor table, Invocation call) {
        int rank = indices.shape().size();
        if (table.shape().size() != rank + 2 || rank == 0) {
            throw call.malformed("lut", "has rank " + table.shape().size() + " for indices of rank " + rank);
        }
        requireBlocks(indices.shape(), table.shape().subList(0, rank), "lut", call);
        if (indices.dtype().bits() > 8
                || table.shape().get(rank) != 1L << indices.dtype().bits()) {
            throw call.malformed(
                    "lut",
                    "has " + table.shape().get(rank) + " entries for "
                            + indices.dtype().text());
        }
        if (table.shape().get(rank + 1) > LONGEST_VECTOR) {
            throw call.unsupported("entries of " + table.shape().get(rank + 1) + " values in a look-up table");
        }
        if (table.shape().get(rank + 1) == 1 && !call.has("vector_axis")) {
            return rank - 1;
        }
        return call.axis(call.integer("vector_axis"), rank);
    }

    private static Tensor packed(String name, DType dtype, List<Long> shape, Invocation call) {
        Tensor bytes = call.constant(name);
        long expected;
        try {
            expected = Tensor.byteSize(dtype, shape);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw call.malformed("shape", shape + " has more elements than can be counted");
        }
        if (bytes.data().byteSize() != expected) {
            throw call.malformed(name, "has " + bytes.data().byteSize() + " bytes, but the shape takes " + expected);
        }
        return new Tensor(dtype, shape, bytes.data());
    }

    private static void sparse(Invocation call, Emitter out) {
        Tensor values = call.constant("nonzero_data");
        Tensor mask =
                call.has("shape") ? packed("mask", DType.UINT1, call.integers("shape"), call) : call.constant("mask");
        requireCount(values, mask, call);
        decoded(Decompression.spread(values, mask), "nonzero_data at mask", "nonzero_data", call, out);
    }

    private static void requireCount(Tensor values, Tensor mask, Invocation call) {
        long ones = 0;
        for (long i = 0; i < mask.elements(); i++) {
            ones += mask.longAt(i);
        }
        if (ones != values.elements()) {
            throw call.malformed("mask", "has " + ones + " ones, but there are " + values.elements() + " values");
        }
    }

    private static void cast(Invocation call, Emitter out) {
        Tensor source = call.constant("source_val");
        if (!call.text("output_dtype").equals("fp32") || source.dtype() != DType.FLOAT16) {
            throw call.unsupported("constexpr_cast to other than fp32 from fp16");
        }
        bind(0, new Weight.Widened(call.output().name(), source), call, out);
    }

    private static void lookedUpSparse(Invocation call, Emitter out) {
        Tensor mask = call.constant("indices_mask");
        Tensor values = call.constant("indices_nonzero_data");
        Tensor table = call.constant("lut");
        requireCount(values, mask, call);
        Tensor indices = Decompression.spread(values, mask);
        int axis = axis(indices, table, call);
        Tensor dense = Decompression.lookedUp(indices, table, axis);
        Tensor wide = Decompression.repeated(mask, axis, table.shape().getLast());
        pair(wide, Decompression.gathered(dense, wide), call, out);
    }

    private static void blockwiseSparse(Invocation call, Emitter out) {
        Tensor mask = call.constant("data_mask");
        Tensor values = call.constant("nonzero_data");
        requireCount(values, mask, call);
        Tensor scale = call.constant("scale");
        requireBlocks(mask.shape(), scale.shape(), "scale", call);
        Tensor dense = Decompression.scaled(Decompression.spread(values, mask), scale, call.known("offset"));
        pair(mask, Decompression.gathered(dense, mask), call, out);
    }

    /** The mask and the values at its ones. */
    private static void pair(Tensor mask, Tensor values, Invocation call, Emitter out) {
        MilVariable first = call.output(0);
        MilVariable second = call.output(1);
        out.alias(first, new Operand.Constant(new Weight.Decoded(first.name(), "mask", first.name(), mask)));
        out.alias(second, new Operand.Constant(new Weight.Decoded(second.name(), "values", second.name(), values)));
    }
}
