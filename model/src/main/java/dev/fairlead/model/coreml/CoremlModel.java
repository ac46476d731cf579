package dev.fairlead.model.coreml;

import java.util.Map;
import java.util.Optional;

/** A Core ML model whose kind is ML program. Specification version 6 is iOS 15, 10 is iOS 26. */
public record CoremlModel(int specificationVersion, Description description, MilProgram program) {
    public static final int IOS_15 = 6;
    public static final int IOS_16 = 7;
    public static final int IOS_17 = 8;
    public static final int IOS_18 = 9;
    public static final int IOS_26 = 10;

    /** The name of the one function of a model that does not describe several. */
    public static final String MAIN = "main";

    private static final Map<Integer, String> OPSETS =
            Map.of(IOS_15, "CoreML5", IOS_16, "CoreML6", IOS_17, "CoreML7", IOS_18, "CoreML8", IOS_26, "CoreML9");

    /** The opset that functions of a specification version name. */
    public static Optional<String> opset(int specificationVersion) {
        return Optional.ofNullable(OPSETS.get(specificationVersion));
    }
}
