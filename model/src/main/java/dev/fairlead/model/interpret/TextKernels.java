package dev.fairlead.model.interpret;

import dev.fairlead.model.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Operators on strings. */
final class TextKernels {
    private TextKernels() {}

    static void register(Kernels kernels) {
        kernels.add("StringConcat", TextKernels::concat);
        kernels.add("StringSplit", TextKernels::split);
        kernels.add("StringNormalizer", TextKernels::normalize);
        kernels.add("RegexFullMatch", TextKernels::match);
    }

    private static List<Datum> concat(Call call) {
        Array.Texts first = call.texts(0);
        Array.Texts second = call.texts(1);
        int[] shape = Shapes.broadcast(call, first.shape(), second.shape());
        int[] a = Shapes.broadcastIndices(first.shape(), shape);
        int[] b = Shapes.broadcastIndices(second.shape(), shape);
        String[] values = new String[a.length];
        Arrays.setAll(values, i -> first.values()[a[i]] + second.values()[b[i]]);
        return Elementwise.one(new Array.Texts(shape, values));
    }

    /** Shorter results are filled with empty strings; the second output tells how many are real. */
    private static List<Datum> split(Call call) {
        Array.Texts texts = call.texts(0);
        String delimiter = call.text("delimiter", "");
        long most = call.integer("maxsplit", -1);
        List<List<String>> parts = new ArrayList<>();
        int widest = 0;
        for (String text : texts.values()) {
            List<String> found = delimiter.isEmpty() ? words(text, most) : parts(text, delimiter, most);
            parts.add(found);
            widest = Math.max(widest, found.size());
        }
        String[] values = new String[parts.size() * widest];
        Arrays.fill(values, "");
        long[] counts = new long[parts.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = parts.get(i).size();
            for (int j = 0; j < parts.get(i).size(); j++) {
                values[i * widest + j] = parts.get(i).get(j);
            }
        }
        return List.of(
                Datum.of(new Array.Texts(Shapes.concat(texts.shape(), widest), values)),
                Datum.of(new Array.Integers(DType.INT64, texts.shape(), counts)));
    }

    private static List<String> parts(String text, String delimiter, long most) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        // Of an empty string nothing is left.
        if (text.isEmpty()) {
            return parts;
        }
        for (int at = text.indexOf(delimiter); at >= 0 && (most < 0 || parts.size() < most); ) {
            parts.add(text.substring(start, at));
            start = at + delimiter.length();
            at = text.indexOf(delimiter, start);
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** Runs of white space part words, and those at both ends count for nothing. */
    private static List<String> words(String text, long most) {
        List<String> words = new ArrayList<>();
        String rest = text.strip();
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
                end++;
            }
            if (most >= 0 && words.size() == most) {
                end = rest.length();
            }
            words.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        return words;
    }

    private static List<Datum> normalize(Call call) {
        Array.Texts texts = call.texts(0);
        if (texts.rank() != 1 && !(texts.rank() == 2 && texts.shape()[0] == 1)) {
            throw call.malformed("input 0 has shape " + Arrays.toString(texts.shape()));
        }
        boolean sensitive = call.integer("is_case_sensitive", 0) != 0;
        Set<String> stopwords = new HashSet<>();
        for (String word : call.texts("stopwords").orElse(List.of())) {
            stopwords.add(sensitive ? word : word.toLowerCase(Locale.ROOT));
        }
        String action = call.text("case_change_action", "NONE");
        List<String> kept = new ArrayList<>();
        for (String text : texts.values()) {
            if (!stopwords.contains(sensitive ? text : text.toLowerCase(Locale.ROOT))) {
                kept.add(
                        switch (action) {
                            case "LOWER" -> text.toLowerCase(Locale.ROOT);
                            case "UPPER" -> text.toUpperCase(Locale.ROOT);
                            case "NONE" -> text;
                            default -> throw call.malformed("attribute case_change_action is " + action);
                        });
            }
        }
        if (kept.isEmpty()) {
            kept.add("");
        }
        int[] shape = texts.rank() == 1 ? new int[] {kept.size()} : new int[] {1, kept.size()};
        return Elementwise.one(new Array.Texts(shape, kept.toArray(String[]::new)));
    }

    /** Patterns are RE2's, which Java's understand but for rare escapes. */
    private static List<Datum> match(Call call) {
        Array.Texts texts = call.texts(0);
        try {
            Pattern pattern = Pattern.compile(call.text("pattern", ""));
            long[] values = new long[texts.values().length];
            Arrays.setAll(values, i -> pattern.matcher(texts.values()[i]).matches() ? 1 : 0);
            return Elementwise.one(new Array.Integers(DType.BOOL, texts.shape(), values));
        } catch (PatternSyntaxException e) {
            throw call.unsupported("the pattern is none that is understood here: " + e.getDescription());
        }
    }
}
