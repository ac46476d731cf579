package dev.fairlead.model.coreml;

import dev.fairlead.model.coreml.FeatureType.Flexibility;
import dev.fairlead.model.coreml.FeatureType.SizeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The ONNX metadata that say what a graph has no place for in a Core ML model, and in which words (docs/interchange.md). */
public final class CoremlMetadata {
    /** Followed by a state's name, the output that holds it after a call. */
    public static final String STATE = "fairlead.state.";

    public static final String PREFIX = "fairlead.coreml.";
    public static final String SHAPES = PREFIX + "shapes.";
    public static final String SHAPE = PREFIX + "shape.";
    public static final String OPTIONAL = PREFIX + "optional.";
    public static final String DEFAULT = PREFIX + "default.";
    public static final String IMAGE = PREFIX + "image.";
    public static final String LABELS = PREFIX + "labels.";
    public static final String TEXT = PREFIX + "text.";
    public static final String DESCRIPTION = PREFIX + "description";
    public static final String VERSION = PREFIX + "version";
    public static final String AUTHOR = PREFIX + "author";
    public static final String LICENSE = PREFIX + "license";
    public static final String USER = PREFIX + "user.";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern RANGE = Pattern.compile("[0-9]{1,18}\\.\\.([0-9]{1,18}|\\*)");
    private static final Pattern TIMES = Pattern.compile("x");

    private CoremlMetadata() {}

    /** {@code 1x3x4x4,1x3x8x8}, or {@code 1..1x3..3x4..8x4..*} with {@code *} for no bound; absent where sizes are fixed. */
    public static Optional<String> text(Flexibility flexibility) {
        return switch (flexibility) {
            case Flexibility.Fixed() -> Optional.empty();
            case Flexibility.Enumerated(var shapes) ->
                Optional.of(shapes.stream().map(CoremlMetadata::text).collect(Collectors.joining(",")));
            case Flexibility.Ranges(var sizes) ->
                Optional.of(sizes.stream()
                        .map(range -> range.lower() + ".." + (range.upper() < 0 ? "*" : range.upper()))
                        .collect(Collectors.joining("x")));
        };
    }

    public static String text(List<Long> shape) {
        return shape.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    /** What {@link #text(Flexibility)} wrote; empty for other text. */
    public static Optional<Flexibility> flexibility(String text) {
        List<String> sizes = TIMES.splitAsStream(text).toList();
        if (sizes.stream().allMatch(size -> RANGE.matcher(size).matches())) {
            return Optional.of(new Flexibility.Ranges(
                    sizes.stream().map(CoremlMetadata::range).toList()));
        }
        List<List<Long>> shapes = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Optional<List<Long>> shape = shape(part);
            if (shape.isEmpty()) {
                return Optional.empty();
            }
            shapes.add(shape.get());
        }
        return Optional.of(new Flexibility.Enumerated(shapes));
    }

    private static SizeRange range(String text) {
        int dots = text.indexOf("..");
        String upper = text.substring(dots + 2);
        return new SizeRange(Long.parseLong(text.substring(0, dots)), upper.equals("*") ? -1 : Long.parseLong(upper));
    }

    /** What {@link #text(List)} wrote; empty for other text. */
    public static Optional<List<Long>> shape(String text) {
        List<String> sizes = Stream.of(text.split("x", -1)).toList();
        return sizes.stream().allMatch(size -> NUMBER.matcher(size).matches())
                ? Optional.of(sizes.stream().map(Long::valueOf).toList())
                : Optional.empty();
    }
}
