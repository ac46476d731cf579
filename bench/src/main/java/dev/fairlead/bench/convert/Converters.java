package dev.fairlead.bench.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.conformance.Folders;
import dev.fairlead.conformance.Tools;
import dev.fairlead.conformance.Worker;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Format;
import dev.fairlead.model.convert.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Converters to Core ML, each warm in a process that stays: ours in this one, those in Python in another. Times are in seconds. */
final class Converters implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("fairlead-bench-");
    private final Path target = folder.resolve("model.mlpackage");
    private final Worker python = new Worker(Tools.torch(), "coreml_peers.py");

    /** A converter says no; the process that it runs in goes on. */
    static final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;

        Refusal(String problem) {
            super(problem);
        }
    }

    Converters() throws IOException {}

    /** A place for the benchmark's own files. */
    Path folder() {
        return folder;
    }

    /** What the last conversion wrote. */
    Path target() {
        return target;
    }

    /** Makes a network of the suite coreml-torch and exports it. */
    Path network(String name) throws IOException {
        Path onnx = folder.resolve(name + ".onnx");
        ask(Map.of("network", name, "onnx", onnx.toString()));
        return onnx;
    }

    /** Ours, from an ONNX file. */
    double fairlead(Path onnx) throws IOException {
        Folders.delete(target);
        long start = System.nanoTime();
        Conversion conversion = Converter.convert(onnx, target, Options.to(Format.COREML));
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!(conversion instanceof Conversion.Converted)) {
            throw new Refusal(onnx.getFileName() + ": " + conversion);
        }
        return seconds;
    }

    /** The package {@code onnx2coreml}, from an ONNX file. */
    double onnx2coreml(Path onnx) throws IOException {
        return seconds(Map.of("onnx", onnx.toString()));
    }

    /** The package {@code coremltools}, from the traced torch module of a network. */
    double coremltools(String network) throws IOException {
        return seconds(Map.of("network", network));
    }

    private double seconds(Map<String, String> question) throws IOException {
        Folders.delete(target);
        Map<String, String> whole = new HashMap<>(question);
        whole.put("package", target.toString());
        return ask(whole).get("seconds").asDouble();
    }

    private JsonNode ask(Map<String, String> question) throws IOException {
        JsonNode answer = python.ask(question);
        if (answer.has("error")) {
            throw new Refusal(answer.get("error").asText());
        }
        return answer;
    }

    @Override
    public void close() throws IOException {
        python.close();
        Folders.delete(folder);
    }
}
