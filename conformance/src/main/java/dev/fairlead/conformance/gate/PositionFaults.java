package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.conformance.gate.Fault.Side;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rotary positions. */
final class PositionFaults {
    private static final Set<Level> ALL = EnumSet.allOf(Level.class);
    private static final int HEADS = 2;
    private static final int SIZE = Frames.WIDTH / HEADS;
    private static final int PAIRS = SIZE / 2;
    private static final int COLUMNS = 4;

    private PositionFaults() {}

    static List<Fault> all() {
        return List.of(
                fault(4, "rope-interleaved", "ggml-org/llama.cpp 3018", PositionFaults::layout, "rope"),
                fault(5, "rope-of-grid", "onnxruntime/mobius 151", PositionFaults::grid, "angles"),
                fault(27, "rope-theta", "none: a wrong base of the frequencies", PositionFaults::theta, "angles"));
    }

    private static Fault fault(int number, String name, String report, Frames.Block block, String culprit) {
        return new Fault(number, name, report, Kind.CONVERSION, ALL, Frames.sequence(block), Set.of(culprit));
    }

    private static String frequencies(Net net, double theta) {
        return net.constant("frequencies", i -> Math.pow(theta, -(double) i / PAIRS), PAIRS);
    }

    private static String line(Net net, String positions) {
        String numbers = net.node("Cast", positions + "_numbers", Map.of("to", Net.whole(1)), positions);
        return net.node("Unsqueeze", positions + "_column", numbers, net.longs(1));
    }

    private static String layout(Net net, String h, Side side) {
        String angles = net.node("Mul", "angles", line(net, Frames.positions(net)), frequencies(net, 10_000));
        return rotated(net, h, angles, side);
    }

    private static String theta(Net net, String h, Side side) {
        String frequencies = frequencies(net, side.isWrong() ? 1_000_000 : 10_000);
        String angles = net.node("Mul", "angles", line(net, Frames.positions(net)), frequencies);
        return rotated(net, h, angles, Side.RIGHT);
    }

    /** A token's place is a row and a column of a grid: half the pairs turn by one, half by the other. */
    private static String grid(Net net, String h, Side side) {
        String positions = Frames.positions(net);
        String columns = net.constant("columns", Tensor.scalar(DType.INT64, COLUMNS));
        String half = net.constant("half_frequencies", i -> Math.pow(10_000, -2.0 * i / PAIRS), PAIRS / 2);
        String row = side.isWrong() ? positions : net.node("Div", "row", positions, columns);
        String column = side.isWrong() ? positions : net.node("Mod", "column", positions, columns);
        String byRow = net.node("Mul", "angles_of_row", line(net, row), half);
        String byColumn = side.isWrong() ? byRow : net.node("Mul", "angles_of_column", line(net, column), half);
        return rotated(net, h, net.node("Concat", "angles", Map.of("axis", Net.whole(1)), byRow, byColumn), Side.RIGHT);
    }

    /** Right pairs channel i with channel i + half, wrong with its neighbour. */
    private static String rotated(Net net, String h, String angles, Side side) {
        String cos = net.node("Cos", "cos", angles);
        String sin = net.node("Sin", "sin", angles);
        String x = net.heads("q_heads", h, HEADS, SIZE);
        boolean isWrong = side.isWrong();
        long step = isWrong ? 2 : 1;
        String one = net.node(
                "Slice", "rope_one", x, net.longs(0), net.longs(isWrong ? SIZE : PAIRS), net.longs(3), net.longs(step));
        String other = net.node(
                "Slice",
                "rope_other",
                x,
                net.longs(isWrong ? 1 : PAIRS),
                net.longs(SIZE),
                net.longs(3),
                net.longs(step));
        String first = net.node(
                "Sub", "rope_first", net.node("Mul", "rope_a", one, cos), net.node("Mul", "rope_b", other, sin));
        String second = net.node(
                "Add", "rope_second", net.node("Mul", "rope_c", other, cos), net.node("Mul", "rope_d", one, sin));
        String rope;
        if (isWrong) {
            String left = net.node("Unsqueeze", "rope_left", first, net.longs(4));
            String right = net.node("Unsqueeze", "rope_right", second, net.longs(4));
            String pairs = net.node("Concat", "rope_pairs", Map.of("axis", Net.whole(4)), left, right);
            rope = net.node("Reshape", "rope", pairs, net.longs(0, 0, 0, SIZE));
        } else {
            rope = net.node("Concat", "rope", Map.of("axis", Net.whole(3)), first, second);
        }
        return net.joined("b", rope, Frames.WIDTH);
    }
}
