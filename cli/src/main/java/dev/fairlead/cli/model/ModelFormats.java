package dev.fairlead.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fairlead.cli.failure.CommandFailure;
import dev.fairlead.proto.v1.ModelFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a model folder's format by its model.json (docs/interchange.md). */
final class ModelFormats {
    private ModelFormats() {}

    static ModelFormat of(Path folder) {
        var file = folder.resolve("model.json");
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.usage(folder + ": is no model folder: it has no model.json");
        }
        try {
            var format =
                    new ObjectMapper().readTree(file.toFile()).path("format").asText();
            return switch (format) {
                case "mlx" -> ModelFormat.MODEL_FORMAT_MLX;
                case "onnx" -> ModelFormat.MODEL_FORMAT_ONNX;
                case "coreml" -> ModelFormat.MODEL_FORMAT_COREML;
                default ->
                    throw CommandFailure.usage(file + ": format: \"" + format + "\" is none of mlx, onnx, coreml");
            };
        } catch (JsonProcessingException e) {
            throw CommandFailure.usage(file + ": is no JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw CommandFailure.usage(file + ": cannot be read: " + e.getMessage());
        }
    }
}
