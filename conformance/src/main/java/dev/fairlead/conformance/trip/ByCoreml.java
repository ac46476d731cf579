package dev.fairlead.conformance.trip;

import dev.fairlead.conformance.coreml.Lifted;
import dev.fairlead.conformance.coreml.Specialised;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.coreml.CoremlPackageWriter;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.interpret.Array;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Precision;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Through a package of Core ML in float32. */
final class ByCoreml implements Route {
    @Override
    public String name() {
        return "coreml";
    }

    @Override
    public Map<String, Datum> outputs(Model model, Map<String, Content> inputs, Path folder, Precision precision)
            throws IOException {
        Path target = folder.resolve("model.mlpackage");
        CoremlPackageWriter.write(Specialised.of(model, inputs).program().model(), target);
        Path back = Files.createDirectories(folder.resolve("back"));
        Lifted lifted;
        try (CoremlPackage opened = CoremlPackage.open(target)) {
            lifted = Lifted.of(opened.model());
            OnnxWriter.write(lifted.model(), back);
        }
        Map<String, Datum> feeds = new LinkedHashMap<>();
        lifted.feeds(inputs).forEach((name, tensor) -> feeds.put(name, Datum.of(new Content.Dense(tensor))));
        Map<String, Datum> outputs = new LinkedHashMap<>();
        try (OnnxFile file = OnnxFile.open(back.resolve(OnnxWriter.MODEL))) {
            new Interpreter(file.model(), precision)
                    .run(feeds)
                    .forEach((feature, datum) -> outputs.put(
                            lifted.name(feature),
                            lifted.dtype(feature)
                                    .map(dtype -> typed(datum, dtype))
                                    .orElse(datum)));
        }
        return outputs;
    }

    @Override
    public Optional<String> beyond(Map<String, Datum> outputs) {
        return outputs.values().stream().anyMatch(ByCoreml::isBeyond) ? Optional.of(Lifted.BEYOND) : Optional.empty();
    }

    private static boolean isBeyond(Datum datum) {
        return datum instanceof Datum.Dense(Array.Integers integers)
                && Arrays.stream(integers.values()).anyMatch(value -> value != (int) value);
    }

    /** Integers in the type that they were carried for. */
    private static Datum typed(Datum datum, DType dtype) {
        if (datum instanceof Datum.Dense(Array.Integers integers)) {
            Tensor tensor = ((Content.Dense) Datum.of(integers).content()).tensor();
            return Datum.of(new Content.Dense(Lifted.converted(tensor, dtype)));
        }
        throw new IllegalStateException("no integers for " + dtype.text());
    }
}
