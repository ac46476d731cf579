package dev.fairlead.conformance.trip;

import dev.fairlead.conformance.replay.Specialised;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.interpret.Datum;
import dev.fairlead.model.interpret.Interpreter;
import dev.fairlead.model.interpret.Precision;
import dev.fairlead.model.lower.mlx.MlxFolder;
import dev.fairlead.model.mlx.MlxValue;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Through a folder of MLX' graph interchange. */
final class ByMlx implements Route {
    @Override
    public String name() {
        return "mlx";
    }

    @Override
    public Map<String, Datum> outputs(Model model, Map<String, Content> inputs, Path folder, Precision precision) {
        Specialised specialised = Specialised.of(model, inputs);
        Path target = folder.resolve("mlx");
        MlxFolder.write(specialised.graph(), Map.of("fairlead", "conformance"), target);
        Path back = folder.resolve("back");
        if (Converter.convert(target, back, Options.defaults())
                instanceof Conversion.Unsupported(var operations, var _)) {
            UnsupportedOperation first = operations.getFirst();
            throw new ModelException(
                    ErrorCode.UNSUPPORTED,
                    "graph.json",
                    first.node(),
                    "no lift: " + first.op() + ": " + first.reason());
        }
        Map<String, Datum> feeds = new LinkedHashMap<>();
        for (MlxValue input : specialised.graph().graph().inputs()) {
            feeds.put(input.name(), Datum.of(Objects.requireNonNull(inputs.get(input.name()))));
        }
        try (OnnxFile file = OnnxFile.open(back.resolve(OnnxWriter.MODEL))) {
            return new Interpreter(file.model(), precision).run(feeds);
        }
    }
}
