package dev.fairlead.model.interpret;

import dev.fairlead.model.onnx.OnnxTypes;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Conversions of element types. */
final class CastKernels {
    private CastKernels() {}

    static void register(Kernels kernels) {
        kernels.add("Cast", call -> cast(call, call.array(0), target(call)));
        kernels.add("CastLike", call -> cast(call, call.array(0), Target.of(call.array(1))));
        kernels.add("BitCast", CastKernels::reinterpret);
    }

    /** What an array is cast to. */
    private sealed interface Target {
        record Numeric(DType dtype) implements Target {}

        record Text() implements Target {}

        static Target of(Array array) {
            return switch (array) {
                case Array.Reals reals -> new Numeric(reals.dtype());
                case Array.Integers integers -> new Numeric(integers.dtype());
                case Array.Complexes complexes -> new Numeric(complexes.dtype());
                case Array.Texts _ -> new Text();
            };
        }
    }

    /** Before opset 6 the type stood as a word. */
    private static Target target(Call call) {
        if (call.opset() < 6) {
            String name = call.text("to", "").toLowerCase(Locale.ROOT);
            String text = name.equals("float") ? "float32" : name.equals("double") ? "float64" : name;
            return text.equals("string")
                    ? new Target.Text()
                    : new Target.Numeric(
                            DType.parse(text).orElseThrow(() -> call.malformed("attribute to is no type: " + name)));
        }
        long code = call.integer("to");
        return code == OnnxTypes.STRING ? new Target.Text() : new Target.Numeric(dtype(call, code));
    }

    static DType dtype(Call call, long code) {
        return OnnxTypes.parse(Math.toIntExact(Math.clamp(code, 0, 1000)))
                .orElseThrow(() -> call.malformed("no element type has the number " + code));
    }

    private static List<Datum> cast(Call call, Array array, Target target) {
        return Elementwise.one(
                switch (target) {
                    case Target.Text() -> texts(call, array);
                    case Target.Numeric(DType dtype) -> numbers(call, array, dtype);
                });
    }

    private static Array numbers(Call call, Array array, DType dtype) {
        return switch (array) {
            case Array.Reals reals ->
                switch (dtype.kind()) {
                    case FLOATING -> real(call, dtype, reals.shape(), reals.values());
                    case BOOLEAN, SIGNED, UNSIGNED ->
                        new Array.Integers(
                                dtype,
                                reals.shape(),
                                Arrays.stream(reals.values())
                                        .mapToLong(value -> Widths.truncated(dtype, value))
                                        .toArray());
                    case COMPLEX -> throw call.unsupported("casts to a complex type");
                };
            case Array.Integers integers ->
                switch (dtype.kind()) {
                    case FLOATING -> real(call, dtype, integers.shape(), Numbers.doubles(call, integers));
                    case BOOLEAN, SIGNED, UNSIGNED ->
                        new Array.Integers(
                                dtype,
                                integers.shape(),
                                Arrays.stream(integers.values())
                                        .map(value -> Widths.wrap(dtype, value))
                                        .toArray());
                    case COMPLEX -> throw call.unsupported("casts to a complex type");
                };
            case Array.Texts texts -> parsed(call, texts, dtype);
            case Array.Complexes _ -> throw call.unsupported("casts a complex type");
        };
    }

