package dev.fairlead.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every runtime must do, asked with models that multiply a matrix with itself: {@code y = x × x} on
 * float32[2, 2], and a long chain of the same on float32[n, n], which takes many seconds where n is {@link #LARGE}.
 */
public abstract class RuntimeContract {
    /** Products in the chain; with {@link #LARGE} rows more than 10¹² multiplications. */
    protected static final int CHAIN = 600;

    private static final long LARGE = 1400;

    @TempDir
    Path folder = Path.of("made by JUnit");

    /** Writes the model into the folder, in the runtime's format. */
    protected abstract void write(Path model) throws Exception;

    /** Writes the model of {@link #CHAIN} products, whose input has the shape [n, n]. */
    protected abstract void writeChain(Path model) throws Exception;

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
    void givesTheSameOutputsWithAndWithoutATap() throws Exception {
        try (var session = session()) {
            Tensor x = input(0.1f, -2.3f, 3.7e-3f, 41);
            byte[] plain = bytes(session.run(Map.of("x", x), List.of()));
            byte[] tapped = bytes(session.run(Map.of("x", x), List.of(tap())));

            assertThat(tapped).isEqualTo(plain);
            assertThat(bytes(session.run(Map.of("x", x), List.of()))).isEqualTo(plain);
            assertThat(session.run(Map.of("x", x), List.of())).containsOnlyKeys("y");
        }
    }

    private static byte[] bytes(Map<String, Tensor> found) {
        return named(found, "y").data().toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void namesTheInputThatDoesNotFit() throws Exception {
        try (var session = session()) {
            Tensor x = input(1, 2, 3, 4);
            refuses(session, Map.of(), "x: the input is missing");
            refuses(session, Map.of("x", Tensor.allocate(DType.INT32, List.of(2L, 2L))), "x: want float32, got int32");
            refuses(
                    session,
                    Map.of("x", Tensor.ofFloats(List.of(4L), 1, 2, 3, 4)),
                    "x: want the shape [2, 2], got [4]");
            refuses(
                    session,
                    Map.of("x", Tensor.ofFloats(List.of(1L, 4L), 1, 2, 3, 4)),
                    "x: want the shape [2, 2], got [1, 4]");
            refuses(session, Map.of("x", x, "z", x), "z: the model has no such input");

            assertThat(session.run(Map.of("x", x), List.of())).containsKey("y");
        }
    }

    private static void refuses(RuntimeSession session, Map<String, Tensor> inputs, String sentence) {
        assertThatThrownBy(() -> session.run(inputs, List.of()))
                .isInstanceOfSatisfying(
                        AgentFailure.class,
                        failure -> assertThat(failure.code()).isEqualTo(FailureCode.BAD_TASK))
                .hasMessage(sentence);
    }

    @Test
    void namesATapThatIsNotThere() throws Exception {
        try (var session = session()) {
            Map<String, Tensor> inputs = Map.of("x", input(1, 2, 3, 4));
            assertThatThrownBy(() -> session.run(inputs, List.of("no_such_value")))
                    .isInstanceOfSatisfying(
                            AgentFailure.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.BAD_TASK))
                    .hasMessageContaining("no_such_value");

            assertThat(session.run(inputs, List.of())).containsKey("y");
        }
    }

    @Test
    void endsARunThatIsCancelledAndTakesTheNext() throws Exception {
        writeChain(folder);
        try (var session = runtime().load(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var large = Map.of("x", Tensor.allocate(DType.FLOAT32, List.of(LARGE, LARGE)));
            var run = threads.submit(() -> session.run(large, List.of()));
            // The run may not have begun: a cancel before it does nothing.
            while (!endedWithin(run, Duration.ofMillis(200))) {
                session.cancel();
            }

            assertThatThrownBy(run::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            AgentFailure.class,
                            failure -> assertThat(failure.code()).isEqualTo(FailureCode.CANCELLED));
            assertThat(named(session.run(Map.of("x", input(1, 0, 0, 1)), List.of()), "y")
                            .doubleAt(3))
                    .isEqualTo(1.0);
        }
    }

    private static boolean endedWithin(Future<?> run, Duration limit) throws InterruptedException {
        try {
            run.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    @Test
    void refusesARunAfterItsCloseAndTakesASecondClose() throws Exception {
        var session = session();
        session.run(Map.of("x", input(1, 2, 3, 4)), List.of());

        session.close();
        session.close();
        session.cancel();

        assertThatThrownBy(() -> session.run(Map.of("x", input(1, 2, 3, 4)), List.of()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAFolderWithoutAModel() {
        assertThatThrownBy(() -> runtime().load(folder)).hasMessageContaining("model.json");
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
