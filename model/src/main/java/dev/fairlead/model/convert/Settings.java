package dev.fairlead.model.convert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.lower.coreml.Options.Range;
import dev.fairlead.model.lower.coreml.Precision;
import dev.fairlead.model.rewrite.OpsetConversion;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** Options as text, as jobs and the command line give them (docs/jobs.md). */
public final class Settings {
    public static final String TARGET_FORMAT = "target_format";
    public static final String OPSET = "opset";
    public static final String TARGET = "target";
    public static final String PRECISION = "precision";
    public static final String PRECISIONS = "precisions";
    public static final String SIZES = "sizes";
    public static final String RANGES = "ranges";
    public static final String SPECIALISE = "specialise";
    public static final String ALLOW_LOSSY = "allow_lossy";
    public static final String FUNCTION = "function";

    private static final Set<String> ALL = Set.of(
            TARGET_FORMAT, OPSET, TARGET, PRECISION, PRECISIONS, SIZES, RANGES, SPECIALISE, ALLOW_LOSSY, FUNCTION);
    private static final Map<String, Format> NEEDS = Map.of(
            OPSET, Format.ONNX,
            TARGET, Format.COREML,
            PRECISION, Format.COREML,
            PRECISIONS, Format.COREML,
            RANGES, Format.COREML);
    // The systems that came with each specification version, by Apple's release notes.
    private static final Map<String, Integer> TARGETS = new TreeMap<>(Map.of(
            "ios15", CoremlModel.IOS_15,
            "ios16", CoremlModel.IOS_16,
            "ios17", CoremlModel.IOS_17,
            "ios18", CoremlModel.IOS_18,
            "ios26", CoremlModel.IOS_26,
            "macos12", CoremlModel.IOS_15,
            "macos13", CoremlModel.IOS_16,
            "macos14", CoremlModel.IOS_17,
            "macos15", CoremlModel.IOS_18,
            "macos26", CoremlModel.IOS_26));
    private static final Map<String, Precision> PRECISION_NAMES =
            new TreeMap<>(Map.of("fp16", Precision.FLOAT16, "fp32", Precision.FLOAT32));
    private static final Map<String, Options.Losses> LOSSES =
            new TreeMap<>(Map.of("true", Options.Losses.ALLOWED, "false", Options.Losses.REFUSED));
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Settings() {}

    /**
     * Reads options.
     *
     * @throws IllegalArgumentException naming the setting and what it takes
     */
    public static Options options(Map<String, String> settings) {
        settings.keySet().stream()
                .filter(name -> !ALL.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw wrong(
                            name, "is no setting of a conversion; there are " + String.join(", ", new TreeSet<>(ALL)));
                });
        Format to = one(
                        settings,
                        TARGET_FORMAT,
                        text -> Format.parse(text)
                                .orElseThrow(
                                        () -> wrong(TARGET_FORMAT, "want onnx, mlx or coreml, got '" + text + "'")))
                .orElse(Format.ONNX);
        NEEDS.forEach((name, format) -> {
            if (settings.containsKey(name) && format != to) {
                throw wrong(name, "is for the target format " + format.text() + " only");
            }
        });
        Optional<Long> opset = one(settings, OPSET, Settings::opset);
        Optional<Integer> specification =
                one(settings, TARGET, text -> known(TARGET, TARGETS, text.toLowerCase(Locale.ROOT)));
        return new Options(
                Options.VERSION,
                to,
                opset.map(OptionalLong::of).orElse(OptionalLong.empty()),
                specification.map(OptionalInt::of).orElse(OptionalInt.empty()),
                one(settings, PRECISION, text -> known(PRECISION, PRECISION_NAMES, text))
                        .orElse(Precision.FLOAT32),
                each(settings, PRECISIONS, node -> known(PRECISIONS, PRECISION_NAMES, node.asText())),
                each(settings, SIZES, Settings::size),
                each(settings, RANGES, Settings::range),
                each(settings, SPECIALISE, Function.identity()),
                Map.of(),
                one(settings, ALLOW_LOSSY, text -> known(ALLOW_LOSSY, LOSSES, text))
                        .orElse(Options.Losses.REFUSED),
                Optional.ofNullable(settings.get(FUNCTION)));
    }

    private static <T> Optional<T> one(Map<String, String> settings, String name, Function<String, T> reading) {
        return Optional.ofNullable(settings.get(name)).map(reading);
    }

    /** A JSON object, entry by entry. */
    private static <T> Map<String, T> each(Map<String, String> settings, String name, Function<JsonNode, T> reading) {
        String text = settings.get(name);
        if (text == null) {
            return Map.of();
        }
        JsonNode object;
        try {
            object = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw wrong(name, "is no JSON: " + e.getOriginalMessage());
        }
        if (!object.isObject()) {
            throw wrong(name, "want a JSON object, got '" + text + "'");
        }
        Map<String, T> entries = new LinkedHashMap<>();
        object.properties().forEach(entry -> entries.put(entry.getKey(), reading.apply(entry.getValue())));
        return entries;
    }

    private static <T> T known(String name, Map<String, T> values, String text) {
        T value = values.get(text);
        if (value == null) {
            throw wrong(name, "want one of " + String.join(", ", values.keySet()) + ", got '" + text + "'");
        }
        return value;
    }

    private static long opset(String text) {
        if (text.matches("[0-9]{1,3}")) {
            long opset = Long.parseLong(text);
            if (opset >= OpsetConversion.OLDEST && opset <= OpsetConversion.NEWEST) {
                return opset;
            }
        }
        throw wrong(OPSET, "want " + OpsetConversion.OLDEST + " to " + OpsetConversion.NEWEST + ", got '" + text + "'");
    }

    private static long size(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 1) {
            throw wrong(SIZES, "want a whole number of at least 1 for each symbol, got " + node);
        }
        return node.longValue();
    }

    private static Range range(JsonNode node) {
        boolean numbers = node.isArray() && node.size() == 3;
        for (JsonNode number : node) {
            numbers = numbers && number.isIntegralNumber() && number.canConvertToLong();
        }
        if (!numbers) {
            throw wrong(RANGES, "want [lower, usual, upper] for each symbol, got " + node);
        }
        try {
            return new Range(
                    node.get(0).longValue(),
                    node.get(1).longValue(),
                    node.get(2).longValue());
        } catch (IllegalArgumentException e) {
            throw wrong(RANGES, String.valueOf(e.getMessage()));
        }
    }

    private static IllegalArgumentException wrong(String name, String problem) {
        return new IllegalArgumentException(name + ": " + problem);
    }
}
