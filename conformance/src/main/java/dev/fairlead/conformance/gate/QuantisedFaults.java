package dev.fairlead.conformance.gate;

import dev.fairlead.conformance.gate.Fault.Kind;
import dev.fairlead.conformance.gate.Fault.Level;
import dev.fairlead.conformance.gate.Fault.Side;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Weights of 4 bits with a scale for each block. */
final class QuantisedFaults {
    private static final Set<Level> LEVELS = EnumSet.of(Level.FLOAT32, Level.FLOAT16);
    private static final int WIDTH = Frames.WIDTH;

    /** No whole number of blocks. */
    private static final int RAGGED = 40;

    private static final int WHOLE = 512;

    private QuantisedFaults() {}

    static List<Fault> all() {
        return List.of(
                fault(14, "zero-point", "microsoft/onnxruntime 31692", Kind.CONVERSION, QuantisedFaults::zeroPoint),
                fault(15, "flat-scales", "microsoft/onnxruntime 32663", Kind.MACHINE, QuantisedFaults::flatScales),
                fault(16, "block-512", "microsoft/onnxruntime 28551", Kind.MACHINE, QuantisedFaults::zeros));
    }

    private static Fault fault(int number, String name, String report, Kind kind, Frames.Block block) {
        return new Fault(number, name, report, kind, LEVELS, Frames.sequence(block), Set.of("product"));
    }

    /** 8 where none is given; the wrong converter writes 0. */
    private static String zeroPoint(Net net, String h, Side side) {
        Blocks blocks = new Blocks("w", WIDTH, WIDTH, 16);
        return side.isWrong()
                ? blocks.product(net, "product", h, net.constant("zero_points", blocks.zeroPoints(0)))
                : blocks.product(net, "product", h);
    }

    /** The wrong kernel counts blocks over all rows together, which differs where a row ends within one. */
    private static String flatScales(Net net, String h, Side side) {
        Blocks blocks = new Blocks("w", RAGGED, WIDTH, 16);
        String wide = net.linear("wide", h, WIDTH, RAGGED);
        return side.isWrong()
                ? net.node("MatMul", "product", wide, net.constant("flat", i -> blocks.flat(i), RAGGED, WIDTH))
                : blocks.product(net, "product", wide);
    }

    private static String zeros(Net net, String h, Side side) {
        Blocks blocks = new Blocks("w", WHOLE, WIDTH, WHOLE);
        String wide = net.linear("wide", h, WIDTH, WHOLE);
        return net.node(
                "MatMul",
                "product",
                Map.of(),
                wide,
                net.constant(
                        side.isWrong() ? "zeros" : "weights",
                        i -> side.isWrong() ? 0 : blocks.weight(i),
                        WHOLE,
                        WIDTH));
    }
}
