package dev.fairlead.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedInputStream;
import dev.fairlead.model.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a few megabytes that ask for as much as they can: each is refused by a JVM that has 64 MiB. */
class SmallMemoryTest {
    private static final int MANY = 2_200_000;

    @TempDir
    private Path folder;

    private final Map<String, String> wanted = new LinkedHashMap<>();

    @Test
    void refusesBeforeMemoryRunsOut() throws IOException, InterruptedException {
        onnx("nodes", field(7, repeated(field(1, concat(field(4, text("a")))), MANY)), "LIMIT nodes.onnx: graph");
        onnx("empty", field(7, repeated(field(1, new byte[0]), MANY)), "LIMIT empty.onnx: graph");
        onnx("names", field(7, field(1, repeated(field(1, text("x")), MANY))), "LIMIT names.onnx: graph.node[0]");
        onnx(
                "ints",
                field(7, field(1, field(5, field(8, new byte[MANY])))),
                "LIMIT ints.onnx: graph.node[0].attribute[0].items");
        onnx("loose", field(7, field(1, field(5, repeated(new byte[] {0x40, 1}, MANY)))), "LIMIT loose.onnx: graph");
        onnx("floats", field(7, field(5, field(4, new byte[4 * MANY]))), "LIMIT floats.onnx: graph");
        onnx("strings", field(7, field(5, repeated(field(6, text("x")), MANY))), "LIMIT strings.onnx: graph");
        onnx("values", field(7, repeated(field(13, new byte[0]), MANY)), "LIMIT values.onnx: graph");
        onnx(
                "attributes",
                field(7, field(1, repeated(field(5, new byte[0]), MANY))),
                "MALFORMED attributes.onnx: graph.node[0].attribute[1].name");
        onnx("inputs", field(7, repeated(field(11, field(1, text("x"))), MANY)), "LIMIT inputs.onnx: graph");
        onnx("deep", deep(), "LIMIT deep.onnx: graph");
        onnx(
                "functions",
                repeated(field(25, field(1, text("f"))), MANY),
                "MALFORMED functions.onnx: functions[1].name");
        onnx("calls", calls(40), "LIMIT calls.onnx: functions");
        onnx(
                "long",
                field(7, field(2, new byte[64 << 20])),
                "LIMIT long.onnx: graph.name: 67108864 bytes of text, more than 4194304");
        gguf("pairs", 0, 100_000, pairs());
        gguf("strings", 0, 1, concat(length("k"), four(9), four(8), eight(MANY), new byte[8 * MANY]));
        gguf(
                "lists",
                0,
                1,
                concat(length("k"), four(9), four(9), eight(MANY), repeated(concat(four(0), eight(0)), MANY)));
        gguf("tensors", 100_000, 0, infos());
        safetensors("tensors", "", MANY / 2);
        safetensors("metadata", "\"__metadata__\":{\"a\":\"b\"}", MANY / 2);
        Process process =
                new ProcessBuilder(command()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        List<String> answers =
                output.lines().filter(line -> line.contains(" | ")).toList();
        assertThat(answers).hasSameSizeAs(wanted.keySet());
        for (String answer : answers) {
            String[] parts = answer.split(" \\| ", 3);
            assertThat(parts[2]).as(answer).startsWith(wanted.get(parts[0]));
            assertThat(Long.parseLong(parts[1])).as(answer).isLessThan(1000);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-XX:+UseG1GC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                Opening.class.getName()));
        wanted.keySet().forEach(name -> command.add(folder.resolve(name).toString()));
        return command;
    }

    /** Where the classes lie that this one sees: a test runner need not have them on its own class path. */
    private static String classPath() {
        return Stream.of(
                        Opening.class,
                        ModelException.class,
                        CodedInputStream.class,
                        JsonParser.class,
                        JsonNode.class,
                        JsonProperty.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void onnx(String name, byte[] bytes, String problem) throws IOException {
        Files.write(folder.resolve(name + ".onnx"), bytes);
        wanted.put(name + ".onnx", problem);
    }

    private void gguf(String name, long tensors, long pairs, byte[] rest) throws IOException {
        Files.write(folder.resolve(name + ".gguf"), concat(text("GGUF"), four(3), eight(tensors), eight(pairs), rest));
        wanted.put(name + ".gguf", name.equals("tensors") ? "MALFORMED tensors.gguf: \"0\".offset" : "read");
    }

    private void safetensors(String name, String first, int entries) throws IOException {
        StringBuilder header = new StringBuilder("{").append(first);
        for (int i = 0; i < entries; i++) {
            header.append(header.length() > 1 ? "," : "")
                    .append('"')
                    .append(i)
                    .append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        byte[] json = text(header.append('}').toString());
        Files.write(folder.resolve(name + ".safetensors"), concat(eight(json.length), json));
        wanted.put(name + ".safetensors", "LIMIT " + name + ".safetensors: header");
    }

    private static byte[] pairs() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            out.writeBytes(concat(length(Integer.toString(i)), four(7), new byte[] {1}));
        }
        return out.toByteArray();
    }

    /** The last one's offset is wrong. */
    private static byte[] infos() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            out.writeBytes(
                    concat(length(Integer.toString(i)), four(1), eight(0), four(0), eight(i == 99_999 ? 32 : 0)));
        }
        return out.toByteArray();
    }

    /** Each function calls the one before it ten times. */
    private static byte[] calls(int depth) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(field(
                7, field(1, concat(field(2, text("z")), field(4, text("f" + depth)), field(7, text("f"))))));
        out.writeBytes(field(8, concat(field(1, text("f")), new byte[] {0x10, 1})));
        for (int i = 1; i <= depth; i++) {
            byte[] call = field(
                    7,
                    concat(
                            field(1, text("x")),
                            field(2, text("y")),
                            field(4, text("f" + (i - 1))),
                            field(7, text("f"))));
            byte[] body = i == 1
                    ? field(7, concat(field(1, text("x")), field(2, text("y")), field(4, text("Relu"))))
                    : repeated(call, 10);
            out.writeBytes(field(
                    25,
                    concat(
                            field(1, text("f" + i)),
                            field(4, text("x")),
                            field(5, text("y")),
                            body,
                            field(10, text("f")))));
        }
        return out.toByteArray();
    }

    private static byte[] deep() {
        byte[] graph = new byte[0];
        for (int i = 0; i < 5000; i++) {
            graph = field(1, field(5, field(6, graph)));
        }
        return field(7, graph);
    }

    private static byte[] field(int number, byte[] content) {
        return concat(varint((number << 3) | 2), varint(content.length), content);
    }

    private static byte[] varint(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long rest = value;
        while (rest > 0x7F) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
        return out.toByteArray();
    }

    private static byte[] repeated(byte[] part, int times) {
        byte[] all = new byte[part.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(part, 0, all, i * part.length, part.length);
        }
        return all;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] length(String text) {
        return concat(eight(text.length()), text(text));
    }

    private static byte[] four(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static byte[] eight(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }
}
