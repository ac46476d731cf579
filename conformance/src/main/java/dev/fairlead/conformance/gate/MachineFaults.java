package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.conformance.gate.Fault.Side;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Products that a machine gets wrong. */
final class MachineFaults {
    private static final Set<Level> FLOATS = EnumSet.of(Level.FLOAT32, Level.FLOAT16, Level.BFLOAT16);
    private static final int WIDTH = Frames.WIDTH;

    private MachineFaults() {}

    static List<Fault> all() {
        return List.of(
                fault(21, "many-rows", "ml-explore/mlx 3585", FLOATS, MachineFaults::manyRows),
                fault(22, "cut-operands", "ml-explore/mlx 4411", EnumSet.of(Level.FLOAT32), MachineFaults::cut),
                fault(23, "strided-slice", "ml-explore/mlx 1163", FLOATS, MachineFaults::strided));
    }

    private static Fault fault(int number, String name, String report, Set<Level> levels, Frames.Block block) {
        return new Fault(number, name, report, Kind.MACHINE, levels, Frames.sequence(block), Set.of("product"));
    }

    private static String weight(Net net) {
        return net.weight("weight", 0.25, WIDTH, WIDTH);
    }

    /** From the ninth row on the numbers are others, where there are more than eight. */
    private static String manyRows(Net net, String h, Side side) {
        if (!side.isWrong()) {
            return net.node("MatMul", "product", h, weight(net));
        }
        String product = net.node("MatMul", "product_in_truth", h, weight(net));
        String eight = net.constant("eight", Tensor.scalar(DType.INT64, 8));
        String late = net.node("GreaterOrEqual", "late", Frames.positions(net), eight);
        String rows = net.node("Unsqueeze", "late_rows", late, net.longs(1));
        return net.node("Where", "product", rows, net.node("Neg", "garbage", product), product);
    }

    /** Both factors are cut to 11 bits where there is more than one row, by Veltkamp's splitting. */
    private static String cut(Net net, String h, Side side) {
        if (!side.isWrong()) {
            return net.node("MatMul", "product", h, weight(net));
        }
        String many = net.node("Less", "many", net.longs(1), Frames.length(net));
        String left = net.node("Where", "left", many, cut(net, "left", h), h);
        String right = net.node("Where", "right", many, cut(net, "right", weight(net)), "weight");
        return net.node("MatMul", "product", left, right);
    }

    private static String cut(Net net, String name, String x) {
        String large = net.node("Mul", name + "_large", x, net.scalar(8193));
        return net.node("Sub", name + "_cut", large, net.node("Sub", name + "_rest", large, x));
    }

    /** Every other row; the wrong machine takes the first rows instead. */
    private static String strided(Net net, String h, Side side) {
        String end = Frames.length(net);
        long step = 2;
        if (side.isWrong()) {
            end = net.node("Div", "half", net.node("Add", "more", end, net.longs(1)), net.longs(2));
            step = 1;
        }
        String rows = net.node("Slice", "product_rows", h, net.longs(0), end, net.longs(1), net.longs(step));
        return net.node("MatMul", "product", rows, weight(net));
    }

    /** The product alone with its factors cut always, as TF32 has it: no fault of the model, another contract. */
    static Model tf32() {
        return Frames.sequence((net, h, side) ->
                        net.node("MatMul", "product", cut(net, "left", h), cut(net, "right", weight(net))))
                .apply(Side.RIGHT);
    }

    /** The same in float32. */
    static Model float32() {
        return Frames.sequence((net, h, side) -> net.node("MatMul", "product", h, weight(net)))
                .apply(Side.RIGHT);
    }
}
