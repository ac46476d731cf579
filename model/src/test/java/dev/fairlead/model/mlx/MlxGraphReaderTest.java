package dev.fairlead.model.mlx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.model.ModelException;
import dev.fairlead.model.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlxGraphReaderTest {
    private static final String GRAPH = """
            {"format": "fairlead-graph", "version": 1, "framework": {"name": "mlx", "version": "0.32.4"},
             "symbols": ["n"],
             "inputs": [{"name": "x", "dtype": "float32", "shape": ["n", 2]}],
             "constants": [{"name": "w", "dtype": "float16", "shape": [2]}],
             "nodes": [{"op": "Any", "inputs": ["x", "w"], "arguments": [1, 2.5, "inf", true, {"dtype": "bool"}, ["2*n", 1]],
                        "outputs": [{"name": "v0", "dtype": "float32", "shape": ["n", 2]}],
                        "origin": {"file": "a.py", "line": 3}}],
             "outputs": [{"name": "y", "value": "v0"}]}
            """;

    @TempDir
    private Path folder;

    @Test
    void readsEveryKindOfArgument() throws IOException {
        MlxGraph graph = read(GRAPH);
        MlxNode node = graph.nodes().getFirst();
        assertThat(node.integer(0)).isEqualTo(1);
        assertThat(node.real(1)).isEqualTo(2.5);
        assertThat(node.real(2)).isInfinite();
        assertThat(node.flag(3)).isTrue();
        assertThat(node.type(4)).isEqualTo(DType.BOOL);
        assertThat(node.sizes(5)).hasToString("[2*n, 1]");
        assertThat(node.origin()).hasToString("a.py:3");
        assertThat(graph.outputs().getFirst().value().dims()).hasToString("[n, 2]");
        assertThatThrownBy(() -> node.integers(5))
                .hasMessage("graph.json: nodes[0].arguments[5]: Any cannot be converted with 2*n here, only with a"
                        + " fixed number");
        assertThatThrownBy(() -> node.integer(7))
                .hasMessage("graph.json: nodes[0].arguments: Any has 6, expected at least 8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"version\": 1 | \"version\": 2 | version: only version 1 can be read",
                "\"mlx\" | \"jax\" | framework.name: expected \"mlx\"",
                "[\"n\"] | [\"n\", \"n\"] | symbols[1]: no name, or named twice",
                "[\"n\"] | [\"2*n\"] | symbols[0]: no name, or named twice",
                "[\"n\"] | [] | inputs[0].shape[0]: uses n, which is not among the symbols",
                "[\"x\", \"w\"] | [\"x\", \"z\"] | nodes[0].inputs[1]: no value of this name is made before",
                "[\"x\", \"w\"] | [\"v0\"] | nodes[0].inputs[0]: no value of this name is made before",
                "\"name\": \"v0\" | \"name\": \"x\" | nodes[0].outputs[0].name: a value of this name was made before",
                "float16 | float17 | constants[0].dtype: no known dtype",
                "\"shape\": [2] | \"shape\": [-2] | constants[0].shape[0]: negative",
                "\"shape\": [2] | \"shape\": [\"n\"] | constants[0].shape: a constant's size depends on a symbol",
                "\"op\": \"Any\", |  | nodes[0].op: is missing",
                "\"op\": \"Any\" | \"op\": 3 | nodes[0].op: expected a string",
                "2*n | 2*(n | nodes[0].arguments[5][0]: no expression: stops at character 3 of \"2*(n\"",
                "\"inf\" | null | nodes[0].arguments[2]: no argument",
                "\"value\": \"v0\" | \"value\": \"v1\" | outputs[0].value: no value of this name is made before",
                "{\"format\" | {\"symbols\": [], \"format\" | file: no valid JSON: \"Duplicate field 'symbols'\""
            })
    void refuses(String part, String with, String problem) throws IOException {
        assertThat(GRAPH).contains(part);
        String text = GRAPH.replace(part, with == null ? "" : with);
        assertThatThrownBy(() -> read(text)).isInstanceOf(ModelException.class).hasMessage("graph.json: " + problem);
    }

    @Test
    void refusesDeepNestingAndOtherDocuments() throws IOException {
        assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(100_000))).hasMessageStartingWith("graph.json: file: ");
        for (String text : List.of("", "[]", "{} {}", "{")) {
            assertThatThrownBy(() -> read(text)).hasMessageStartingWith("graph.json: file: ");
        }
    }

    private MlxGraph read(String text) throws IOException {
        Path file = folder.resolve("graph.json");
        Files.writeString(file, text);
        return MlxGraphReader.read(file);
    }
}
