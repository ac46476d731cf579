package dev.fairlead.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.fuzz.Fuzzing;
import dev.fairlead.model.safetensors.Safetensors;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufFileTest {
    private static final Path FIXTURES = Path.of("src/test/resources/gguf");

    @TempDir
    private Path folder;

    /** The fixture is written, and decoded, by the package {@code gguf} (src/test/python/make_gguf.py). */
    @Test
    void decodesEveryTypeToTheLastBit() {
        try (GgufFile file = GgufFile.open(FIXTURES.resolve("types.gguf"));
                Safetensors expected = Safetensors.open(FIXTURES.resolve("expected.safetensors"));
                Arena arena = Arena.ofConfined()) {
            assertThat(file.tensors().keySet())
                    .containsExactlyInAnyOrderElementsOf(expected.tensors().keySet());
            expected.tensors().forEach((name, wanted) -> {
                Tensor found = file.tensor(name, arena);
                assertThat(found.shape()).as(name).isEqualTo(wanted.shape());
                if (found.dtype() == DType.BFLOAT16) {
                    for (long i = 0; i < found.elements(); i++) {
                        assertThat(found.doubleAt(i)).isEqualTo(wanted.doubleAt(i));
                    }
                } else {
                    assertThat(found.dtype()).as(name).isEqualTo(wanted.dtype());
                    assertThat(found.data().mismatch(wanted.data())).as(name).isEqualTo(-1);
                }
            });
        }
    }

    @Test
    void carriesMetadata() {
        try (GgufFile file = GgufFile.open(FIXTURES.resolve("types.gguf"))) {
            Map<String, GgufValue> metadata = file.metadata();
            assertThat(metadata)
                    .containsEntry("general.architecture", new GgufValue.Text("llama"))
                    .containsEntry("u32", new GgufValue.Whole(ValueType.UINT32, 4294967295L))
                    .containsEntry("u64", new GgufValue.Whole(ValueType.UINT64, -1))
                    .containsEntry("u8", new GgufValue.Whole(ValueType.UINT8, 255))
                    .containsEntry("i16", new GgufValue.Whole(ValueType.INT16, -3))
                    .containsEntry("i64", new GgufValue.Whole(ValueType.INT64, -5))
                    .containsEntry("f32", new GgufValue.Real(ValueType.FLOAT32, 0.1f))
                    .containsEntry("f64", new GgufValue.Real(ValueType.FLOAT64, 0.1))
                    .containsEntry("yes", new GgufValue.Flag(true))
                    .containsEntry("text", new GgufValue.Text("héllo"));
            assertThat(metadata.get("tokens")).isInstanceOfSatisfying(GgufValue.Items.class, items -> {
                assertThat(items.element()).isEqualTo(ValueType.STRING);
                assertThat(items.count()).isEqualTo(3);
                assertThat(items.data().byteSize()).isEqualTo(3 * 8 + 1 + 2);
            });
        }
    }

    @Test
    void refusesWhatIsNoGguf() throws IOException {
        refuses(GgufBytes.of("GGUX", 3, 0, 0), ErrorCode.MALFORMED, "magic: is not GGUF");
        refuses(GgufBytes.of("GGUF", 1, 0, 0), ErrorCode.UNSUPPORTED, "version: 1, this reader knows 2 and 3");
        refuses(
                GgufBytes.of("GGUF", 0x03000000, 0, 0),
                ErrorCode.UNSUPPORTED,
                "version: 50331648, this reader knows 2 and 3");
        refuses(new GgufBytes().text4("GGUF"), ErrorCode.MALFORMED, "version: takes 4 bytes, but the file has 0 left");
    }

    @Test
    void refusesCountsBeyondTheFile() throws IOException {
        refuses(
                GgufBytes.of("GGUF", 3, -1, 0),
                ErrorCode.LIMIT,
                "tensor_count: 18446744073709551615, more than 100000");
        refuses(
                GgufBytes.of("GGUF", 3, 1000, 0),
                ErrorCode.MALFORMED,
                "tensor_count: 1000, but the file has only 8 bytes left");
        refuses(
                GgufBytes.of("GGUF", 3, 0, 1L << 40),
                ErrorCode.LIMIT,
                "metadata_kv_count: 1099511627776, more than 100000");
        refuses(
                GgufBytes.of("GGUF", 3, 0, 1).text("key").int4(8).int8(1L << 62).pad(16),
                ErrorCode.LIMIT,
                "\"key\": 4611686018427387904, more than 4194304");
        refuses(
                GgufBytes.of("GGUF", 3, 0, 1).text("key").int4(8).int8(1000).pad(16),
                ErrorCode.MALFORMED,
                "\"key\": 1000, but the file has only 16 bytes left");
        refuses(
                GgufBytes.of("GGUF", 3, 0, 1)
                        .text("key")
                        .int4(9)
                        .int4(10)
                        .int8(1L << 61)
                        .pad(16),
                ErrorCode.MALFORMED,
                "\"key\": 2305843009213693952, but the file has only 16 bytes left");
    }

    @Test
    void refusesListsNestedDeep() throws IOException {
        GgufBytes bytes = GgufBytes.of("GGUF", 3, 0, 1).text("key").int4(9);
        for (int i = 0; i < 100_000; i++) {
            bytes.int4(9).int8(1);
        }
        refuses(bytes, ErrorCode.LIMIT, "\"key\": lists nested deeper than 4");
    }

    @Test
    void refusesMetadataThatBreaksTheFormat() throws IOException {
        refuses(
                GgufBytes.of("GGUF", 3, 0, 2)
                        .text("k")
                        .int4(4)
                        .int4(1)
                        .text("k")
                        .int4(4)
                        .int4(1),
                ErrorCode.MALFORMED,
                "\"k\": is there twice");
        refuses(
                GgufBytes.of("GGUF", 3, 0, 1).text("k").int4(13).int8(1),
                ErrorCode.MALFORMED,
                "\"k\".type: 13 is no type of a value");
        refuses(GgufBytes.of("GGUF", 3, 0, 1).text("k").int4(7).int1(2), ErrorCode.MALFORMED, "\"k\": 2 is no boolean");
        refuses(
                GgufBytes.of("GGUF", 3, 0, 1).text("k").int4(8).int8(1).int1(0xFF),
                ErrorCode.MALFORMED,
                "\"k\": is no UTF-8");
        for (int alignment : List.of(0, 3, -1, 1 << 20)) {
            refuses(
                    GgufBytes.of("GGUF", 3, 0, 1)
                            .text("general.alignment")
                            .int4(4)
                            .int4(alignment),
                    ErrorCode.MALFORMED,
                    "general.alignment: must be a power of two up to 65536 of type uint32");
        }
    }

    @Test
    void refusesTensorsThatDoNotFit() throws IOException {
        refuses(
                tensor("t", 2, 0, 0, 1L << 32, 1L << 32),
                ErrorCode.MALFORMED,
                "\"t\".dims: [4294967296, 4294967296] has more elements than can be counted");
        refuses(
                tensor("t", 1, 0, 0, 1L << 62),
                ErrorCode.MALFORMED,
                "\"t\".dims: [4611686018427387904] has more elements than can be counted");
        refuses(tensor("t", 1, 0, 0, -1), ErrorCode.MALFORMED, "\"t\".dims: 18446744073709551615 does not fit 63 bits");
        refuses(tensor("t", 5, 0, 0, 1, 1, 1, 1, 1), ErrorCode.LIMIT, "\"t\".rank: 5, more than 4");
        refuses(tensor("t", 1, 99, 0, 1), ErrorCode.UNSUPPORTED, "\"t\".type: 99 is no type that this reader decodes");
        refuses(
                tensor("t", 1, 2, 0, 33),
                ErrorCode.MALFORMED,
                "\"t\".dims: [33] has rows of 33, no multiple of the 32 of a block");
        refuses(
                tensor("t", 1, 0, 0, 100),
                ErrorCode.MALFORMED,
                "\"t\".offset: 400 bytes from 0 on, but the data has 32");
        refuses(tensor("t", 1, 0, 32, 1), ErrorCode.MALFORMED, "\"t\".offset: 32, but it must be 0");
        refuses(tensor("t", 1, 0, -32, 1), ErrorCode.MALFORMED, "\"t\".offset: 18446744073709551584, but it must be 0");
        refuses(tensor("t", 1, 0, 0, 8).pad(1), ErrorCode.MALFORMED, "data: 1 bytes after the last tensor");
    }

    @Test
    void refusesOverlapsAndNamesThatAreThereTwice() throws IOException {
        GgufBytes two = GgufBytes.of("GGUF", 3, 2, 0);
        refuses(
                two.copy().info("a", 0, 0, 8).info("b", 0, 0, 8).align().pad(64),
                ErrorCode.MALFORMED,
                "\"b\".offset: 0, but it must be 32");
        refuses(
                two.copy().info("a", 0, 0, 8).info("a", 0, 32, 8).align().pad(64),
                ErrorCode.MALFORMED,
                "\"a\": is there twice");
    }

    private static GgufBytes tensor(String name, int rank, int type, long offset, long... dims) {
        GgufBytes bytes = GgufBytes.of("GGUF", 3, 1, 0).text(name).int4(rank);
        for (long dim : dims) {
            bytes.int8(dim);
        }
        return bytes.int4(type).int8(offset).align().pad(32);
    }

    private void refuses(GgufBytes bytes, ErrorCode code, String problem) throws IOException {
        Files.write(folder.resolve("bad"), bytes.toBytes());
        Fuzzing.withinASecond(() -> assertThatThrownBy(() -> GgufFile.open(folder.resolve("bad")))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage("bad: " + problem));
    }

    /** Bytes of a file in the making. */
    private static final class GgufBytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        static GgufBytes of(String magic, int version, long tensors, long pairs) {
            return new GgufBytes().text4(magic).int4(version).int8(tensors).int8(pairs);
        }

        GgufBytes copy() {
            GgufBytes copy = new GgufBytes();
            copy.out.writeBytes(toBytes());
            return copy;
        }

        GgufBytes text4(String text) {
            out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            return this;
        }

        GgufBytes text(String text) {
            return int8(text.length()).text4(text);
        }

        GgufBytes info(String name, int type, long offset, long size) {
            return text(name).int4(1).int8(size).int4(type).int8(offset);
        }

        GgufBytes int1(int value) {
            out.write(value);
            return this;
        }

        GgufBytes int4(int value) {
            for (int shift = 0; shift < 32; shift += 8) {
                out.write(value >>> shift);
            }
            return this;
        }

        GgufBytes int8(long value) {
            return int4((int) value).int4((int) (value >>> 32));
        }

        GgufBytes align() {
            return pad(-out.size() & 31);
        }

        GgufBytes pad(int bytes) {
            out.writeBytes(new byte[bytes]);
            return this;
        }

        byte[] toBytes() {
            return out.toByteArray();
        }
    }
}
