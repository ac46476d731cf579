package dev.fairlead.model.coreml;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.protobuf.Wire;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Model and ModelDescription. Field numbers are those of coremltools 9.0's {@code Model.proto}. */
final class ModelReader {
    private static final int ML_PROGRAM = 502;

    /** Lower numbers are of the model itself, higher ones each a kind of model. */
    private static final int FIRST_KIND = 200;

    private final Wire wire;
    private final FeatureReader features;
    private final ProgramReader programs;

    ModelReader(String file, MemorySegment segment, WeightFiles weights) {
        this.wire = new Wire(file, segment);
        this.features = new FeatureReader(wire);
        this.programs = new ProgramReader(wire, weights);
    }

    CoremlModel read() {
        long[] version = {0};
        List<Description> description = new ArrayList<>();
        List<MilProgram> program = new ArrayList<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> version[0] = wire.number(field, "specificationVersion");
                case 2 -> wire.message(field, "description", () -> description.add(description()));
                case 10 -> {
                    if (wire.number(field, "isUpdatable") != 0) {
                        throw wire.error(ErrorCode.UNSUPPORTED, "isUpdatable", "updatable models are not known here");
                    }
                }
                case ML_PROGRAM -> {
                    requireVersion(version[0]);
                    wire.message(field, "mlProgram", () -> program.add(programs.read()));
                }
                default -> {
                    if (field.number() < FIRST_KIND) {
                        throw wire.unknown(field, "Model");
                    }
                    throw wire.error(
                            ErrorCode.UNSUPPORTED,
                            "Type",
                            "field " + field.number() + " is another kind of model than mlProgram");
                }
            }
        });
        if (description.size() != 1 || program.size() != 1) {
            throw wire.error(
                    ErrorCode.MALFORMED,
                    description.size() != 1 ? "description" : "mlProgram",
                    "there are " + (description.size() != 1 ? description : program).size() + ", expected one");
        }
        return new CoremlModel((int) version[0], description.getFirst(), program.getFirst());
    }

    private void requireVersion(long version) {
        if (version < CoremlModel.IOS_15 || version > CoremlModel.IOS_26) {
            throw wire.error(
                    ErrorCode.UNSUPPORTED,
                    "specificationVersion",
                    version + ", this reader knows " + CoremlModel.IOS_15 + " to " + CoremlModel.IOS_26);
        }
    }

    /** A signature while its fields arrive; their numbers differ between a model and a function. */
    private static final class Parts {
        final List<Feature> inputs = new ArrayList<>();
        final List<Feature> outputs = new ArrayList<>();
        final List<Feature> states = new ArrayList<>();
        String name = "";
        String predictedFeature = "";
        String predictedProbabilities = "";

        Description.Signature signature() {
            return new Description.Signature(inputs, outputs, states, predictedFeature, predictedProbabilities);
        }
    }

    private Description description() {
        Parts parts = new Parts();
        List<Description.NamedSignature> functions = new ArrayList<>();
        Description.Metadata[] metadata = {Description.Metadata.NONE};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> feature(field, "input", parts.inputs);
                case 10 -> feature(field, "output", parts.outputs);
                case 11 -> parts.predictedFeature = wire.text(field, "predictedFeatureName");
                case 12 -> parts.predictedProbabilities = wire.text(field, "predictedProbabilitiesName");
                case 13 -> feature(field, "state", parts.states);
                case 20 -> wire.message(field, "functions[" + functions.size() + "]", () -> functions.add(function()));
                case 21 -> parts.name = wire.text(field, "defaultFunctionName");
                case 50 -> throw wire.error(ErrorCode.UNSUPPORTED, "trainingInput", "training is not known here");
                case 100 -> wire.message(field, "metadata", () -> metadata[0] = metadata());
                default -> throw wire.unknown(field, "ModelDescription");
            }
        });
        return new Description(parts.signature(), functions, parts.name, metadata[0]);
    }

    private Description.NamedSignature function() {
        Parts parts = new Parts();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> parts.name = wire.text(field, "name");
                case 2 -> feature(field, "input", parts.inputs);
                case 3 -> feature(field, "output", parts.outputs);
                case 4 -> parts.predictedFeature = wire.text(field, "predictedFeatureName");
                case 5 -> parts.predictedProbabilities = wire.text(field, "predictedProbabilitiesName");
                case 6 -> feature(field, "state", parts.states);
                default -> throw wire.unknown(field, "FunctionDescription");
            }
        });
        return new Description.NamedSignature(parts.name, parts.signature());
    }

    private void feature(Wire.Field field, String name, List<Feature> into) {
        wire.message(field, name + "[" + into.size() + "]", () -> into.add(features.read()));
    }

    private Description.Metadata metadata() {
        String[] texts = {"", "", "", ""};
        Map<String, String> userDefined = new LinkedHashMap<>();
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> texts[0] = wire.text(field, "shortDescription");
                case 2 -> texts[1] = wire.text(field, "versionString");
                case 3 -> texts[2] = wire.text(field, "author");
                case 4 -> texts[3] = wire.text(field, "license");
                case 100 -> wire.message(field, "userDefined[" + userDefined.size() + "]", () -> entry(userDefined));
                default -> throw wire.unknown(field, "Metadata");
            }
        });
        return new Description.Metadata(texts[0], texts[1], texts[2], texts[3], userDefined);
    }

    private void entry(Map<String, String> into) {
        String[] pair = {"", ""};
        wire.fields(field -> {
            switch (field.number()) {
                case 1 -> pair[0] = wire.text(field, "key");
                case 2 -> pair[1] = wire.text(field, "value");
                default -> throw wire.unknown(field, "map entry");
            }
        });
        if (into.put(pair[0], pair[1]) != null) {
            throw wire.error(ErrorCode.MALFORMED, "key", ModelException.shown(pair[0]) + " is there twice");
        }
    }
}
