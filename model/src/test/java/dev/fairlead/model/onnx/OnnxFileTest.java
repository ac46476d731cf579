package dev.fairlead.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.fuzz.Fuzzing;
import dev.fairlead.model.protobuf.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsTypedDataAndExternalData() throws IOException {
        Files.write(folder.resolve("w"), new byte[] {9, 9, 9, 9, 0, 0, (byte) 0x80, 0x3F});
        writeGraph(graph -> {
            graph.message(5, tensor -> {
                tensor.packedNumbers(1, List.of(2L));
                tensor.number(2, 6);
                tensor.packedNumbers(5, List.of(7L, -1L));
                tensor.text(8, "typed");
            });
            graph.message(5, external("w", "4", "4", 1));
        });
        try (OnnxFile file = OnnxFile.open(folder.resolve("model.onnx"))) {
            var initializers = file.model().graph().initializers();
            assertThat(initializers.get("typed")).isNotNull().returns(-1L, tensor -> tensor.longAt(1));
            assertThat(initializers.get("weight")).isNotNull().returns(1.0, tensor -> tensor.doubleAt(0));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../outside | 0 | 4 | OUTSIDE_FOLDER | location: \"../outside\" is no path inside the model's folder",
                "a/../../x | 0 | 4 | OUTSIDE_FOLDER | location: \"a/../../x\" is no path inside the model's folder",
                "/etc/hosts | 0 | 4 | OUTSIDE_FOLDER | location: \"/etc/hosts\" is no path inside the model's folder",
                "a\\b | 0 | 4 | OUTSIDE_FOLDER | location: \"a\\b\" is no path inside the model's folder",
                "link | 0 | 4 | OUTSIDE_FOLDER | location: \"link\" is a link, or lies behind one",
                "linked/outside | 0 | 4 | OUTSIDE_FOLDER | location: \"linked/outside\" is a link, or lies behind one",
                "linked/../w | 0 | 4 | OUTSIDE_FOLDER | location: \"linked/../w\" is no path inside the model's folder",
                "inner | 0 | 4 | OUTSIDE_FOLDER | location: \"inner\" is a link, or lies behind one",
                "hard | 0 | 4 | OUTSIDE_FOLDER | location: \"hard\" has a second name, which may lie outside the model's folder",
                "folder | 0 | 4 | MALFORMED | location: \"folder\" is no regular file",
                "*/_ORT_MEM_ADDR_/* | 94000000000000 | 4 | OUTSIDE_FOLDER | location: \"*/_ORT_MEM_ADDR_/*\" stands for memory, not for a file",
                "none | 0 | 4 | MISSING | location: \"none\" does not exist",
                "w | 5 | 4 | MALFORMED | offset: 4 bytes from 5 on, but \"w\" has 8",
                "w | 9223372036854775807 | 4 | MALFORMED | offset: 4 bytes from 9223372036854775807 on, but \"w\" has 8",
                "w | 9223372036854775808 | 4 | MALFORMED | offset: \"9223372036854775808\" is no count of bytes that fits 63 bits",
                "w | -1 | 4 | MALFORMED | offset: \"-1\" is no count of bytes that fits 63 bits",
                "w | 0 | 8 | MALFORMED | length: 8 bytes, but the tensor's type and shape take 4"
            })
    void refusesExternalData(String location, String offset, String length, ErrorCode code, String problem)
            throws IOException {
        Path outside = Files.createDirectory(folder.resolve("other"));
        Files.write(outside.resolve("outside"), new byte[8]);
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.write(model.resolve("w"), new byte[8]);
        Files.createSymbolicLink(model.resolve("link"), outside.resolve("outside"));
        Files.createSymbolicLink(model.resolve("linked"), outside);
        Files.createSymbolicLink(model.resolve("inner"), model.resolve("w"));
        Files.createLink(model.resolve("hard"), outside.resolve("outside"));
        Files.createDirectory(model.resolve("folder"));
        Files.write(
                model.resolve("model.onnx"), bytes(graph -> graph.message(5, external(location, offset, length, 1))));
        refuses(model.resolve("model.onnx"), code, "graph.initializer[0].external_data." + problem);
    }

    /** The agent's store hands out its blobs by a second name, marked as nobody else can mark a file that is not theirs. */
    @Test
    void readsExternalDataThatTheStoreStaged() throws IOException {
        Path blob = Files.write(folder.resolve("blob"), new byte[] {0, 0, (byte) 0x80, 0x3F});
        Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("r--r--r--"));
        Files.setLastModifiedTime(blob, FileTime.fromMillis(946_684_800_000L));
        Files.createLink(folder.resolve("w"), blob);
        writeGraph(graph -> graph.message(5, external("w", "0", "4", 1)));
        try (OnnxFile file = OnnxFile.open(folder.resolve("model.onnx"))) {
            assertThat(file.model().graph().initializers().get("weight"))
                    .isNotNull()
                    .returns(1.0, tensor -> tensor.doubleAt(0));
        }
        Files.setPosixFilePermissions(blob, PosixFilePermissions.fromString("rw-r--r--"));
        refuses(
                ErrorCode.OUTSIDE_FOLDER,
                "graph.initializer[0].external_data.location: \"w\" has a second name, which may lie outside the model's folder");
    }

    @Test
    void refusesGraphsThatRunInACircle() throws IOException {
        writeGraph(graph -> {
            graph.message(1, node("Relu", "b", "a"));
            graph.message(1, node("Relu", "a", "b"));
        });
        refuses(ErrorCode.MALFORMED, "graph.node[0].input: \"b\" is made by no node before this one");
        writeGraph(graph -> {
            graph.message(11, input -> input.text(1, "x"));
            graph.message(1, node("Relu", "x", "a"));
            graph.message(1, node("Relu", "x", "a"));
        });
        refuses(ErrorCode.MALFORMED, "graph.node[1].output: \"a\" is made twice");
        writeGraph(graph -> graph.message(12, output -> output.text(1, "y")));
        refuses(ErrorCode.MALFORMED, "graph.output[0]: \"y\" is made by no node");
        writeGraph(graph -> graph.message(1, node("", "", "a")));
        refuses(ErrorCode.MALFORMED, "graph.node[0].op_type: is missing");
    }

    private static Consumer<Message> node(String op, String input, String output) {
        return node -> {
            node.item(1, input);
            node.item(2, output);
            node.text(4, op);
        };
    }

    @Test
    void refusesPicklesByTheirFirstBytes() throws IOException {
        Files.write(folder.resolve("model.onnx"), new byte[] {(byte) 0x80, 4, (byte) 0x95, 0, 0, 0, 0, 0});
        refuses(ErrorCode.UNSUPPORTED, "magic: is a Python pickle, which could run any code: export safetensors");
        Files.write(folder.resolve("model.onnx"), new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0});
        refuses(ErrorCode.UNSUPPORTED, "magic: is a ZIP archive, as PyTorch packs pickles in: export safetensors");
    }

    @Test
    void takesBothNamesOfOnnxOwnDomainForOne() throws IOException {
        Message model = new Message();
        model.message(
                7,
                graph -> graph.message(1, node -> {
                    node.text(4, "Add");
                    node.text(7, "ai.onnx");
                }));
        model.message(8, opset -> {
            opset.text(1, "ai.onnx");
            opset.number(2, 17);
        });
        Files.write(folder.resolve("model.onnx"), model.toBytes());
        try (OnnxFile file = OnnxFile.open(folder.resolve("model.onnx"))) {
            assertThat(file.model().opsets()).isEqualTo(Map.of("", 17L));
            assertThat(file.model().graph().nodes().getFirst().domain()).isEmpty();
        }
    }

    @Test
    void refusesShapesThatOverflow() throws IOException {
        writeGraph(graph -> graph.message(5, external("w", "0", "0", 1L << 32, 1L << 32)));
        refuses(
                ErrorCode.MALFORMED,
                "graph.initializer[0].dims: [4294967296, 4294967296] has more elements than can be counted");
        writeGraph(graph -> graph.message(5, external("w", "0", "0", -1)));
        refuses(ErrorCode.MALFORMED, "graph.initializer[0].dims: [-1] has a negative size");
    }

    @Test
    void refusesLengthsBeyondTheFile() throws IOException {
        byte[] message = {0x3A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
        Files.write(folder.resolve("model.onnx"), message);
        refuses(ErrorCode.MALFORMED, "graph: takes 2147483647 bytes, but 0 are left");
        byte[] inner = {0x3A, 0x03, 0x0A, 0x7F, 0x00};
        Files.write(folder.resolve("model.onnx"), inner);
        refuses(ErrorCode.MALFORMED, "graph.node[0]: takes 127 bytes, but 1 are left");
    }

    @Test
    void refusesDeepNesting() throws IOException {
        writeGraph(graph -> nest(graph, 40));
        assertThatThrownBy(() -> OnnxFile.open(folder.resolve("model.onnx")))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT))
                .hasMessageEndingWith("nested deeper than 64");
    }

    private static void nest(Message graph, int depth) {
        if (depth > 0) {
            graph.message(
                    1,
                    node -> node.message(5, attribute -> {
                        attribute.text(1, "body");
                        attribute.message(6, inner -> nest(inner, depth - 1));
                        attribute.number(20, 5);
                    }));
        }
    }

    @Test
    void refusesMoreItemsThanAModelCanHave() throws IOException {
        byte[] many = new byte[1_000_100];
        writeGraph(graph -> graph.message(1, node -> node.message(5, attribute -> attribute.bytes(8, many))));
        refuses(ErrorCode.LIMIT, "graph.node[0].attribute[0].items: more than 1000000 fields and elements in one file");
    }

    @Test
    void refusesWhatItCannotRepresent() throws IOException {
        writeGraph(graph -> graph.message(14, annotation -> annotation.text(1, "x")));
        refuses(ErrorCode.UNSUPPORTED, "graph.field 14: this reader does not know this field of GraphProto");
        writeGraph(graph -> graph.message(5, tensor -> tensor.number(2, 99)));
        refuses(ErrorCode.UNSUPPORTED, "graph.initializer[0].data_type: 99 is no type that this reader knows");
        writeGraph(graph -> graph.message(
                1,
                node -> node.message(5, attribute -> {
                    attribute.text(1, "a");
                    attribute.message(10, _ -> {});
                })));
        refuses(
                ErrorCode.UNSUPPORTED,
                "graph.node[0].attribute[0].field 10: this reader does not know this field of AttributeProto");
        writeGraph(graph -> graph.bytes(2, new byte[] {(byte) 0xFF}));
        refuses(ErrorCode.MALFORMED, "graph.name: is no UTF-8");
        Files.write(folder.resolve("model.onnx"), new byte[0]);
        refuses(ErrorCode.MALFORMED, "graph: there are 0, expected one");
    }

    @Test
    void refusesNumbersInTheFieldOfAnotherType() throws IOException {
        writeGraph(graph -> graph.message(5, tensor -> {
            tensor.packedNumbers(1, List.of(2L));
            tensor.number(2, 11);
            tensor.packedReals(4, List.of(1f, 2f));
        }));
        refuses(ErrorCode.MALFORMED, "graph.initializer[0].data: 0 elements, but the shape has 2");
    }

    @Test
    void refusesSparseTensorsThatAreHugeWhenDense() throws IOException {
        writeGraph(graph -> graph.message(15, sparse -> {
            sparse.message(1, values -> {
                values.packedNumbers(1, List.of(0L));
                values.number(2, 1);
            });
            sparse.message(2, indices -> {
                indices.packedNumbers(1, List.of(0L));
                indices.number(2, 7);
            });
            sparse.packedNumbers(3, List.of(1L << 20, 1L << 20));
        }));
        refuses(
                ErrorCode.LIMIT,
                "graph.sparse_initializer.dims: 4398046511104 bytes when made dense, more than 33554432");
    }

    @Test
    void refusesFunctionsThatCallThemselves() throws IOException {
        Message model = new Message();
        Consumer<Message> call = node -> {
            node.text(4, "F");
            node.text(7, "local");
        };
        model.message(7, graph -> graph.message(1, call));
        model.message(25, function -> {
            function.text(1, "F");
            function.text(10, "local");
            function.message(7, call);
        });
        Files.write(folder.resolve("model.onnx"), model.toBytes());
        refuses(ErrorCode.MALFORMED, "functions: \"F\" calls itself");
    }

    /** Thirty functions that each call the next one twice ask for a thousand million nodes. */
    @Test
    void refusesFunctionsThatGrowWithoutBound() throws IOException {
        Message model = new Message();
        model.message(7, graph -> graph.message(1, call(0)));
        for (int i = 0; i < 30; i++) {
            String name = "F" + i;
            Consumer<Message> next = call(i + 1);
            model.message(25, function -> {
                function.text(1, name);
                function.text(10, "local");
                function.message(7, next);
                function.message(7, next);
            });
        }
        Files.write(folder.resolve("model.onnx"), model.toBytes());
        refuses(
                folder.resolve("model.onnx"),
                ErrorCode.LIMIT,
                "functions: more than 20000 calls or 16777216 bytes of bodies in them");
    }

    @Test
    void refusesFunctionsWithinTooManyOthers() throws IOException {
        Message model = new Message();
        model.message(7, graph -> graph.message(1, call(0)));
        for (int i = 0; i < 1000; i++) {
            String name = "F" + i;
            Consumer<Message> next = call(i + 1);
            model.message(25, function -> {
                function.text(1, name);
                function.text(10, "local");
                function.message(7, next);
            });
        }
        Files.write(folder.resolve("model.onnx"), model.toBytes());
        refuses(ErrorCode.LIMIT, "functions: called deeper than 64");
    }

    @Test
    void refusesToRepeatALargeFunctionWithoutBound() throws IOException {
        Message model = new Message();
        model.message(7, graph -> {
            for (int i = 0; i < 20; i++) {
                graph.message(1, call(0));
            }
        });
        model.message(25, function -> {
            function.text(1, "F0");
            function.text(10, "local");
            function.message(7, node -> node.text(2, "x".repeat(1 << 20)));
        });
        Files.write(folder.resolve("model.onnx"), model.toBytes());
        refuses(
                folder.resolve("model.onnx"),
                ErrorCode.LIMIT,
                "functions: more than 20000 calls or 16777216 bytes of bodies in them");
    }

    private static Consumer<Message> call(int function) {
        return node -> {
            node.text(4, "F" + function);
            node.text(7, "local");
        };
    }

    private static Consumer<Message> external(String location, String offset, String length, long... dims) {
        return tensor -> {
            for (long dim : dims) {
                tensor.number(1, dim);
            }
            tensor.number(2, 1);
            tensor.text(8, "weight");
            String[] place = {"location", location, "offset", offset, "length", length};
            for (int i = 0; i < place.length; i += 2) {
                String key = place[i];
                String value = place[i + 1];
                tensor.message(13, entry -> {
                    entry.item(1, key);
                    entry.item(2, value);
                });
            }
            tensor.number(14, 1);
        };
    }

    private void writeGraph(Consumer<Message> graph) throws IOException {
        Files.write(folder.resolve("model.onnx"), bytes(graph));
    }

    private static byte[] bytes(Consumer<Message> graph) {
        Message model = new Message();
        model.message(7, graph);
        return model.toBytes();
    }

    private void refuses(ErrorCode code, String problem) {
        refuses(folder.resolve("model.onnx"), code, problem);
    }

    private static void refuses(Path model, ErrorCode code, String problem) {
        Fuzzing.withinASecond(() -> assertThatThrownBy(() -> OnnxFile.open(model))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessage("model.onnx: " + problem));
    }
}
