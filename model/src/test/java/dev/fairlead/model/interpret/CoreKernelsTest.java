package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.integers;
import static dev.fairlead.model.interpret.OneNode.longs;
import static dev.fairlead.model.interpret.OneNode.normal;
import static dev.fairlead.model.interpret.OneNode.scalar;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Core operators held to ONNX Runtime on shapes, signs and settings that the wheel's cases do not have. */
class CoreKernelsTest {
    /** Shapes that broadcast to two, three and four elements. */
    private static final List<long[]> BROADCAST = List.of(
            new long[] {2, 3, 4},
            new long[] {4},
            new long[] {1, 3, 1},
            new long[] {},
            new long[] {2, 1, 4},
            new long[] {3, 1});

    @Property(tries = 150)
    void arithmetic(
            @ForAll @IntRange(max = 5) int operator,
            @ForAll @IntRange(max = 5) int left,
            @ForAll @IntRange(max = 5) int right,
            @ForAll @IntRange(max = 2) int type,
            @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        String op = List.of("Add", "Sub", "Mul", "Div", "Max", "Min").get(operator);
        DType dtype = List.of(DType.FLOAT32, DType.INT32, DType.INT64).get(type);
        OneNode.of(op)
                .input(numbers(random, dtype, BROADCAST.get(left)))
                .input(numbers(random, dtype, BROADCAST.get(right)))
                .check();
    }

    /** No zeros, so that everything can divide. */
    private static Tensor numbers(Random random, DType dtype, long... shape) {
        Tensor tensor = Tensor.allocate(dtype, LongStream.of(shape).boxed().toList());
        for (long i = 0; i < tensor.elements(); i++) {
            if (dtype.isFloating()) {
                tensor.set(i, random.nextGaussian());
            } else {
                tensor.set(i, random.nextLong(1, 9) * (random.nextBoolean() ? 1 : -1));
            }
        }
        return tensor;
    }

