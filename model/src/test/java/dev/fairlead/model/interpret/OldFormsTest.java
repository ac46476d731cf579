package dev.fairlead.model.interpret;

import static dev.fairlead.model.interpret.OneNode.longs;
import static dev.fairlead.model.interpret.OneNode.normal;
import static dev.fairlead.model.interpret.OneNode.scalar;

import ai.onnxruntime.OrtException;
import dev.fairlead.model.tensor.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operators in versions whose settings stood in attributes, held to ONNX Runtime. */
class OldFormsTest {
    private final Random random = new Random(6);

    @Test
    void slices() throws OrtException {
        OneNode.of("Slice")
                .opset(9)
                .ints("starts", 1, -3)
                .ints("ends", 9, -1)
                .ints("axes", 1, 0)
                .input(normal(random, 4, 5))
                .check();
        OneNode.of("Slice")
                .opset(9)
                .ints("starts", 1)
                .ints("ends", 3)
                .input(normal(random, 4, 5))
                .check();
    }

    @Test
    void splits() throws OrtException {
        OneNode.of("Split")
                .opset(11)
                .outputs(2)
                .with("axis", 1)
                .ints("split", 2, 3)
                .input(normal(random, 2, 5))
                .check();
        OneNode.of("Split").opset(11).outputs(2).input(normal(random, 4, 5)).check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ReduceSum", "ReduceMean", "ReduceMax", "ReduceL2"})
    void reductions(String op) throws OrtException {
        OneNode.of(op)
                .opset(11)
                .ints("axes", 0, -1)
                .with("keepdims", 0)
                .input(normal(random, 2, 3, 4))
                .check();
        OneNode.of(op).opset(11).input(normal(random, 2, 3)).check();
    }

    @Test
    void squeezes() throws OrtException {
        OneNode.of("Squeeze")
                .opset(11)
                .ints("axes", 0, -1)
                .input(normal(random, 1, 3, 1))
                .check();
        OneNode.of("Squeeze").opset(11).input(normal(random, 1, 3, 1)).check();
        OneNode.of("Unsqueeze")
                .opset(11)
                .ints("axes", 0, 2)
                .input(normal(random, 3, 4))
                .check();
    }

    @Test
    void clips() throws OrtException {
        OneNode.of("Clip")
                .opset(10)
                .with("min", -0.5f)
                .with("max", 0.25f)
                .input(normal(random, 20))
                .check();
        OneNode.of("Clip")
                .opset(10)
                .with("max", 0.25f)
                .input(normal(random, 20))
                .check();
        OneNode.of("Clip")
                .opset(13)
                .input(normal(random, 20))
                .input(scalar(DType.FLOAT32, 1))
                .input(scalar(DType.FLOAT32, -1))
                .check();
    }

    @Test
    void pads() throws OrtException {
        OneNode.of("Pad")
                .opset(10)
                .ints("pads", 1, 0, 0, 2)
                .with("value", 0.5f)
                .input(normal(random, 2, 3))
                .check();
        OneNode.of("Pad")
                .opset(10)
                .ints("pads", 1, 0, 0, 2)
                .with("mode", "reflect")
                .input(normal(random, 2, 3))
                .check();
    }

    @Test
    void topmost() throws OrtException {
        OneNode.of("TopK")
                .opset(9)
                .outputs(2)
                .with("k", 2)
                .with("axis", 0)
                .input(normal(random, 4, 3))
                .check();
        OneNode.of("TopK")
                .opset(10)
                .outputs(2)
                .input(normal(random, 4, 3))
                .input(longs(DType.INT64, 2))
                .check();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Softmax", "LogSoftmax", "Hardmax"})
    void flatteningSoftmaxes(String op) throws OrtException {
        OneNode.of(op).opset(11).input(normal(random, 2, 3, 4)).check();
        OneNode.of(op).opset(11).with("axis", 0).input(normal(random, 2, 3)).check();
    }

    @Test
    void scatters() throws OrtException {
        OneNode.of("Scatter")
                .opset(10)
                .with("axis", 1)
                .input(normal(random, 2, 4))
                .input(OneNode.integers(random, DType.INT64, 0, 4, 2, 1))
                .input(normal(random, 2, 1))
                .check();
    }

    @Test
    void dropsNothingWhileNotTraining() throws OrtException {
        OneNode.of("Dropout")
                .opset(10)
                .with("ratio", 0.9f)
                .input(normal(random, 10))
                .check();
    }
}
