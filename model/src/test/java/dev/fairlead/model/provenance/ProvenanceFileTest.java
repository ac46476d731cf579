package dev.fairlead.model.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.graph.Origin;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceFileTest {
    private static final Origin LINE = new Origin(Optional.of("layers.0"), Optional.of("model.py"), Optional.of(7));
    private static final Provenance ALL = new Provenance(
            List.of(
                    new OfValue("y", List.of("v3"), LINE, "Matmul", 1, Relation.IDENTITY),
                    new OfValue("y", List.of("v1", "v2"), Origin.UNKNOWN, "fused", 2, Relation.FUSED_INTERNAL)),
            List.of(new OfWeight(
                    "w",
                    "layers.0.weight",
                    "00ff",
                    List.of(
                            new WeightTransform.Permute(List.of(1, 0)),
                            new WeightTransform.Reinterpret(DType.UINT8, List.of(2L, 4L)),
                            new WeightTransform.Widen(3, 8),
                            new WeightTransform.Computed("real part")))));

    @TempDir
    private Path folder;

    @Test
    void readsWhatItWrites() {
        ProvenanceFile.write(ALL, folder);
        assertThat(ProvenanceFile.read(folder)).isEqualTo(ALL);
    }

    @Test
    void findsAnOriginInMetadata() {
        assertThat(OriginMetadata.origin(OriginMetadata.of("Matmul", "v3", LINE)))
                .isEqualTo(LINE);
        assertThat(OriginMetadata.origin(java.util.Map.of("fairlead.line", "many")))
                .isEqualTo(Origin.UNKNOWN);
    }

    @Test
    void refusesARelationThatItDoesNotKnow() throws IOException {
        ProvenanceFile.write(ALL, folder);
        Path file = folder.resolve(ProvenanceFile.FILE);
        Files.writeString(file, Files.readString(file).replace("fused-internal", "cousin"));
        assertThatThrownBy(() -> ProvenanceFile.read(folder))
                .hasMessage("provenance.json: values[1].relation: no known relation");
    }
}
