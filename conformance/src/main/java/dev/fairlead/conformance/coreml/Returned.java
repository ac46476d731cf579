package dev.fairlead.conformance.coreml;

import ai.onnxruntime.OrtException;
import dev.fairlead.conformance.OnnxRuntime;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lift.coreml.CoremlLift;
import dev.fairlead.model.lower.coreml.CoremlLowering;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Core ML package lifted back to ONNX and run there, by ONNX Runtime where it can and by the interpreter where it cannot. */
final class Returned {
    private Returned() {}

    /**
     * The outputs by their first names and types, which the package's metadata state where Core ML has others.
     *
     * @param inputs by first name; more may be given than the package takes
     */
    static Map<String, Content> run(Path coreml, Path folder, Map<String, Content> inputs) throws Exception {
        try (CoremlPackage opened = CoremlPackage.open(coreml)) {
            Model model = switch (CoremlLift.lift(opened.model(), Optional.empty(), "0")) {
                case Lift.Lifted(Model lifted, var _) -> lifted;
                case Lift.Unsupported(List<UnsupportedOperation> operations) ->
                    throw unsupported(operations.getFirst());
            };
            Map<String, String> stated = opened.model().description().metadata().userDefined();
            Map<String, Tensor> feeds = new LinkedHashMap<>();
            for (Value input : model.graph().inputs()) {
                String name = stated.getOrDefault(key("input", input.name(), "name"), input.name());
                if (!(inputs.get(name) instanceof Content.Dense(Tensor tensor))) {
                    throw new IllegalStateException("no data for input " + name);
                }
                feeds.put(input.name(), fed(tensor, input));
            }
            Map<String, Content> outputs = new LinkedHashMap<>();
            execute(model, folder, feeds).forEach((feature, tensor) -> {
                String name = stated.getOrDefault(key("output", feature, "name"), feature);
                Optional<DType> declared = Optional.ofNullable(stated.get(key("output", feature, "dtype")))
                        .flatMap(DType::parse);
                outputs.put(
                        name,
                        new Content.Dense(
                                declared.map(dtype -> converted(tensor, dtype)).orElse(tensor)));
            });
            return outputs;
        }
    }

    private static String key(String kind, String feature, String what) {
        return CoremlLowering.CARRIED + kind + "." + feature + "." + what;
    }

    private static ModelException unsupported(UnsupportedOperation operation) {
        return new ModelException(
                ErrorCode.UNSUPPORTED,
                "program",
                operation.node(),
                "no lift: " + operation.op() + ": " + operation.reason());
    }

    private static Map<String, Tensor> execute(Model model, Path folder, Map<String, Tensor> feeds) throws Exception {
        Path target = folder.resolve("returned");
        Files.createDirectories(target);
        OnnxWriter.write(model, target);
        try (OnnxRuntime runtime = new OnnxRuntime(target.resolve(OnnxWriter.MODEL))) {
            return runtime.run(feeds);
        } catch (OrtException refused) {
            return interpreted(model, feeds, refused);
        }
    }

    private static Map<String, Tensor> interpreted(Model model, Map<String, Tensor> feeds, OrtException refused) {
        if (!String.valueOf(refused.getMessage()).contains("Could not find an implementation")) {
            throw new IllegalStateException("ONNX Runtime: " + refused.getMessage(), refused);
        }
        Map<String, Datum> inputs = new LinkedHashMap<>();
        feeds.forEach((name, tensor) -> inputs.put(name, Datum.of(new Content.Dense(tensor))));
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        new Interpreter(model).run(inputs).forEach((name, datum) -> {
            if (datum.content() instanceof Content.Dense(Tensor tensor)) {
                outputs.put(name, tensor);
            }
        });
        return outputs;
    }

    /** A tensor as the feature takes it: integers and flags as int32, a scalar with one element. */
    private static Tensor fed(Tensor tensor, Value input) {
        Tensor same = converted(tensor, input.dtype().orElseThrow());
        return same.shape().isEmpty() && !input.shape().orElseThrow().isEmpty() ? same.reshaped(List.of(1L)) : same;
    }

    /** The same numbers in another type, which must have them all. */
    private static Tensor converted(Tensor tensor, DType dtype) {
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
