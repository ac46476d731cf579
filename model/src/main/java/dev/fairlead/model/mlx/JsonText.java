package dev.fairlead.model.mlx;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers and strings of JSON as Python's {@code json} writes them. */
final class JsonText {
    private JsonText() {}

    /** ASCII only; the rest is escaped by UTF-16 units. */
    static String of(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || c > 0x7E) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /** The shortest digits that give the number back; an exponent below 1e-4 and from 1e16 on. */
    static String of(double finite) {
        if (finite == 0) {
            return 1 / finite < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = shortest(Math.abs(finite));
        String digits = decimal.unscaledValue().toString();
        int exponent = decimal.precision() - decimal.scale() - 1;
        String sign = finite < 0 ? "-" : "";
        if (exponent < -4 || exponent >= 16) {
            String rest = digits.length() > 1 ? "." + digits.substring(1) : "";
            return "%s%s%se%s%02d"
                    .formatted(sign, digits.charAt(0), rest, exponent < 0 ? "-" : "+", Math.abs(exponent));
        }
        String plain = decimal.toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    /** Java always gives two digits at least, where one may do. */
    private static BigDecimal shortest(double positive) {
        BigDecimal decimal = new BigDecimal(Double.toString(positive)).stripTrailingZeros();
        BigDecimal single = decimal.round(new MathContext(1));
        return decimal.precision() == 2 && single.doubleValue() == positive ? single : decimal;
    }
}
