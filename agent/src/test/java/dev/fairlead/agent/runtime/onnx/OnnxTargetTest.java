package dev.fairlead.agent.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.runtime.RuntimeSession;
import dev.fairlead.agent.runtime.SessionValues;
import dev.fairlead.model.convert.Conversion;
import dev.fairlead.model.convert.Converter;
import dev.fairlead.model.convert.Options;
import dev.fairlead.model.graph.Graph;
import dev.fairlead.model.graph.Model;
import dev.fairlead.model.onnx.OnnxFile;
import dev.fairlead.model.onnx.OnnxWriter;
import dev.fairlead.model.provenance.Provenance;
import dev.fairlead.model.provenance.ProvenanceFile;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import dev.fairlead.parity.locate.Case;
import dev.fairlead.parity.locate.Divergence;
import dev.fairlead.parity.locate.Interpreted;
import dev.fairlead.parity.locate.Located;
import dev.fairlead.parity.locate.OnTarget;
import dev.fairlead.parity.locate.Replay;
import dev.fairlead.parity.locate.Replayed;
import dev.fairlead.parity.locate.Target;
import dev.fairlead.parity.locate.TargetSearch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small encoder, converted, on ONNX Runtime's CPU provider. */
class OnnxTargetTest {
    private static final Path SOURCE = Path.of("../model/src/test/resources/conversion/encoder");

    @TempDir
    private Path folder;

    @BeforeEach
    void convert() {
        assertThat(Converter.convert(SOURCE, folder.resolve("right"), Options.defaults()))
                .isInstanceOf(Conversion.Converted.class);
    }

    @Test
    void findsEveryOperationOfOnnxRuntimeWithinItsBound() {
        List<Replayed> replayed = replay(folder.resolve("right"));
        assertThat(replayed)
                .hasSizeGreaterThan(150)
                .allSatisfy(one -> assertThat(one.verdict()).as(one.sentence()).isEqualTo(Replayed.Verdict.RIGHT));
    }

    /** What runs has a weight that is 1 % off; what should run has not. */
    @Test
    void namesTheOperationWhoseWeightIsOff() throws IOException {
        Path wrong = spoilt();
        List<Replayed> replayed = replay(wrong);
        Replayed culprit = Replay.culprit(replayed).orElseThrow();
        assertThat(culprit.operation().value()).isEqualTo("v45");
        assertThat(culprit.operation().origin().toString()).isEqualTo("encoder.py:54 (layers.0.attention)");
        OnTarget found = using(
                wrong,
                (target, model, provenance) -> new TargetSearch(
                                model, provenance, OnnxTarget.contract(Map.of()), 5e-6, 8)
                        .search(target, inputs()));
        assertThat(found.first()).isEqualTo("v45");
        assertThat(found.culprit().orElseThrow().operation().value()).isEqualTo("v45");
        assertThat(found.runs()).isLessThan(40);
    }

    @Test
    void givesByAPrefixWhatATapGives() {
        using(folder.resolve("right"), (target, model, provenance) -> {
            List<String> names = List.of("v45", "v92");
            Map<String, Tensor> tapped = target.run(inputs(), names);
            Map<String, Tensor> cut = target.prefix(inputs(), names);
            assertThat(cut).containsOnlyKeys(names);
            names.forEach(name -> assertThat(Objects.requireNonNull(cut.get(name))
                            .data()
                            .mismatch(Objects.requireNonNull(tapped.get(name)).data()))
                    .isEqualTo(-1));
            return true;
        });
    }

