package dev.fairlead.model.lower.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.coreml.Description;
import dev.fairlead.model.coreml.Feature;
import dev.fairlead.model.coreml.FeatureType;
import dev.fairlead.model.coreml.MilDataType;
import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.coreml.MilVariable;
import dev.fairlead.model.graph.Dim;
import dev.fairlead.model.graph.Expression;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The model's inputs and outputs. Core ML has them in float32, float16 (from iOS 16) and int32; flags and integers are carried as
 * int32, a scalar input as a tensor of one element. What a feature is in ONNX is kept in the metadata.
 */
final class Features {
    private final Options options;
    private final GraphLowering lowering;
    private final Mil mil;
    private final Remembered remembered;
    private final Map<String, Var> states = new HashMap<>();
    private final List<Feature> stateFeatures = new ArrayList<>();
    private final List<Feature> inputs = new ArrayList<>();
    private final List<MilVariable> variables = new ArrayList<>();
    private final Map<String, String> carried = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<String, String> reserved = new HashMap<>();

    Features(Options options, GraphLowering lowering, Mil mil, Remembered remembered) {
        this.options = options;
        this.lowering = lowering;
        this.mil = mil;
        this.remembered = remembered;
    }

    List<Feature> inputs() {
        return inputs;
    }

    List<Feature> states() {
        return stateFeatures;
    }

    List<MilVariable> variables() {
        return variables;
    }

    List<String> notes() {
        return notes;
    }

    /** Keeps the outputs' names from being given to anything else. */
    void reserve(List<Value> outputs) {
        outputs.stream()
                .filter(output -> remembered.stateAfter(output.name()).isEmpty())
                .forEach(output -> reserved.computeIfAbsent(output.name(), mil.out::reserve));
    }

    void input(Value input, Scope scope) {
        try {
            DType declared = input.dtype().orElseThrow(() -> Refusals.unsupported("it is no tensor of a known type"));
            List<Dim> shape = input.shape().orElseThrow(() -> Refusals.unsupported("its rank is not known"));
            MilDataType element = feature(declared);
            boolean scalar = shape.isEmpty();
            List<Dim> stated = scalar ? List.of(Shapes.ONE) : shape;
            if (shape.contains(new Dim.Fixed(0)) && shape.stream().allMatch(dim -> dim instanceof Dim.Fixed)) {
                // Core ML has no tensors without elements; there is but one such tensor, so it is a constant.
                List<Long> sizes =
                        shape.stream().map(dim -> ((Dim.Fixed) dim).size()).toList();
                scope.constant(input.name(), Tensor.allocate(declared, sizes));
                notes.add("input " + input.name() + ": has no elements and is left out");
                return;
            }
            Emitter.requireRank(shape.size());
            Var placeholder = mil.out.input(input.name(), element, stated);
            note("input", placeholder.name(), input.name(), declared, element);
            mil.out.begin(input.name());
            mil.out.trace().begin(input.name());
            Var value = remembered.isState(input.name())
                    ? state(input.name(), placeholder)
                    : plain(input.name(), placeholder);
            if (scalar) {
                carried.put(CoremlLowering.CARRIED + "input." + placeholder.name() + ".rank", "0");
                value = mil.squeeze(value, 0);
            }
            scope.hold(input.name(), mil.cast(value, Carried.element(declared)), declared);
        } catch (ModelException e) {
            refuse("input", input.name(), e);
            scope.refuse(input.name());
        }
    }

    private Var plain(String input, Var placeholder) {
        variables.add(Emitter.variable(placeholder));
        inputs.add(new Feature(
                placeholder.name(), remembered.text(input), type(input, placeholder), remembered.presence(input)));
        remembered.lost(input).ifPresent(what -> notes.add("input " + input + ": " + what));
        return placeholder;
    }

    private Var state(String input, Var placeholder) {
        if (!placeholder.isFixed()) {
            throw Refusals.unsupported("a state whose size is not fixed");
        }
        mil.out.need(CoremlModel.IOS_18, "a state");
        MilVariable held = Emitter.variable(placeholder);
        variables.add(new MilVariable(held.name(), new MilType.OfState(held.type())));
        stateFeatures.add(new Feature(
                placeholder.name(),
                remembered.text(input),
                new FeatureType.State(new FeatureType.MultiArray(
                        array(placeholder), sizes(placeholder.shape(), Options.Range::usual))),
                Feature.Presence.REQUIRED));
        states.put(input, placeholder);
        return mil.out.write("read_state", Map.of("input", placeholder), placeholder.element(), placeholder.shape());
    }

