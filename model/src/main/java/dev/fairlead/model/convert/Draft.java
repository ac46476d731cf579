package dev.fairlead.model.convert;

import dev.fairlead.model.lower.Loss;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.signature.Signature;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** What a model is in the target's format. */
sealed interface Draft {
    /**
     * All of it, ready to be written.
     *
     * @param losses what the target gives up
     * @param writing writes the target's own files into a folder, for Core ML the package
     */
    record Ready(
            Signature signature,
            Provenance provenance,
            int nodes,
            Collection<Tensor> weights,
            List<Loss> losses,
            List<String> notes,
            Consumer<Path> writing)
            implements Draft {}

    record Refused(Conversion.Unsupported why) implements Draft {}
}
