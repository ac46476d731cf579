package dev.fairlead.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.fuzz.Fuzzing;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    private Path folder;

    @Test
    void returnsWhatWasWritten() {
        Path file = folder.resolve("a.safetensors");
        Tensor scalar = Tensor.ofLongs(List.of(), -7);
        Tensor empty = Tensor.allocate(DType.FLOAT16, List.of(0L, 3L));
        Tensor matrix = Tensor.ofFloats(List.of(2L, 2L), 1, 2, 3, Float.NaN);
        SafetensorsWriter.write(
                file, Map.of("000001/x", matrix, "000000/x", scalar, "é", empty), Map.of("format", "mlx"));
        try (Safetensors read = Safetensors.open(file)) {
            assertThat(read.tensors().keySet()).containsExactly("000000/x", "000001/x", "é");
            assertThat(read.metadata()).containsExactly(Map.entry("format", "mlx"));
            assertThat(read.tensor("000000/x").longAt(0)).isEqualTo(-7);
            assertThat(read.tensor("000001/x").data().mismatch(matrix.data())).isEqualTo(-1);
            assertThat(read.tensor("000001/x").shape()).containsExactly(2L, 2L);
            assertThat(read.tensor("é").shape()).containsExactly(0L, 3L);
            assertThatThrownBy(() -> read.tensor("y")).hasMessage("a.safetensors: \"y\": the file has no such tensor");
        }
    }

    /** The fixture is checked, and its numbers are computed, by other packages (src/test/python/make_safetensors.py). */
    @Test
    void readsEveryTypeOfTheFormat() {
        Path fixtures = Path.of("src/test/resources/safetensors");
        try (Safetensors read = Safetensors.open(fixtures.resolve("types.safetensors"));
                Safetensors expected = Safetensors.open(fixtures.resolve("expected.safetensors"))) {
            assertThat(read.tensors().keySet()).isEqualTo(expected.tensors().keySet());
            read.tensors().forEach((name, tensor) -> {
                Tensor wanted = expected.tensor(name);
                assertThat(tensor.shape()).as(name).isEqualTo(wanted.shape());
                for (long i = 0; i < tensor.elements() && tensor.dtype() != DType.COMPLEX64; i++) {
                    assertThat(Double.compare(tensor.doubleAt(i), wanted.doubleAt(i)))
                            .as(name + " " + i)
                            .isZero();
                }
            });
        }
    }

    @Test
    void refusesPicklesByTheirFirstBytes() throws IOException {
        Files.write(folder.resolve("bad"), new byte[] {(byte) 0x80, 2, (byte) 0x8A, 10, 0, 0, 0, 0, 0, 0});
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("bad")))
                .hasMessage("bad: magic: is a Python pickle, which could run any code: export safetensors");
        Files.write(folder.resolve("bad"), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0});
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("bad")))
                .hasMessage("bad: magic: is a ZIP archive, as PyTorch packs pickles in: export safetensors");
    }

    @Test
    void readsTheNullThatMlxWritesForNoMetadata() throws IOException {
        byte[] text = "{\"__metadata__\":null}".getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(folder.resolve("m"), bytes.putLong(text.length).put(text).array());
        try (Safetensors read = Safetensors.open(folder.resolve("m"))) {
            assertThat(read.metadata()).isEmpty();
        }
    }

    @Test
    void writesTheSameBytesForTheSameTensors() throws IOException {
        Map<String, Tensor> tensors = Map.of(
                "a", Tensor.ofFloats(List.of(1L), 1),
                "b", Tensor.ofLongs(List.of(1L), 1),
                "c", Tensor.allocate(DType.BOOL, List.of(3L)));
        SafetensorsWriter.write(folder.resolve("1"), tensors, Map.of("x", "1", "y", "2"));
        SafetensorsWriter.write(folder.resolve("2"), Map.copyOf(tensors), Map.of("y", "2", "x", "1"));
        assertThat(folder.resolve("1")).hasSameBinaryContentAs(folder.resolve("2"));
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | 1 | data: 1 bytes after the last tensor",
                "[] | 0 | header: does not begin with {",
                "{\"a\":1} | 0 | \"a\": expected START_OBJECT, found VALUE_NUMBER_INT",
                "{\"a\":{\"shape\":[],\"data_offsets\":[0,4]}} | 4 | \"a\".dtype: is missing",
                "{\"a\":{\"dtype\":\"F3\",\"shape\":[],\"data_offsets\":[0,4]}} | 4 | \"a\".dtype: \"F3\" is none that this reader knows",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4 | \"a\".shape: -1 is negative",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}} | 4 | \"a\".shape: expected VALUE_NUMBER_INT, found VALUE_NUMBER_FLOAT",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}} | 0 | \"a\".shape: [4294967296, 4294967296] has more elements than can be counted",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4294967296,4294967296],\"data_offsets\":[0,0]}} | 0 | \"a\".shape: [0, 4294967296, 4294967296] has more elements than can be counted",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,4]}} | 4 | \"a\".shape: 9223372036854775808 does not fit a signed 64-bit integer",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | 4 | \"a\".data_offsets: [4, 0], but float32[1] takes 4 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}} | 4 | \"a\".data_offsets: has 1 numbers, not 2",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 3 | \"a\".data_offsets: ends at 4, but the data has 3 bytes",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | \"a\".data_offsets: leaves a hole: begins at 4, not at 0",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}} | 6 | \"b\".data_offsets: overlaps another tensor: begins at 2, before 4",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],\"x\":1}} | 0 | \"a\".\"x\": is no known field",
                "{\"__metadata__\":{\"a\":1}} | 0 | __metadata__.\"a\": expected VALUE_STRING, found VALUE_NUMBER_INT",
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}} | 0 | header: no valid JSON: \"Duplicate field 'a'\"",
                "{\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}} | 2 | \"a\".shape: [3] of float4_e2m1fn ends within a byte",
                "{} {} | 0 | header: text after the closing brace"
            })
    void refusesHeader(String header, int dataBytes, String problem) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        refuses(text.length, text, dataBytes, problem);
    }

    @Test
    void refusesLengthsBeforeAllocating() throws IOException {
        byte[] text = {'{', '}'};
        refuses(0, text, 0, "header.length: is 0");
        refuses(3, text, 0, "header.length: 3 bytes, but the file has 2 left");
        refuses(100_000_001, text, 0, "header.length: 100000001 bytes, more than 100000000");
        refuses(-1, text, 0, "header.length: 18446744073709551615 bytes, more than 100000000");
        refuses(2, new byte[] {'{', (byte) 0xFF}, 0, "header: not UTF-8");
        Files.write(folder.resolve("bad"), new byte[7]);
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("bad")))
                .hasMessage("bad: header.length: the file has 7 bytes, fewer than the length's 8");
    }

    @Test
    void refusesDeepNestingAndMissingFiles() throws IOException {
        byte[] deep = ("{\"a\":{\"shape\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        refuses(deep.length, deep, 0, "\"a\".shape: expected VALUE_NUMBER_INT, found START_ARRAY");
        assertThatThrownBy(() -> Safetensors.open(folder.resolve("none")))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MISSING))
                .hasMessage("none: file: does not exist");
        assertThatThrownBy(() -> Safetensors.open(folder)).hasMessageEndingWith(": file: is not a regular file");
    }

    private void refuses(long length, byte[] header, int dataBytes, String problem) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(folder.resolve("bad"), bytes.putLong(length).put(header).array());
        Fuzzing.withinASecond(() -> assertThatThrownBy(() -> Safetensors.open(folder.resolve("bad")))
                .isInstanceOf(ModelException.class)
                .hasMessage("bad: " + problem));
    }
}
