package dev.fairlead.conformance.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlModel;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lift.coreml.CoremlLift;
import dev.fairlead.model.lower.coreml.CoremlLowering;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Core ML model lifted to ONNX, which knows by its metadata what its features were before it was lowered.
 *
 * @param stated the metadata
 */
public record Lifted(Model model, Map<String, String> stated) {
    /** Why a case with larger integers proves nothing. */
    public static final String BEYOND = "the case has integers beyond int32, in which Core ML carries int64";

    /**
     * Lifts the default function.
     *
     * @throws ModelException UNSUPPORTED with the first reason
     */
    public static Lifted of(CoremlModel coreml) {
        Model model = switch (CoremlLift.lift(coreml, Optional.empty(), "0")) {
            case Lift.Lifted(Model lifted, var _) -> lifted;
            case Lift.Unsupported(List<UnsupportedOperation> operations) -> throw unsupported(operations.getFirst());
        };
        return new Lifted(model, coreml.description().metadata().userDefined());
    }

    private static ModelException unsupported(UnsupportedOperation operation) {
        return new ModelException(
                ErrorCode.UNSUPPORTED,
                "program",
                operation.node(),
                "no lift: " + operation.op() + ": " + operation.reason());
    }

    /**
     * What the model takes, as it takes it.
     *
     * @param inputs by first name; more may be given
     * @throws ModelException UNSUPPORTED where an integer is beyond int32, in which Core ML carries int64
     */
    public Map<String, Tensor> feeds(Map<String, Content> inputs) {
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        for (Value input : model.graph().inputs()) {
            String name = stated.getOrDefault(key("input", input.name(), "name"), input.name());
            if (!(inputs.get(name) instanceof Content.Dense(Tensor tensor))) {
                throw new IllegalStateException("no data for input " + name);
            }
            feeds.put(input.name(), fed(tensor, input));
        }
        return feeds;
    }

    /** The first name of an output. */
    public String name(String feature) {
        return stated.getOrDefault(key("output", feature, "name"), feature);
    }

    /** The first type of an output, where Core ML has another one. */
    public Optional<DType> dtype(String feature) {
        return Optional.ofNullable(stated.get(key("output", feature, "dtype"))).flatMap(DType::parse);
    }

    private static String key(String kind, String feature, String what) {
        return CoremlLowering.CARRIED + kind + "." + feature + "." + what;
    }

    /** A tensor as the feature takes it: integers and flags as int32, a scalar with one element. */
    private static Tensor fed(Tensor tensor, Value input) {
        DType dtype = input.dtype().orElseThrow();
        for (long i = 0; dtype == DType.INT32 && i < tensor.elements(); i++) {
            if (tensor.longAt(i) != (int) tensor.longAt(i)) {
                throw new ModelException(ErrorCode.UNSUPPORTED, "model.mlpackage", input.name(), BEYOND);
            }
        }
        Tensor same = converted(tensor, dtype);
        return same.shape().isEmpty() && !input.shape().orElseThrow().isEmpty() ? same.reshaped(List.of(1L)) : same;
    }

    /** The same numbers in another type, which must have them all. */
    public static Tensor converted(Tensor tensor, DType dtype) {
        if (tensor.dtype() == dtype) {
            return tensor;
        }
        if (tensor.dtype().isFloating() || dtype.isFloating()) {
            throw new IllegalStateException(
                    "a feature of " + dtype.text() + " for " + tensor.dtype().text());
        }
        Tensor made = Tensor.allocate(dtype, tensor.shape());
        for (long i = 0; i < tensor.elements(); i++) {
            made.set(i, tensor.longAt(i));
            if (made.longAt(i) != tensor.longAt(i)) {
                throw new IllegalStateException(tensor.longAt(i) + " is no " + dtype.text());
            }
        }
        return made;
    }
}
