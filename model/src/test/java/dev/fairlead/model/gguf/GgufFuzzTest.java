package dev.fairlead.model.gguf;

import dev.fairlead.model.fuzz.Fuzzing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GgufFuzzTest {
    @Test
    void damagedFilesAreReadOrRefused() {
        Fuzzing.run("gguf", Fuzzing.files(Path.of("src/test/resources/gguf")).subList(1, 2), bytes -> {
            try (Arena arena = Arena.ofConfined()) {
                GgufFile file = GgufFile.read(MemorySegment.ofArray(bytes), "f", arena);
                file.tensors().keySet().forEach(name -> file.tensor(name, arena));
            }
        });
    }
}