    @Property(tries = 60)
    void remainders(@ForAll boolean truncates, @ForAll @IntRange(max = 3) int type, @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        DType dtype =
                List.of(DType.INT32, DType.INT64, DType.INT8, DType.FLOAT32).get(type);
        OneNode.of("Mod")
                .with("fmod", truncates || dtype.isFloating() ? 1 : 0)
                .input(numbers(random, dtype, 4, 5))
                .input(numbers(random, dtype, 5))
                .check();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Abs",
                "Neg",
                "Sign",
                "Exp",
                "Sin",
                "Cos",
                "Tan",
                "Atan",
                "Sinh",
                "Cosh",
                "Tanh",
                "Asinh",
                "Erf",
                "Ceil",
                "Floor",
                "Round",
                "Relu",
                "Sigmoid",
                "Softplus",
                "Softsign",
                "Mish",
                "HardSwish",
                "Elu",
                "Celu",
                "Selu",
                "HardSigmoid",
                "LeakyRelu",
                "ThresholdedRelu",
                "Gelu",
                "Reciprocal"
            })
    void functions(String op) throws OrtException {
        Tensor x = normal(new Random(7), 300);
        x.set(0, 0.5);
        x.set(1, -1.5);
        x.set(2, 2.5);
        x.set(3, 6.0);
        x.set(4, -8.0);
        OneNode.of(op).input(x).check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sqrt", "Log", "Asin", "Acos", "Atanh"})
    void functionsOfNumbersBelowOne(String op) throws OrtException {
        Tensor x = Tensor.allocate(DType.FLOAT32, List.of(100L));
        Random random = new Random(8);
        for (int i = 0; i < 100; i++) {
            x.set(i, random.nextDouble(0.01, 0.99));
        }
        OneNode.of(op).input(x).check(5e-6);
    }

    @Property(tries = 150)
    void reductions(
            @ForAll @IntRange(max = 9) int operator,
            @ForAll boolean keeps,
            @ForAll @IntRange(max = 7) int axes,
            @ForAll boolean fromEnd,
            @ForAll long seed)
            throws OrtException {
        String op = List.of(
                        "ReduceSum",
                        "ReduceMean",
                        "ReduceProd",
                        "ReduceMax",
                        "ReduceMin",
                        "ReduceL1",
                        "ReduceL2",
                        "ReduceSumSquare",
                        "ReduceLogSumExp",
                        "ReduceLogSum")
                .get(operator);
        Tensor x = normal(new Random(seed), 2, 3, 4);
        if (op.equals("ReduceLogSum")) {
            for (long i = 0; i < x.elements(); i++) {
                x.set(i, Math.abs(x.doubleAt(i)) + 0.1);
            }
        }
        long[] chosen = LongStream.range(0, 3)
                .filter(axis -> (axes >> axis & 1) != 0)
                .map(axis -> fromEnd ? axis - 3 : axis)
                .toArray();
        OneNode.of(op)
                .with("keepdims", keeps ? 1 : 0)
                .input(x)
                .inputIf(chosen.length > 0, longs(DType.INT64, chosen))
                .check(1e-5);
    }

    @Property(tries = 100)
    void extremes(
            @ForAll boolean largest,
            @ForAll boolean last,
            @ForAll boolean keeps,
            @ForAll @IntRange(min = -3, max = 2) int axis,
            @ForAll long seed)
            throws OrtException {
        OneNode.of(largest ? "ArgMax" : "ArgMin")
                .with("axis", axis)
                .with("keepdims", keeps ? 1 : 0)
                .with("select_last_index", last ? 1 : 0)
                .input(integers(new Random(seed), DType.INT32, 0, 3, 3, 4, 5))
                .check();
    }

    @Property(tries = 80)
    void softmaxes(
            @ForAll @IntRange(max = 2) int operator,
            @ForAll @IntRange(min = -3, max = 2) int axis,
            @ForAll boolean flattens,
            @ForAll long seed)
            throws OrtException {
        String op = List.of("Softmax", "LogSoftmax", "Hardmax").get(operator);
        OneNode.of(op)
                .opset(flattens ? 12 : 21)
                .with("axis", axis)
                .input(normal(new Random(seed), 2, 3, 4))
                .check();
    }

    @Property(tries = 300)
    void slices(
            @ForAll @IntRange(min = -9, max = 9) int start,
            @ForAll @IntRange(min = -9, max = 9) int end,
            @ForAll @IntRange(min = -3, max = 3) int step,
            @ForAll @IntRange(min = -2, max = 1) int axis)
            throws OrtException {
        OneNode.of("Slice")
                .input(normal(new Random(1), 5, 6))
                .input(longs(DType.INT64, start))
                .input(longs(DType.INT64, end))
                .input(longs(DType.INT64, axis))
                .input(longs(DType.INT64, step == 0 ? Long.MAX_VALUE : step))
                .check();
    }

    @Property(tries = 150)
    void pads(
            @ForAll @IntRange(max = 3) int mode,
            @ForAll @IntRange(min = -1, max = 2) int before,
            @ForAll @IntRange(min = -1, max = 2) int after)
            throws OrtException {
        String text = List.of("constant", "reflect", "edge", "wrap").get(mode);
        OneNode.of("Pad")
                .with("mode", text)
                .input(normal(new Random(2), 4, 5))
                // ONNX Runtime mixes up negative pads with those of other modes than constants.
                .input(
                        mode == 0
                                ? longs(DType.INT64, before, after, after, before)
                                : longs(
                                        DType.INT64,
                                        Math.abs(before),
                                        Math.abs(after),
                                        Math.abs(after),
                                        Math.abs(before)))
                .input(scalar(DType.FLOAT32, 0.25))
                .check();
    }

    @Property(tries = 80)
    void lookups(@ForAll @IntRange(min = -3, max = 2) int axis, @ForAll boolean byElement, @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        OneNode.of(byElement ? "GatherElements" : "Gather")
                .with("axis", axis)
                .input(normal(random, 3, 4, 5))
                .input(
                        byElement
                                ? integers(random, DType.INT64, -3, 3, 3, 2, 4)
                                : integers(random, DType.INT64, -3, 3, 2, 2))
                .check();
    }

    @Property(tries = 80)
    void scatters(
            @ForAll @IntRange(max = 4) int reduction, @ForAll @IntRange(min = -2, max = 1) int axis, @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        String text = List.of("none", "add", "mul", "max", "min").get(reduction);
        // Without a reduction, which of two updates of one place holds is not defined: each row has one.
        OneNode.of("ScatterElements")
                .opset(18)
                .with("axis", axis)
                .with("reduction", text)
                .input(normal(random, 4, 5))
                .input(
                        reduction == 0
                                ? integers(
                                        random,
                                        DType.INT64,
                                        -4,
                                        4,
                                        axis % 2 == 0 ? new long[] {1, 5} : new long[] {4, 1})
                                : integers(random, DType.INT64, -4, 4, 3, 2))
                .input(
                        reduction == 0
                                ? normal(random, axis % 2 == 0 ? new long[] {1, 5} : new long[] {4, 1})
                                : normal(random, 3, 2))
                .check();
    }

    @Property(tries = 60)
    void topmost(@ForAll boolean largest, @ForAll @IntRange(min = -2, max = 1) int axis, @ForAll long seed)
            throws OrtException {
        OneNode.of("TopK")
                .outputs(2)
                .with("axis", axis)
                .with("largest", largest ? 1 : 0)
                .input(integers(new Random(seed), DType.INT64, 0, 4, 4, 5))
                .input(longs(DType.INT64, 3))
                .check();
    }

    @Property(tries = 60)
    void distinct(@ForAll @IntRange(max = 2) int axis, @ForAll boolean sorts, @ForAll long seed) throws OrtException {
        OneNode node = OneNode.of("Unique")
                .outputs(4)
                .with("sorted", sorts ? 1 : 0)
                .input(integers(new Random(seed), DType.INT64, 0, 2, 5, 2));
        if (axis < 2) {
            node.with("axis", axis);
        }
        node.check();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ij,jk->ik",
                "ij,jk",
                "bij,bjk->bik",
                "ii->i",
                "ii",
                "i,j->ij",
                "ij->ji",
                "ijk->",
                "...ij,...jk->...ik",
                "bhi,bhj->hij"
            })
    void sums(String equation) throws OrtException {
        OneNode node = OneNode.of("Einsum").with("equation", equation);
        for (String term : equation.replaceAll("->.*", "").split(",", -1)) {
            int rank = term.replace("...", "").length() + (term.contains("...") ? 1 : 0);
            node.input(normal(
                    new Random(rank), LongStream.generate(() -> 3).limit(rank).toArray()));
        }
        node.check(1e-5);
    }

    @Property(tries = 60)
    void products(@ForAll @IntRange(max = 3) int left, @ForAll @IntRange(max = 3) int right, @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        List<long[]> shapes = List.of(new long[] {4, 4}, new long[] {4}, new long[] {2, 1, 4, 4}, new long[] {3, 4, 4});
        OneNode.of("MatMul")
                .input(normal(random, shapes.get(left)))
                .input(normal(random, shapes.get(right)))
                .check(1e-5);
    }

    @Property(tries = 60)
    void layers(@ForAll boolean a, @ForAll boolean b, @ForAll @IntRange(max = 2) int c, @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        OneNode node = OneNode.of("Gemm")
                .with("alpha", 0.5f)
                .with("beta", 2f)
                .with("transA", a ? 1 : 0)
                .with("transB", b ? 1 : 0)
                .input(a ? normal(random, 4, 3) : normal(random, 3, 4))
                .input(b ? normal(random, 5, 4) : normal(random, 4, 5));
        switch (c) {
            case 0 -> node.input(normal(random, 5));
            case 1 -> node.input(normal(random, 3, 1));
            default -> {}
        }
        node.check(1e-5);
    }

    @Property(tries = 100)
    void casts(@ForAll @IntRange(max = 5) int from, @ForAll @IntRange(max = 6) int to, @ForAll long seed)
            throws OrtException {
        Random random = new Random(seed);
        DType source = List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.INT32, DType.INT8, DType.UINT8)
                .get(from);
        int code = List.of(1, 7, 6, 11, 3, 2, 9).get(to);
        Tensor x = Tensor.allocate(source, List.of(20L));
        for (long i = 0; i < 20; i++) {
            if (source.isFloating()) {
                x.set(i, random.nextDouble(to == 5 ? 0 : -100, 100));
            } else {
                x.set(i, random.nextLong());
            }
        }
        OneNode.of("Cast").with("to", code).input(x).check(1e-7);
    }

    @Property(tries = 60)
    void runningSums(@ForAll boolean exclusive, @ForAll boolean reverse, @ForAll @IntRange(min = -2, max = 1) int axis)
            throws OrtException {
        OneNode.of("CumSum")
                .with("exclusive", exclusive ? 1 : 0)
                .with("reverse", reverse ? 1 : 0)
                .input(normal(new Random(3), 3, 4))
                .input(Tensor.scalar(DType.INT32, axis))
                .check();
    }

    @Property(tries = 60)
    void tiles(@ForAll @IntRange(max = 3) int rows, @ForAll @IntRange(max = 3) int columns) throws OrtException {
        OneNode.of("Tile")
                .input(normal(new Random(4), 2, 3))
                .input(longs(DType.INT64, rows, columns))
                .check();
    }

    @Property(tries = 60)
    void splits(@ForAll @IntRange(min = 1, max = 4) int parts, @ForAll @IntRange(min = -2, max = 1) int axis)
            throws OrtException {
        OneNode.of("Split")
                .with("axis", axis)
                .with("num_outputs", parts)
                .outputs(parts)
                .input(normal(new Random(5), 7, 8))
                .check();
    }
}
