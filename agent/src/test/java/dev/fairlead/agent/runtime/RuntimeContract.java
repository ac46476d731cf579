package dev.fairlead.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every runtime must do, asked with a model that computes {@code y = x × x} on float32[2, 2]. */
public abstract class RuntimeContract {
    @TempDir
    Path folder = Path.of("made by JUnit");

    /** Writes the model into the folder, in the runtime's format. */
    protected abstract void write(Path model) throws Exception;

    protected abstract ModelRuntime runtime();

    /** The name of the value that is the product. */
    protected abstract String tap();

    private RuntimeSession session() throws Exception {
        write(folder);
        return runtime().load(folder);
    }

    private static Tensor input(float... values) {
        return Tensor.ofFloats(List.of(2L, 2L), values);
    }

    private static Tensor named(Map<String, Tensor> found, String name) {
        return Objects.requireNonNull(found.get(name), name);
    }

    @Test
    void computesOnNamedTensors() throws Exception {
        try (var session = session()) {
            Tensor y = named(session.run(Map.of("x", input(1, 2, 3, 4)), List.of()), "y");

            assertThat(y.shape()).containsExactly(2L, 2L);
            assertThat(List.of(y.doubleAt(0), y.doubleAt(1), y.doubleAt(2), y.doubleAt(3)))
                    .containsExactly(7.0, 10.0, 15.0, 22.0);
        }
    }

    @Test
    void computesAnewOnOtherInputs() throws Exception {
        try (var session = session()) {
            Tensor x = input(1, 0, 0, 1);
            assertThat(named(session.run(Map.of("x", x), List.of()), "y").doubleAt(0))
                    .isEqualTo(1.0);

            x.data().set(Tensor.FLOAT, 0, 3);

            assertThat(named(session.run(Map.of("x", x), List.of()), "y").doubleAt(0))
                    .isEqualTo(9.0);
            assertThat(named(session.run(Map.of("x", input(2, 0, 0, 1)), List.of()), "y")
                            .doubleAt(0))
                    .isEqualTo(4.0);
        }
    }

    @Test
    void tapsAValue() throws Exception {
        try (var session = session()) {
            Map<String, Tensor> found = session.run(Map.of("x", input(1, 2, 3, 4)), List.of(tap()));

            assertThat(named(found, tap()).doubleAt(0)).isEqualTo(7.0);
            assertThat(named(found, "y").doubleAt(3)).isEqualTo(22.0);
        }
    }

    @Test
    void refusesAMissingInputAndAnUnknownTap() throws Exception {
        try (var session = session()) {
            assertThatThrownBy(() -> session.run(Map.of(), List.of()))
                    .isInstanceOfSatisfying(
                            AgentFailure.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.BAD_TASK))
                    .hasMessageStartingWith("x: ");
            assertThatThrownBy(() -> session.run(Map.of("x", input(1, 2, 3, 4)), List.of("no_such_value")))
                    .isInstanceOfSatisfying(
                            AgentFailure.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.BAD_TASK));
        }
    }

    @Test
    void takesACancelWithoutARun() throws Exception {
        try (var session = session()) {
            session.cancel();

            assertThat(session.run(Map.of("x", input(1, 2, 3, 4)), List.of())).containsKey("y");
        }
    }

    @Test
    void saysWhatComputes() throws Exception {
        try (var session = session()) {
            assertThat(session.info().version()).isNotEmpty();
            assertThat(session.info().provider()).isNotEmpty();
            assertThat(session.signature().inputs()).hasSize(1);
        }
    }
}
