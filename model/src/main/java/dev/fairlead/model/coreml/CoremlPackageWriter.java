package dev.fairlead.model.coreml;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.protobuf.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes an {@code .mlpackage}. The same model always gives the same bytes: identifiers are made from the paths. Weights
 * stream from where they lie.
 */
public final class CoremlPackageWriter {
    static final String MODEL = "model.mlmodel";
    private static final String AUTHOR = "com.apple.CoreML";
    private static final String WEIGHTS = "weights";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private CoremlPackageWriter() {}

    /**
     * Writes a model.
     *
     * @param folder the package itself; made where it does not exist, and the model in it replaced where it does. A
     *     model may not be written over the package that its weights are mapped from.
     */
    public static void write(CoremlModel model, Path folder) {
        WeightLayout weights = new WeightLayout();
        byte[] bytes = message(model, weights).toBytes();
        Path data = folder.resolve(CoremlPackage.DATA).resolve(AUTHOR);
        Path weightFolder = data.resolve(WEIGHTS);
        try {
            Files.createDirectories(weightFolder);
            try (Stream<Path> old = Files.list(weightFolder)) {
                for (Path file : old.filter(WeightLayout::isOwned).toList()) {
                    Files.delete(file);
                }
            }
            weights.write(weightFolder);
            Files.write(data.resolve(MODEL), bytes);
            Files.write(folder.resolve(CoremlPackage.MANIFEST), manifest());
        } catch (IOException e) {
            throw new ModelException(ErrorCode.IO, folder, "folder", e);
        }
    }

    private static Message message(CoremlModel model, WeightLayout weights) {
        Message out = new Message();
        out.number(1, model.specificationVersion());
        out.message(2, description -> DescriptionWriter.write(model.description(), description));
        out.message(502, program -> new ProgramWriter(weights).write(model.program(), program));
        return out;
    }

    private static byte[] manifest() throws IOException {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("fileFormatVersion", CoremlPackage.FORMAT_VERSION);
        ObjectNode entries = root.putObject("itemInfoEntries");
        for (List<String> item :
                List.of(List.of(MODEL, "CoreML Model Specification"), List.of(WEIGHTS, "CoreML Model Weights"))) {
            String path = AUTHOR + "/" + item.getFirst();
            entries.putObject(identifier(path))
                    .put("author", AUTHOR)
                    .put("description", item.getLast())
                    .put("name", item.getFirst())
                    .put("path", path);
        }
        root.put("rootModelIdentifier", identifier(AUTHOR + "/" + MODEL));
        return (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String identifier(String path) {
        return UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
