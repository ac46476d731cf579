package dev.fairlead.control.promotion;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.model.ModelFormat;
import java.util.regex.Pattern;

/**
 * Pools plus policy: where a model goes and what it has to show for it.
 *
 * @param name also the alias's name, {@code model@name}
 * @param referencePool where the source runs
 * @param candidatePool where the converted model runs
 */
public record Environment(
        String name, String referencePool, String candidatePool, ModelFormat targetFormat, Policy policy) {
    // The grammar of aliases in references, and of pools.
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern POOL = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    public Environment {
        require(NAME, "environment.name", name);
        require(POOL, "environment.reference_pool", referencePool);
        require(POOL, "environment.candidate_pool", candidatePool);
        if (targetFormat != ModelFormat.ONNX) {
            throw new FairleadException(
                    ErrorCode.UNSUPPORTED,
                    "environment.target_format",
                    "environments take onnx; conversion to " + targetFormat + " does not exist yet");
        }
    }

    private static void require(Pattern grammar, String field, String value) {
        if (!grammar.matcher(value).matches()) {
            throw FairleadException.invalid(field, "must match " + grammar.pattern() + ", not '" + value + "'");
        }
    }
}
