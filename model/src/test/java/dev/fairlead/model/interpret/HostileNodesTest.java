package dev.fairlead.model.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ErrorCode;
import dev.fairlead.model.ModelException;
import dev.fairlead.model.graph.Attribute;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.graph.Node;
import dev.fairlead.model.graph.Value;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class HostileNodesTest {
    private static final List<String> OPERATORS =
            Kernels.operators().stream().sorted().toList();
    private static final List<String> NUMBERS = List.of(
            "axis",
            "group",
            "num_heads",
            "kv_num_heads",
            "q_num_heads",
            "block_size",
            "bits",
            "K",
            "N",
            "size",
            "keepdims",
            "to",
            "num_groups",
            "k",
            "p",
            "blocksize",
            "training_mode",
            "is_causal",
            "layout",
            "hidden_size",
            "n_targets",
            "interleaved",
            "rotary_embedding_dim",
            "batch_dims",
            "largest",
            "ceil_mode",
            "inverse",
            "onesided",
            "do_rotary");
    private static final List<String> LISTS = List.of(
            "axes", "kernel_shape", "strides", "pads", "dilations", "perm", "pooled_shape", "output_shape", "split");
    private static final List<DType> DTYPES =
            List.of(DType.FLOAT32, DType.FLOAT32, DType.INT64, DType.INT32, DType.UINT8, DType.BOOL);

    /** Whatever meets, the answer is a value or a typed error. */
    @Property(tries = 20_000)
    void nodesAreComputedOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        String name = OPERATORS.get(random.nextInt(OPERATORS.size()));
        int dot = name.lastIndexOf('.');
        String domain = dot < 0 ? "" : name.substring(0, dot);
        List<String> inputs = new ArrayList<>();
        TreeMap<String, Tensor> constants = new TreeMap<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            String input = random.nextInt(8) == 0 ? "" : "i" + i;
            inputs.add(input);
            if (!input.isEmpty()) {
                long[] shape = random.longs(random.nextInt(5), 0, 4).toArray();
                DType dtype = DTYPES.get(random.nextInt(DTYPES.size()));
                constants.put(
                        input,
                        dtype.isFloating()
                                ? OneNode.normal(random, shape)
                                : OneNode.integers(random, dtype, -2, 4, shape));
            }
        }
        SortedMap<String, Attribute> attributes = new TreeMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            attributes.put(NUMBERS.get(random.nextInt(NUMBERS.size())), new Attribute.Int(random.nextInt(8) - 2L));
            attributes.put(
                    LISTS.get(random.nextInt(LISTS.size())),
                    new Attribute.Ints(
                            random.longs(random.nextInt(5), -1, 4).boxed().toList()));
        }
        Node node =
                new Node("node", domain, name.substring(dot + 1), inputs, List.of("o"), attributes, new TreeMap<>());
        Graph graph = new Graph(
                "g",
                List.of(),
                List.of(new Value("o", Optional.empty(), Optional.empty())),
                constants,
                List.of(node),
                List.of());
        long opset = List.of(1L, 7L, 11L, 13L, 18L, 23L).get(random.nextInt(6));
        Model model = new Model(10, "test", "", new TreeMap<>(Map.of("", opset)), Map.of(), graph);
        try {
            assertThat(new Interpreter(model).run(Map.of())).containsKey("o");
        } catch (ModelException e) {
            assertThat(e.code()).isIn(ErrorCode.MALFORMED, ErrorCode.UNSUPPORTED);
            assertThat(e).hasMessageStartingWith("graph: ");
        }
    }
}
