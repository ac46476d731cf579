package dev.fairlead.bench.convert;

import dev.fairlead.bench.convert.Verdicts.Verdict;
import dev.fairlead.conformance.Worker;
import dev.fairlead.conformance.coreml.Lifted;
import dev.fairlead.conformance.coreml.Returned;
import dev.fairlead.conformance.coreml.Specialised;
import dev.fairlead.conformance.onnx.Comparison;
import dev.fairlead.conformance.onnx.OnnxCase;
import dev.fairlead.conformance.onnx.Tolerance;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.graph.Content;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.rewrite.Specialise;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One case, to be converted by several. All get the same file: where MIL wants inputs as constants, the case's own numbers are made
 * constants in it.
 */
final class Attempt {
    /** Converts an ONNX file to {@link Converters#target()}. */
    @FunctionalInterface
    interface Conversion {
        double seconds(Path onnx) throws IOException;
    }

    private final OnnxCase found;
    private final Converters converters;
    private final Worker loader;
    private final Set<String> constants = new HashSet<>();
    private final Path model;

    Attempt(OnnxCase found, Converters converters, Worker loader) throws IOException {
        this.found = found;
        this.converters = converters;
        this.loader = loader;
        this.model = prepared();
    }

    /** The file that is converted. */
    Path model() {
        return model;
    }

    /** @throws IOException where a process ended or a file cannot be written, which is no verdict */
    @SuppressWarnings("CatchingUnchecked") // whatever reading and running a package throws is the case's verdict
    Verdict run(Conversion conversion) throws IOException {
        try {
            conversion.seconds(model);
        } catch (Converters.Refusal | ModelException e) {
            return Verdict.REFUSED;
        }
        if (loader.ask(Map.of("package", converters.target().toString())).has("error")) {
            return Verdict.NOT_LOADED;
        }
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined();
                CoremlPackage opened = CoremlPackage.open(converters.target())) {
            OnnxCase.Data data = OnnxCase.read(found.sets().getFirst(), file.model(), arena);
            Model returned = Lifted.of(opened.model()).model();
            Map<String, Tensor> outputs =
                    Returned.execute(returned, converters.folder(), feeds(returned, data.inputs()));
            return agree(data.outputs(), returned, outputs) ? Verdict.RIGHT : Verdict.WRONG;
        } catch (Exception e) {
            return Verdict.NOT_RUN;
        }
    }

    private Path prepared() throws IOException {
        try (OnnxFile file = OnnxFile.open(found.model());
                Arena arena = Arena.ofConfined()) {
            OnnxCase.Data data = OnnxCase.read(found.sets().getFirst(), file.model(), arena);
            Map<String, Tensor> fixed = new LinkedHashMap<>();
            for (String name : Specialised.of(file.model(), data.inputs()).inputs()) {
                if (data.inputs().get(name) instanceof Content.Dense(Tensor tensor)) {
                    fixed.put(name, tensor);
                }
            }
            if (fixed.isEmpty()) {
                return found.model();
            }
            constants.addAll(fixed.keySet());
            Path folder = Files.createDirectories(converters.folder().resolve(found.name()));
            OnnxWriter.write(Specialise.inputs(file.model(), fixed), folder);
            return folder.resolve(OnnxWriter.MODEL);
        } catch (ModelException e) {
            return found.model();
        }
    }

    /** By position, for names are the converter's choice. */
    private Map<String, Tensor> feeds(Model model, Map<String, Content> inputs) {
        List<Content> left = inputs.entrySet().stream()
                .filter(input -> !constants.contains(input.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        for (int i = 0; i < model.graph().inputs().size(); i++) {
            Value input = model.graph().inputs().get(i);
            if (left.get(i) instanceof Content.Dense(Tensor tensor)) {
                boolean isScalar =
                        tensor.shape().isEmpty() && !input.shape().orElseThrow().isEmpty();
                feeds.put(
                        input.name(),
                        like(input.dtype().orElseThrow(), isScalar ? List.of(1L) : tensor.shape(), tensor));
            }
        }
        return feeds;
    }

    /** By position and value, for names and types are the converter's choice. */
    private static boolean agree(Map<String, Content> expected, Model model, Map<String, Tensor> outputs) {
        Map<String, Content> same = new LinkedHashMap<>();
        List<Value> declared = model.graph().outputs();
        expected.forEach((name, content) -> {
            if (content instanceof Content.Dense(Tensor wanted) && same.size() < declared.size()) {
                Tensor tensor = Objects.requireNonNull(
                        outputs.get(declared.get(same.size()).name()));
                same.put(name, new Content.Dense(like(wanted.dtype(), wanted.shape(), tensor)));
            }
        });
        Comparison comparison = new Comparison(Tolerance.ONNX);
        return comparison.difference(expected, same).isEmpty() || comparison.isNoise(expected, same);
    }

    /** The same numbers in another type and shape; itself where there are more or fewer of them. */
    private static Tensor like(DType dtype, List<Long> shape, Tensor tensor) {
        Tensor same = Tensor.allocate(dtype, shape);
        if (same.elements() != tensor.elements()) {
            return tensor;
        }
        for (long i = 0; i < tensor.elements(); i++) {
            if (dtype.isFloating() || tensor.dtype().isFloating()) {
                same.set(i, tensor.doubleAt(i));
            } else {
                same.set(i, tensor.longAt(i));
            }
        }
        return same;
    }
}
