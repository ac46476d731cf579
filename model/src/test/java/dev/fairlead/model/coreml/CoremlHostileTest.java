package dev.fairlead.model.coreml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.protobuf.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoremlHostileTest {
    private static final String INNER = "Data/com.apple.CoreML/";

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void lay() throws IOException {
        model = folder.resolve("m.mlpackage");
        Files.createDirectories(model.resolve(INNER + "weights"));
        Files.write(folder.resolve("outside"), new byte[8]);
        Files.createSymbolicLink(model.resolve(INNER + "link"), folder.resolve("outside"));
        Files.createSymbolicLink(model.resolve(INNER + "weights/linked.bin"), folder.resolve("outside"));
        Files.createSymbolicLink(model.resolve(INNER + "here"), model.resolve(INNER));
        manifest("\"path\": \"com.apple.CoreML/model.mlmodel\"");
        Files.write(model.resolve(INNER + "model.mlmodel"), program("@model_path/weights/weight.bin", 64, 11, 4));
        Files.write(model.resolve(INNER + "weights/weight.bin"), weights(2, 16, 128));
    }

    @Test
    void readsThePackageThatTheOthersBreak() {
        try (CoremlPackage read = CoremlPackage.open(model)) {
            assertThat(read.model().program().functions()).containsKey("main");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../outside | OUTSIDE_FOLDER | is no path inside the package",
                "com.apple.CoreML/../../outside | OUTSIDE_FOLDER | is no path inside the package",
                "/etc/hosts | OUTSIDE_FOLDER | is no path inside the package",
                "a\\\\b | OUTSIDE_FOLDER | is no path inside the package",
                "com.apple.CoreML/link | OUTSIDE_FOLDER | leads over a link",
                "com.apple.CoreML/here/model.mlmodel | OUTSIDE_FOLDER | leads over a link",
                "com.apple.CoreML/none | MISSING | does not exist",
                "'' | OUTSIDE_FOLDER | is no path inside the package"
            })
    void refusesManifestPaths(String path, ErrorCode code, String problem) throws IOException {
        manifest("\"path\": \"" + path + "\"");
        refuses(code, "Manifest.json: itemInfoEntries.A.path: \"" + path.replace("\\\\", "\\") + "\" " + problem);
    }

    @Test
    void refusesManifestsThatAreNone() throws IOException {
        manifest("\"name\": \"x\"");
        refuses(ErrorCode.MALFORMED, "Manifest.json: itemInfoEntries.A.path: is missing");
        manifest("\"path\": \"com.apple.CoreML/weights\"");
        refuses(ErrorCode.MALFORMED, "Manifest.json: itemInfoEntries.A.path: is no regular file");
        Path file = model.resolve("Manifest.json");
        Files.writeString(
                file, "{\"fileFormatVersion\": \"1.0.0\", \"itemInfoEntries\": {}, \"rootModelIdentifier\": \"A\"}");
        refuses(ErrorCode.MISSING, "Manifest.json: rootModelIdentifier: no entry has this identifier");
        Files.writeString(file, "{\"fileFormatVersion\": \"1.0.0\", \"itemInfoEntries\": {}}");
        refuses(ErrorCode.MALFORMED, "Manifest.json: rootModelIdentifier: is missing");
        Files.writeString(file, "{\"fileFormatVersion\": \"9\"}");
        refuses(ErrorCode.UNSUPPORTED, "Manifest.json: fileFormatVersion: \"9\", this reader knows 1.0.0");
        String entry = "\"A\": {\"path\": \"com.apple.CoreML/model.mlmodel\"}";
        Files.writeString(
                file,
                "{\"fileFormatVersion\": \"1.0.0\", \"rootModelIdentifier\": \"A\", \"itemInfoEntries\": {" + entry
                        + "," + entry + "}}");
        assertThatThrownBy(() -> CoremlPackage.open(model))
                .hasMessageStartingWith("Manifest.json: file: no valid JSON: \"Duplicate field 'A'");
        Files.writeString(
                file,
                "{\"fileFormatVersion\": \"1.0.0\", \"rootModelIdentifier\": \"A\", \"itemInfoEntries\": {" + entry
                        + "," + entry.replace("\"A\"", "\"B\"") + "}}");
        refuses(ErrorCode.MALFORMED, "Manifest.json: itemInfoEntries.B.path: is another entry's path, too");
        Files.delete(file);
        refuses(ErrorCode.MISSING, "Manifest.json: file: does not exist");
        Files.createSymbolicLink(file, folder.resolve("outside"));
        refuses(ErrorCode.OUTSIDE_FOLDER, "Manifest.json: file: is a link");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../outside | 64 | OUTSIDE_FOLDER | fileName: \"../outside\" does not begin with @model_path/",
                "@model_path/../../outside | 64 | OUTSIDE_FOLDER | fileName: \"../../outside\" is no path inside the package",
                "@model_path//etc/hosts | 64 | OUTSIDE_FOLDER | fileName: \"/etc/hosts\" is no path inside the package",
                "@model_path/weights/linked.bin | 64 | OUTSIDE_FOLDER | fileName: \"weights/linked.bin\" leads over a link",
                "@model_path/weights/none | 64 | MISSING | fileName: \"weights/none\" does not exist",
                "@model_path/weights/weight.bin | 128 | MALFORMED | offset: no blob is at 128 of \"@model_path/weights/weight.bin\", which has 144",
                "@model_path/weights/weight.bin | 65 | MALFORMED | offset: no blob is at 65 of \"@model_path/weights/weight.bin\", which has 144",
                "@model_path/weights/weight.bin | 0 | MALFORMED | offset: no blob is at 0 of \"@model_path/weights/weight.bin\", which has 144",
                "@model_path/weights/weight.bin | -64 | MALFORMED | offset: no blob is at 18446744073709551552 of \"@model_path/weights/weight.bin\", which has 144"
            })
    void refusesWeightPlaces(String file, long offset, ErrorCode code, String problem) throws IOException {
        Files.write(model.resolve(INNER + "model.mlmodel"), program(file, offset, 11, 4));
        refusesValue(code, problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 16 | 129 | 11 | 4 | offset: 16 bytes from 129 on, but \"@model_path/weights/weight.bin\" has 144",
                "2 | 16 | -1 | 11 | 4 | offset: 16 bytes from 18446744073709551615 on, but \"@model_path/weights/weight.bin\" has 144",
                "2 | 15 | 128 | 11 | 4 | type: takes 16 bytes, but the blob at 64 of \"@model_path/weights/weight.bin\" has 15",
                "2 | -1 | 128 | 11 | 4 | type: takes 16 bytes, but the blob at 64 of \"@model_path/weights/weight.bin\" has -1",
                "1 | 16 | 128 | 11 | 4 | type: FLOAT32, but the blob at 64 of \"@model_path/weights/weight.bin\" is of type 1",
                "2 | 16 | 128 | 12 | 2 | type: no weight file holds FLOAT64",
                "2 | 16 | 128 | 11 | 4611686018427387904 | type: 4611686018427387904 elements take more bytes than can be counted"
            })
    void refusesBlobs(int blobType, long size, long data, int type, long elements, String problem) throws IOException {
        Files.write(
                model.resolve(INNER + "model.mlmodel"), program("@model_path/weights/weight.bin", 64, type, elements));
        Files.write(model.resolve(INNER + "weights/weight.bin"), weights(blobType, size, data));
        refusesValue(ErrorCode.MALFORMED, problem);
    }

    @Test
    void refusesWeightFilesThatAreNone() throws IOException {
        Path file = model.resolve(INNER + "weights/weight.bin");
        Files.write(file, new byte[63]);
        refusesValue(ErrorCode.MALFORMED, "fileName: \"@model_path/weights/weight.bin\" has no header of version 2");
        byte[] bytes = weights(2, 16, 128);
        bytes[64] = 0;
        Files.write(file, bytes);
        refusesValue(ErrorCode.MALFORMED, "offset: no blob begins at 64 of \"@model_path/weights/weight.bin\"");
    }

    @Test
    void refusesModelsOfOtherKindsAndVersions() throws IOException {
        Path file = folder.resolve("x.mlmodel");
        Message network = new Message();
        network.number(1, 4);
        network.message(500, empty -> {});
        Files.write(file, network.toBytes());
        refuses(file, ErrorCode.UNSUPPORTED, "x.mlmodel: Type: field 500 is another kind of model than mlProgram");
        Message newer = new Message();
        newer.number(1, 11);
        newer.message(502, empty -> {});
        Files.write(file, newer.toBytes());
        refuses(file, ErrorCode.UNSUPPORTED, "x.mlmodel: specificationVersion: 11, this reader knows 6 to 10");
        Files.write(file, program("@model_path/weights/weight.bin", 64, 11, 4));
        assertThatThrownBy(() -> CoremlPackage.open(file)).hasMessageEndingWith("is beside no package");
    }

    private void refusesValue(ErrorCode code, String problem) {
        refuses(
                code,
                "model.mlmodel: mlProgram.functions[0].main.block_specializations[0].CoreML5.operations[0]."
                        + "attributes[0].val." + problem);
    }

    private void refuses(ErrorCode code, String message) {
        refuses(model, code, message);
    }

    private static void refuses(Path path, ErrorCode code, String message) {
        Assertions.assertTimeout(
                Duration.ofSeconds(1),
                () -> assertThatThrownBy(() -> CoremlPackage.open(path).close())
                        .isInstanceOfSatisfying(
                                ModelException.class, e -> assertThat(e.code()).isEqualTo(code))
                        .hasMessage(message));
    }

    private void manifest(String item) throws IOException {
        Files.writeString(
                model.resolve("Manifest.json"),
                "{\"fileFormatVersion\": \"1.0.0\", \"itemInfoEntries\": {\"A\": {" + item
                        + "}}, \"rootModelIdentifier\": \"A\"}");
    }

    /** One blob whose metadata are given; the file has 144 bytes. */
    private static byte[] weights(int type, long size, long data) {
        ByteBuffer bytes = ByteBuffer.allocate(144).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, 1).putInt(4, 2);
        bytes.putInt(64, 0xDEADBEEF).putInt(68, type).putLong(72, size).putLong(80, data);
        return bytes.array();
    }

    /** A program of one constant, a vector. */
    private static byte[] program(String file, long offset, int type, long elements) {
        Message out = new Message();
        out.number(1, 6);
        out.message(2, description -> {});
        out.message(502, program -> {
            program.number(1, 1);
            program.message(2, entry -> {
                entry.item(1, "main");
                entry.message(2, function -> {
                    function.item(2, "CoreML5");
                    function.message(3, block -> {
                        block.item(1, "CoreML5");
                        block.message(
                                2,
                                body -> body.message(3, operation -> {
                                    operation.item(1, "const");
                                    operation.message(5, attribute -> {
                                        attribute.item(1, "val");
                                        attribute.message(2, value -> {
                                            value.message(
                                                    2,
                                                    valueType -> valueType.message(1, tensor -> {
                                                        tensor.number(1, type);
                                                        tensor.number(2, 1);
                                                        tensor.message(
                                                                3,
                                                                size -> size.message(
                                                                        1, fixed -> fixed.number(1, elements)));
                                                    }));
                                            value.message(5, blob -> {
                                                blob.item(1, file);
                                                blob.number(2, offset);
                                            });
                                        });
                                    });
                                }));
                    });
                });
            });
        });
        return out.toBytes();
    }

    @Test
    void refusesImmediatesThatDoNotFit() throws IOException {
        for (List<Object> wrong : List.of(
                List.<Object>of(11, 4L, "values: 8 bytes or elements, but type and shape take 16"),
                List.<Object>of(23, 2L, "tensor: has no values of type int32"),
                List.<Object>of(
                        11, 1L << 62, "type: 4611686018427387904 elements take more bytes than can be counted"))) {
            Files.write(model.resolve(INNER + "model.mlmodel"), immediate((int) wrong.get(0), (long) wrong.get(1)));
            refusesValue(ErrorCode.MALFORMED, (String) wrong.get(2));
        }
    }

    private static byte[] immediate(int type, long elements) {
        Message value = new Message();
        value.message(
                2,
                valueType -> valueType.message(1, tensor -> {
                    tensor.number(1, type);
                    tensor.number(2, 1);
                    tensor.message(3, size -> size.message(1, fixed -> fixed.number(1, elements)));
                }));
        value.message(3, immediate -> immediate.message(1, t -> t.message(1, floats -> floats.bytes(1, new byte[8]))));
        byte[] bytes = value.toBytes();
        Message out = new Message();
        out.number(1, 6);
        out.message(2, description -> {});
        out.message(502, program -> {
            program.number(1, 1);
            program.message(2, entry -> {
                entry.item(1, "main");
                entry.message(2, function -> {
                    function.item(2, "CoreML5");
                    function.message(3, block -> {
                        block.item(1, "CoreML5");
                        block.message(
                                2,
                                body -> body.message(3, operation -> {
                                    operation.item(1, "const");
                                    operation.message(5, attribute -> {
                                        attribute.item(1, "val");
                                        attribute.bytes(2, bytes);
                                    });
                                }));
                    });
                });
            });
        });
        return out.toBytes();
    }
}
