package dev.fairlead.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.tensor.Segments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OnnxFuzzTest {
    private static final byte[] VALID = valid();

    /** Whatever happens to the bytes, the answer is a model or a typed error, never another failure. */
    @Property(tries = 400)
    void mutatedFilesAreReadOrRefused(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 10_000) Integer> places,
            @ForAll @Size(min = 4, max = 4) List<Byte> values) {
        byte[] bytes = VALID.clone();
        for (int i = 0; i < places.size(); i++) {
            bytes[places.get(i) % bytes.length] = values.get(i);
        }
        Path nowhere = Path.of("target", "no-such-folder");
        try (Arena arena = Arena.ofConfined()) {
            var model = new OnnxReader(new Wire("f", MemorySegment.ofArray(bytes)), new ExternalData(nowhere, arena))
                    .read();
            assertThat(model.graph().nodes()).isNotNull();
        } catch (ModelException e) {
            assertThat(e).hasMessageStartingWith("f: ");
        }
    }

    private static byte[] valid() {
        try (Arena arena = Arena.ofConfined()) {
            Path folder = Files.createTempDirectory(Path.of("target"), "fuzz");
            Converter.convert(Path.of("src/test/resources/conversion/slice"), folder, Options.defaults());
            return Segments.map(folder.resolve("model.onnx"), arena).toArray(ValueLayout.JAVA_BYTE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
