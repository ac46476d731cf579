package dev.fairlead.model.convert;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.UnsupportedOperation;
import dev.fairlead.model.lift.Lift;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.rewrite.FixedSizes;
import dev.fairlead.model.rewrite.Specialise;
import dev.fairlead.model.signature.ModelInfo;
import dev.fairlead.model.signature.ModelInfoFile;
import dev.fairlead.model.signature.Signature;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Converts a model of any format to a model folder of any format, by way of the ONNX-shaped graph (see docs/interchange.md). */
public final class Converter {
    private static final String PROGRAM = "fairlead";

    /** A Core ML target of such a name is the package itself, with what describes it beside the manifest. */
    private static final String EXTENSION = ".mlpackage";

    private Converter() {}

    /**
     * Converts. The target is there whole, or, where anything stands in the way or fails, not at all; the same input and options give the
     * same bytes.
     *
     * @param source a model folder, an {@code .onnx} file, an {@code .mlpackage} or an {@code .mlmodel}
     * @param target the folder to make, or an {@code .mlpackage}; may exist where it is empty
     * @throws ModelException when the source breaks its format or an option does not suit it, naming file and field
     */
    public static Conversion convert(Path source, Path target, Options options) {
        return convert(source, target, options, Watch.NONE);
    }

    /**
     * Converts, as above.
     *
     * @param watch is told before each step, and ends the conversion by what it throws
     */
    public static Conversion convert(Path source, Path target, Options options, Watch watch) {
        Staging.requireFree(target);
        return lifted(source, options, watch, (opened, draft) -> {
            watch.at(Watch.Step.WRITING);
            write(opened, draft, target, options);
            return done(draft);
        });
    }

    /**
     * Says what would become of a conversion, and writes nothing.
     *
     * @throws ModelException as {@link #convert} does
     */
    public static Conversion check(Path source, Options options) {
        return lifted(source, options, Watch.NONE, (opened, draft) -> done(draft));
    }

    /**
     * Hands out a model in the ONNX-shaped form, which lives until {@code use} returns.
     *
     * @throws ModelException when it breaks its format; UNSUPPORTED naming the first operation that stands in the way
     */
    public static <T> T read(Path source, Function<Model, T> use) {
        Options options = Options.defaults();
        try (Source opened = Source.open(source)) {
            return switch (opened.lift(options)) {
                case Lift.Lifted(Model model, var _) -> use.apply(model);
                case Lift.Unsupported(List<UnsupportedOperation> operations) ->
                    throw new ModelException(
                            ErrorCode.UNSUPPORTED,
                            ModelException.name(source),
                            operations.getFirst().node(),
                            operations.getFirst().toString());
            };
        }
    }

    private static Conversion lifted(
            Path source, Options options, Watch watch, BiFunction<Source, Draft.Ready, Conversion> finishing) {
        watch.at(Watch.Step.READING);
        try (Source opened = Source.open(source)) {
            if (options.function().isPresent() && opened.format() != Format.COREML) {
                throw new ModelException(
                        ErrorCode.UNSUPPORTED,
                        ModelException.name(source),
                        "function",
                        "a model of the format " + opened.format().text() + " has one function");
            }
            Lift lift = opened.lift(options);
            watch.at(Watch.Step.LOWERING);
            return switch (lift) {
                case Lift.Unsupported(List<UnsupportedOperation> operations) ->
                    new Conversion.Unsupported(operations, new TreeSet<>());
                case Lift.Lifted lifted ->
                    switch (draft(opened, specialised(told(source, opened, lifted), options), options)) {
                        case Draft.Refused(Conversion.Unsupported why) -> why;
                        case Draft.Ready ready -> finishing.apply(opened, ready);
                    };
            };
        }
    }

    /** With what the source's own provenance says of the conversions before this one; a bare file's neighbours need not be its own. */
    private static Lift.Lifted told(Path source, Source opened, Lift.Lifted lifted) {
        Provenance before = opened.info().isPresent() ? Composition.beside(source) : Provenance.NONE;
        return new Lift.Lifted(
                lifted.model(), opened.format() == Format.ONNX ? before : Composition.of(before, lifted.provenance()));
    }

    private static Lift.Lifted specialised(Lift.Lifted lifted, Options options) {
        Model model = FixedSizes.in(lifted.model(), options.sizes());
        return new Lift.Lifted(Specialise.inputs(model, Literals.tensors(model.graph(), options)), lifted.provenance());
    }

    private static Draft draft(Source source, Lift.Lifted lifted, Options options) {
        return switch (options.to()) {
            case ONNX -> OnnxTarget.draft(lifted, source.format(), options);
            case MLX -> MlxTarget.draft(lifted);
            case COREML -> CoremlTarget.draft(lifted, options);
        };
    }

    private static Conversion done(Draft.Ready ready) {
        long bytes = ready.weights().stream()
                .mapToLong(weight -> weight.data().byteSize())
                .sum();
        return new Conversion.Converted(ready.nodes(), ready.weights().size(), bytes, ready.losses(), ready.notes());
    }

    private static void write(Source source, Draft.Ready ready, Path target, Options options) {
        try (Staging staging = new Staging(target)) {
            boolean holdsPackage = options.to() == Format.COREML
                    && !ModelException.name(target).endsWith(EXTENSION);
            ready.writing().accept(holdsPackage ? staging.folder().resolve(Source.PACKAGE) : staging.folder());
            ProvenanceFile.write(ready.provenance(), staging.folder());
            ModelInfoFile.write(info(source, ready.signature(), options), staging.folder());
            staging.put();
        }
    }

    private static ModelInfo info(Source source, Signature signature, Options options) {
        ModelInfo known = source.info()
                .orElseGet(() -> new ModelInfo(
                        source.format().text(), signature, new TreeMap<>(), Optional.empty(), Optional.empty()));
        return known.convertedTo(options.to().text(), signature, PROGRAM, options.version());
    }
}