    /** The value that the function hands out, under the output's name; empty when it was refused, and for what a state holds after the call. */
    Optional<Var> output(Value output, Scope scope) {
        if (scope.isRefused(output.name())) {
            return Optional.empty();
        }
        try {
            if (scope.sequence(output.name()).isPresent()) {
                throw Refusals.unsupported("a sequence, which Core ML's features are not");
            }
            mil.out.begin(output.name());
            mil.out.trace().begin(output.name());
            DType declared = scope.constant(output.name())
                    .map(tensor -> tensor.dtype())
                    .orElseGet(() -> scope.held(output.name())
                            .orElseThrow(() -> Refusals.malformed("nothing makes it"))
                            .declared());
            MilDataType element = feature(declared);
            Var value = lowering.use(output.name(), scope, Precision.FLOAT32);
            Emitter.requireRank(value.rank());
            Var cast = mil.cast(value, element);
            Var state = remembered.stateAfter(output.name()).map(states::get).orElse(null);
            if (state != null) {
                Var data = value.rank() == 0 ? mil.reshape(cast, 1) : cast;
                mil.out.effect("write_state", Map.of("input", state, "data", data));
                return Optional.empty();
            }
            String name = reserved.remove(output.name());
            if (name == null) {
                name = mil.out.reserve(output.name());
            }
            String made = cast.name();
            boolean feature =
                    variables.stream().anyMatch(variable -> variable.name().equals(made));
            if (feature || !mil.out.rename(cast, name)) {
                cast = mil.unary("identity", cast);
                mil.out.rename(cast, name);
            }
            note("output", mil.out.name(cast), output.name(), declared, element);
            remembered.lost(output.name()).ifPresent(what -> notes.add("output " + output.name() + ": " + what));
            return Optional.of(cast);
        } catch (ModelException e) {
            refuse("output", output.name(), e);
            return Optional.empty();
        }
    }

    List<Feature> outputs(List<Var> results) {
        return results.stream()
                .map(result -> new Feature(
                        mil.out.name(result),
                        remembered.text(mil.out.name(result)),
                        new FeatureType.MultiArray(
                                array(result),
                                result.isFixed() ? sizes(result.shape(), Options.Range::usual) : List.of()),
                        Feature.Presence.REQUIRED))
                .toList();
    }

    Description.Metadata metadata() {
        return remembered.description(carried);
    }

    private void refuse(String kind, String name, ModelException e) {
        if (e.code() != ErrorCode.UNSUPPORTED) {
            throw e;
        }
        lowering.refuse(kind, name, e.problem());
    }

    private MilDataType feature(DType declared) {
        MilDataType element = Carried.element(declared);
        if (element == MilDataType.FLOAT16) {
            mil.out.need(CoremlModel.IOS_16, "a feature of float16");
        }
        return element == MilDataType.BOOL ? MilDataType.INT32 : element;
    }

    private void note(String kind, String feature, String name, DType declared, MilDataType element) {
        if (!feature.equals(name)) {
            carried.put(CoremlLowering.CARRIED + kind + "." + feature + ".name", name);
        }
        if (element.dtype().orElseThrow() != declared) {
            carried.put(CoremlLowering.CARRIED + kind + "." + feature + ".dtype", declared.text());
            notes.add(kind + " " + name + ": " + declared.text() + " is carried as "
                    + element.dtype().orElseThrow().text());
        }
    }

    private static FeatureType.ArrayType array(Var value) {
        return FeatureType.ArrayType.of(value.element().dtype().orElseThrow()).orElseThrow();
    }

    private FeatureType type(String input, Var placeholder) {
        List<Dim> shape = placeholder.shape();
        var otherwise = remembered.otherwise(input, array(placeholder));
        boolean chosen = shape.stream()
                .anyMatch(dim -> dim instanceof Dim.Symbolic(Expression expression)
                        && expression.symbols().stream().anyMatch(options.ranges()::containsKey));
        if (!chosen) {
            var shapes = remembered.shapes(input, shape);
            if (shapes.isPresent()) {
                return new FeatureType.MultiArray(
                        array(placeholder), shapes.get().usual(), shapes.get().flexibility(), otherwise);
            }
        }
        List<Long> lower = sizes(shape, Options.Range::lower);
        List<Long> upper = sizes(shape, Options.Range::upper);
        List<FeatureType.SizeRange> ranges = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            ranges.add(new FeatureType.SizeRange(lower.get(i), upper.get(i)));
        }
        return new FeatureType.MultiArray(
                array(placeholder),
                sizes(shape, Options.Range::usual),
                placeholder.isFixed()
                        ? new FeatureType.Flexibility.Fixed()
                        : new FeatureType.Flexibility.Ranges(ranges),
                otherwise);
    }

    /** The sizes at one end of the symbols' ranges. */
    private List<Long> sizes(List<Dim> shape, ToLongFunction<Options.Range> end) {
        return shape.stream().map(dim -> size(dim, end)).toList();
    }

    private long size(Dim dim, ToLongFunction<Options.Range> end) {
        return switch (dim) {
            case Dim.Fixed(long size) -> size;
            case Dim.Unknown _ -> end.applyAsLong(Options.Range.DEFAULT);
            case Dim.Symbolic(Expression expression) -> {
                Map<String, Long> symbols = new HashMap<>();
                for (String symbol : expression.symbols()) {
                    symbols.put(symbol, end.applyAsLong(options.ranges().getOrDefault(symbol, Options.Range.DEFAULT)));
                }
                yield expression.at(symbols);
            }
        };
    }
}
