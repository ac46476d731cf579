package dev.fairlead.model.convert;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.coreml.CoremlPackage;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.lift.coreml.CoremlLift;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** An open model file or folder; what was lifted from it lives until it is closed. */
interface Source extends AutoCloseable {
    /** The package in a Core ML model folder. */
    String PACKAGE = "model.mlpackage";

    /** What makes a folder a package. */
    String MANIFEST = "Manifest.json";

    Format format();

    /** The model in the ONNX-shaped form, or all that stands in the way. */
    Lift lift(Options options);

    /** What its folder says of it; absent for a file of its own. */
    Optional<ModelInfo> info();

    @Override
    void close();

    /**
     * Opens a model folder, an {@code .onnx} file, an {@code .mlpackage} or an {@code .mlmodel}.
     *
     * @throws ModelException naming file and field; UNSUPPORTED where the file holds no graph
     */
    @SuppressWarnings("MustBeClosedChecker") // the caller closes what it is given
    static Source open(Path path) {
        String name = ModelException.name(path).toLowerCase(Locale.ROOT);
        if (Files.isDirectory(path) && Files.exists(path.resolve(ModelInfo.FILE))) {
            return folder(path);
        }
        if (Files.exists(path.resolve(OnnxWriter.MODEL))) {
            return new Onnx(OnnxFile.open(path.resolve(OnnxWriter.MODEL)), Optional.empty());
        }
        if (Files.exists(path.resolve(MANIFEST)) || name.endsWith(".mlmodel")) {
            return new Coreml(CoremlPackage.open(path), Optional.empty());
        }
        if (name.endsWith(".onnx")) {
            return new Onnx(OnnxFile.open(path), Optional.empty());
        }
        throw new ModelException(
                Files.exists(path) ? ErrorCode.UNSUPPORTED : ErrorCode.MISSING,
                ModelException.name(path),
                "file",
                !Files.exists(path)
                        ? "does not exist"
                        : "holds no graph that is known here: want a model folder, an .onnx file or an .mlpackage");
    }

    private static Source folder(Path folder) {
        ModelInfo info = ModelInfoFile.read(folder);
        Format format = Format.parse(info.format())
                .orElseThrow(() -> new ModelException(
                        ErrorCode.UNSUPPORTED,
                        ModelInfo.FILE,
                        "format",
                        "expected mlx, onnx or coreml, found " + ModelException.shown(info.format())));
        return switch (format) {
            case MLX -> new MlxSource(folder, info);
            case ONNX -> new Onnx(OnnxFile.open(folder.resolve(OnnxWriter.MODEL)), Optional.of(info));
            case COREML ->
                new Coreml(
                        CoremlPackage.open(Files.exists(folder.resolve(MANIFEST)) ? folder : folder.resolve(PACKAGE)),
                        Optional.of(info));
        };
    }

    /** ONNX is the ONNX-shaped form. */
    record Onnx(OnnxFile file, Optional<ModelInfo> info) implements Source {
        @Override
        public Format format() {
            return Format.ONNX;
        }

        @Override
        public Lift lift(Options options) {
            return new Lift.Lifted(file.model(), Provenance.NONE);
        }

        @Override
        public void close() {
            file.close();
        }
    }

    record Coreml(CoremlPackage opened, Optional<ModelInfo> info) implements Source {
        @Override
        public Format format() {
            return Format.COREML;
        }

        @Override
        public Lift lift(Options options) {
            return CoremlLift.lift(opened.model(), options.function(), options.version());
        }

        @Override
        public void close() {
            opened.close();
        }
    }
}