    private static Array real(Call call, DType dtype, int[] shape, double[] values) {
        if (!dtype.isMiniFloat()) {
            return new Array.Reals(dtype, shape, values);
        }
        boolean saturate = call.integer("saturate", 1) != 0;
        if (dtype == DType.FLOAT8_E8M0FNU) {
            String mode = call.text("round_mode", "up");
            double[] powers = Arrays.stream(values)
                    .map(value -> power(call, value, mode, saturate))
                    .toArray();
            return new Array.Reals(dtype, shape, powers);
        }
        double[] rounded = new Array.Reals(dtype, shape, values).rounded().values();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isNaN(values[i]) && overflows(dtype, Math.abs(values[i]))) {
                double outside = dtype == DType.FLOAT8_E5M2 ? Double.POSITIVE_INFINITY : Double.NaN;
                rounded[i] = Math.copySign(saturate ? largest(dtype) : outside, values[i]);
            }
        }
        return new Array.Reals(dtype, shape, rounded);
    }

    private static double largest(DType dtype) {
        return switch (dtype) {
            case FLOAT8_E4M3FN -> 448;
            case FLOAT8_E4M3FNUZ -> 240;
            case FLOAT8_E5M2, FLOAT8_E5M2FNUZ -> 57344;
            case FLOAT4_E2M1FN -> 6;
            default -> throw new IllegalArgumentException("dtype: " + dtype.text());
        };
    }

    /** Whether a magnitude would round beyond the largest number. The tie belongs to the neighbour whose last bit is zero. */
    private static boolean overflows(DType dtype, double magnitude) {
        return switch (dtype) {
            case FLOAT8_E4M3FN -> magnitude > 464;
            case FLOAT8_E4M3FNUZ -> magnitude >= 248;
            case FLOAT8_E5M2, FLOAT8_E5M2FNUZ -> magnitude >= 61440;
            default -> false;
        };
    }

    /** The table of ONNX' Cast for powers of two; negative numbers are its "unspecified" and become NaN. */
    private static double power(Call call, double magnitude, String mode, boolean saturate) {
        if (Double.isNaN(magnitude) || magnitude < 0) {
            return Double.NaN;
        }
        double low = 0x1p-127;
        double high = 0x1p127;
        if (magnitude < low || magnitude > high) {
            if (!saturate) {
                return Double.NaN;
            }
            return magnitude < low ? low : high;
        }
        double below = Math.scalb(1.0, Math.getExponent(magnitude));
        if (below == magnitude) {
            return below;
        }
        return switch (mode) {
            case "up" -> below * 2;
            case "down" -> below;
            case "nearest" -> magnitude >= 1.5 * below ? below * 2 : below;
            default -> throw call.malformed("attribute round_mode is " + mode);
        };
    }

    private static Array texts(Call call, Array array) {
        String[] texts = new String[array.size()];
        switch (array) {
            case Array.Reals reals -> Arrays.setAll(texts, i -> shown(reals.dtype(), reals.values()[i]));
            case Array.Integers integers
            when integers.dtype() != DType.BOOL ->
                Arrays.setAll(
                        texts,
                        i -> integers.dtype() == DType.UINT64
                                ? Long.toUnsignedString(integers.values()[i])
                                : Long.toString(integers.values()[i]));
            case Array.Texts given -> {
                return given;
            }
            case Array.Integers _ -> throw call.unsupported("casts booleans to strings");
            case Array.Complexes _ -> throw call.unsupported("casts a complex type");
        }
        return new Array.Texts(array.shape(), texts);
    }

    private static String shown(DType dtype, double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "INF" : "-INF";
        }
        return dtype == DType.FLOAT64 ? Double.toString(value) : Float.toString((float) value);
    }

    private static Array parsed(Call call, Array.Texts texts, DType dtype) {
        Array result = Elements.blank(dtype, texts.shape());
        for (int i = 0; i < texts.values().length; i++) {
            String text = texts.values()[i].strip();
            try {
                switch (result) {
                    case Array.Reals reals -> reals.values()[i] = real(text);
                    case Array.Integers integers
                    when dtype != DType.BOOL ->
                        integers.values()[i] = Widths.wrap(
                                dtype, dtype == DType.UINT64 ? Long.parseUnsignedLong(text) : Long.parseLong(text));
                    case Array.Integers _, Array.Complexes _, Array.Texts _ ->
                        throw call.unsupported("casts strings to " + dtype.text());
                }
            } catch (NumberFormatException e) {
                throw call.malformed("casts what is no number to " + dtype.text());
            }
        }
        return result instanceof Array.Reals reals ? real(call, dtype, reals.shape(), reals.values()) : result;
    }

    private static double real(String text) {
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "NAN" -> Double.NaN;
            case "INF", "+INF", "INFINITY", "+INFINITY" -> Double.POSITIVE_INFINITY;
            case "-INF", "-INFINITY" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    /** The same bits. Floating numbers are rounded to their declared type first, for only then do they have them. */
    private static List<Datum> reinterpret(Call call) {
        DType dtype = dtype(call, call.integer("to"));
        Tensor tensor = switch (call.array(0)) {
            case Array.Reals reals -> reals.tensor();
            case Array.Integers integers -> integers.tensor();
            case Array.Complexes complexes -> complexes.tensor();
            case Array.Texts _ -> throw call.malformed("input 0 holds strings");
        };
        if (tensor.dtype().bits() != dtype.bits()) {
            throw call.malformed(tensor.dtype().text() + " and " + dtype.text() + " differ in width");
        }
        return Elementwise.one(Array.of(new Tensor(dtype, tensor.shape(), tensor.data())));
    }
}
