package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.provenance.WeightTransform;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Quantised weights stay quantised: their payload goes to the weight file as it is, and a constexpr operation says how it is read. Eight
 * bits with scales along one axis are as old as iOS 16, blocks and four bits as iOS 18.
 */
final class WeightRules {
    private WeightRules() {}

    static void register(Rules rules) {
        rules.add("com.microsoft.MatMulNBits", WeightRules::matmulBits);
    }

    /** A constant DequantizeLinear as a constexpr; empty where it is none, or MIL has no such payload. */
    static Optional<Var> dequantized(Call call, MilDataType element, Mil mil) {
        Optional<Tensor> data = call.constant(0);
        Optional<Tensor> scale = call.constant(1);
        if (data.isEmpty()
                || scale.isEmpty()
                || (call.has(2) && call.constant(2).isEmpty())) {
            return Optional.empty();
        }
        DType dtype = data.get().dtype();
        boolean bytes = dtype == DType.INT8 || dtype == DType.UINT8;
        boolean halves = dtype == DType.INT4 || dtype == DType.UINT4;
        if ((!bytes && !halves) || data.get().shape().isEmpty() || data.get().elements() == 0) {
            return Optional.empty();
        }
        Tensor factors = real(scale.get(), element);
        boolean blocked = call.integer("block_size", 0) > 0;
        int rank = data.get().shape().size();
        long stated = call.integer("axis", 1);
        int axis = Math.toIntExact(stated < 0 ? stated + rank : Math.min(stated, rank - 1));
        String name = call.node().inputs().getFirst();
        Var made = bytes && !blocked
                ? affine(data.get(), factors, call.constant(2), axis, name, element, mil)
                : blockwise(data.get(), factors, call.constant(2), axis, blocked, name, element, mil);
        mil.out.trace().weight(made, name, data.get(), List.of());
        return Optional.of(made);
    }

    private static Var affine(
            Tensor data, Tensor scale, Optional<Tensor> zero, int axis, String name, MilDataType element, Mil mil) {
        Tensor point = zero.orElseGet(() -> Tensor.allocate(data.dtype(), scale.shape()));
        Map<String, Tensor> parameters = new TreeMap<>();
        parameters.put("quantized_data", data);
        parameters.put("scale", scalarOrVector(scale));
        parameters.put("zero_point", scalarOrVector(point));
        Tensor along = Tensor.allocate(DType.INT32, List.of());
        along.set(0, (long) axis);
        parameters.put("axis", along);
        return mil.out.computed(
                "constexpr_affine_dequantize", parameters, name + "_dequantized", element, Shapes.of(data.shape()));
    }

    private static Tensor scalarOrVector(Tensor tensor) {
        return tensor.elements() == 1 ? tensor.reshaped(List.of()) : tensor;
    }

    /** Scales of the data's rank; a size that divides the data's says how long its blocks are. */
    private static Var blockwise(
            Tensor data,
            Tensor scale,
            Optional<Tensor> zero,
            int axis,
            boolean blocked,
            String name,
            MilDataType element,
            Mil mil) {
        List<Long> shape = scale.shape();
        if (!blocked) {
            List<Long> spread = new ArrayList<>(Collections.nCopies(data.shape().size(), 1L));
            if (scale.elements() > 1) {
                spread.set(axis, scale.elements());
            }
            shape = spread;
        } else if (data.shape().get(axis) % shape.get(axis) != 0) {
            throw Refusals.unsupported("blocks that do not divide a weight of shape " + data.shape());
        }
        Map<String, Tensor> parameters = new TreeMap<>();
        parameters.put("data", data);
        parameters.put("scale", scale.reshaped(shape));
        if (zero.isPresent()) {
            parameters.put("offset", zero.get().reshaped(shape));
        }
        return mil.out.computed(
                "constexpr_blockwise_shift_scale", parameters, name + "_dequantized", element, Shapes.of(data.shape()));
    }

    private static Tensor real(Tensor tensor, MilDataType element) {
        DType wanted = element.dtype().orElseThrow();
        if (tensor.dtype() == wanted) {
            return tensor;
        }
        Tensor made = Tensor.allocate(wanted, tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            made.set(i, tensor.doubleAt(i));
        }
        return made;
    }