    /** Values in float32 are within float32's own rounding of those in float64, taken two a run. */
    @Test
    void givesASessionsValuesAsASide() {
        Path right = folder.resolve("right");
        try (OnnxFile file = OnnxFile.open(right.resolve(OnnxWriter.MODEL));
                RuntimeSession session =
                        new OnnxRuntime(new OnnxProvider.Cpu(), OnnxRuntime.Role.STAND_IN).load(right)) {
            Model model = file.model();
            List<String> names = List.of("v6", "v45", "v54", "v92");
            List<String> taken = new ArrayList<>();
            SessionValues values = new SessionValues(session, names, 2);
            assertThat(values.names()).containsExactlyElementsOf(names);
            values.stream(new Case("a", inputs()), Set.of("v6", "v45", "v92"), (name, _) -> taken.add(name));
            assertThat(taken).containsExactly("v6", "v45", "v92");
            Located located = new Divergence(
                            model,
                            Provenance.NONE,
                            values,
                            List.of("output"),
                            new Interpreted(model, List.of("input_ids", "attention_mask")))
                    .locate(List.of(new Case("a", inputs())));
            assertThat(located.compared()).isEqualTo(4);
            assertThat(located.worst()).isNotEmpty().allMatch(one -> one.error() < 1e-6);
        }
    }

    @Test
    void keepsOutputsOverRuns() {
        using(folder.resolve("right"), (target, model, provenance) -> {
            Map<String, Tensor> inputs = inputs();
            Tensor first = Objects.requireNonNull(target.run(inputs, List.of()).get("output"));
            double before = first.doubleAt(0);
            Objects.requireNonNull(inputs.get("input_ids")).set(0, 7L);
            target.run(inputs, List.of());
            assertThat(first.doubleAt(0)).isEqualTo(before);
            return true;
        });
    }

    @Test
    void runsUnderEachSettingAndRefusesOthers() {
        Target.Opener opener = OnnxTarget.opener(folder.resolve("right"));
        for (String level : List.of("all", "extended", "basic", "none")) {
            try (Target target = opener.open(Map.of(OnnxTarget.OPTIMISATION, level))) {
                assertThat(target.run(inputs(), List.of())).containsOnlyKeys("output");
            }
        }
        assertThatThrownBy(() -> opener.open(Map.of("speed", "high")))
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("setting speed: unknown: high");
        assertThatThrownBy(() -> opener.open(Map.of(OnnxTarget.OPTIMISATION, "most")))
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("setting optimisation: unknown: most");
    }

    private List<Replayed> replay(Path run) {
        return using(
                run,
                (target, model, provenance) ->
                        new Replay(model, provenance, OnnxTarget.contract(Map.of())).all(target, inputs()));
    }

    private interface Use<T> {
        T of(Target target, Model model, Provenance provenance);
    }

    /** The right model and its provenance, beside a target that runs what another folder holds. */
    private <T> T using(Path run, Use<T> use) {
        Path right = folder.resolve("right");
        try (OnnxFile file = OnnxFile.open(right.resolve(OnnxWriter.MODEL));
                Target target = OnnxTarget.opener(run).open(Map.of())) {
            return use.of(target, file.model(), ProvenanceFile.read(right));
        }
    }

    private Path spoilt() throws IOException {
        Path wrong = Files.createDirectory(folder.resolve("wrong"));
        Path right = folder.resolve("right");
        Files.copy(right.resolve("model.json"), wrong.resolve("model.json"));
        try (OnnxFile file = OnnxFile.open(right.resolve(OnnxWriter.MODEL))) {
            Graph graph = file.model().graph();
            Map<String, Tensor> weights = new LinkedHashMap<>(graph.initializers());
            weights.computeIfPresent(
                    "constant.3", (_, scale) -> Tensor.scalar(DType.FLOAT32, 1.01 * scale.doubleAt(0)));
            OnnxWriter.write(
                    file.model()
                            .withGraph(new Graph(
                                    graph.name(),
                                    graph.inputs(),
                                    graph.outputs(),
                                    weights,
                                    graph.nodes(),
                                    graph.values())),
                    wrong);
        }
        return wrong;
    }

    private static Map<String, Tensor> inputs() {
        Tensor ids = Tensor.allocate(DType.INT32, List.of(2L, 5L));
        Tensor mask = Tensor.allocate(DType.INT32, List.of(2L, 5L));
        for (long i = 0; i < ids.elements(); i++) {
            ids.set(i, (3 + 5 * i) % 40);
            mask.set(i, i == 4 || i > 7 ? 0L : 1L);
        }
        return new LinkedHashMap<>(Map.of("input_ids", ids, "attention_mask", mask));
    }
}