    /** Packed rows of K in blocks, each with a scale and maybe a zero point: the same bytes in blockwise_shift_scale. */
    private static void matmulBits(Call call, Mil mil) {
        long bits = call.integer("bits", 4);
        long k = call.integer("K");
        long n = call.integer("N");
        long block = call.integer("block_size");
        if ((bits != 2 && bits != 4 && bits != 8) || call.has(4)) {
            throw Refusals.unsupported("a product with weights of " + bits + " bits or with an order of groups");
        }
        if (k % block != 0) {
            throw Refusals.unsupported("a last block that is not whole");
        }
        Var a = call.in(0);
        Tensor packed = call.constant(1, "B");
        DType dtype = bits == 2 ? DType.UINT2 : bits == 4 ? DType.UINT4 : DType.UINT8;
        Tensor data = new Tensor(dtype, List.of(n, k), packed.data());
        List<Long> blocks = List.of(n, k / block);
        Tensor scale = real(call.constant(2, "scales"), a.element()).reshaped(blocks);
        Tensor offset = offset(call, dtype, bits, blocks, a.element());
        mil.out.need(CoremlModel.IOS_18, "weights in blocks");
        String name = call.node().inputs().get(1);
        Var weight = bits == 2
                ? palettised(data, scale, offset, name, a.element(), mil)
                : mil.out.computed(
                        "constexpr_blockwise_shift_scale",
                        Map.of("data", data, "scale", scale, "offset", offset),
                        name + "_dequantized",
                        a.element(),
                        Shapes.of(n, k));
        mil.out.trace().weight(weight, name, packed, List.of(new WeightTransform.Reinterpret(dtype, List.of(n, k))));
        Var product = a.rank() == 1
                ? mil.squeeze(mil.matmul(mil.expandDims(a, 0), weight, false, true), 0)
                : mil.matmul(a, lifted(weight, a.rank(), mil), false, true);
        call.result(call.has(5) ? mil.add(product, call.in(5)) : product, call.declared(0));
    }

    /** Two bits have no shift and scale in MIL; a table of the four numbers of each block says the same. */
    private static Var palettised(Tensor data, Tensor scale, Tensor offset, String name, MilDataType element, Mil mil) {
        List<Long> shape = new ArrayList<>(scale.shape());
        shape.addAll(List.of(4L, 1L));
        Tensor table = Tensor.allocate(element.dtype().orElseThrow(), shape);
        for (long i = 0; i < scale.elements(); i++) {
            for (long code = 0; code < 4; code++) {
                table.set(i * 4 + code, (code - offset.doubleAt(i)) * scale.doubleAt(i));
            }
        }
        return mil.out.computed(
                "constexpr_lut_to_dense",
                Map.of("indices", data, "lut", table),
                name + "_dequantized",
                element,
                Shapes.of(data.shape()));
    }

    private static Var lifted(Var weight, int rank, Mil mil) {
        return rank > 2 ? mil.expandDims(weight, Arithmetic.axes(0, rank - 2)) : weight;
    }

    /** Zero points, packed by rows in the operator and without gaps here; the middle of the range where none are stated. */
    private static Tensor offset(Call call, DType dtype, long bits, List<Long> blocks, MilDataType element) {
        Optional<Tensor> given = call.has(3) ? Optional.of(call.constant(3, "zero_points")) : Optional.empty();
        if (given.isPresent() && given.get().dtype().isFloating()) {
            return real(given.get(), element).reshaped(blocks);
        }
        Tensor made = Tensor.allocate(dtype, blocks);
        long columns = blocks.get(1);
        long perRow = Math.ceilDiv(columns * bits, 8);
        for (long row = 0; row < blocks.get(0); row++) {
            for (long column = 0; column < columns; column++) {
                long value = 1L << (bits - 1);
                if (given.isPresent()) {
                    long packed = given.get().longAt(row * perRow + column * bits / 8);
                    value = (packed >>> (column * bits % 8)) & ((1L << bits) - 1);
                }
                made.set(row * columns + column, value);
            }
        }
        return made;
    }
}
