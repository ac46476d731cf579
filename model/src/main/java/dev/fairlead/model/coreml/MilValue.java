package dev.fairlead.model.coreml;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A constant of a MIL program. */
public sealed interface MilValue {
    MilType type();

    /** Numbers that stand in the program itself. */
    record Immediate(Tensor tensor) implements MilValue {
        @Override
        public MilType.OfTensor type() {
            return MilType.tensor(tensor.dtype(), tensor.shape());
        }
    }

    /**
     * Numbers that stand in a weight file. Values over the same memory are stored once.
     *
     * @param file path in the program, such as {@code @model_path/weights/weight.bin}
     */
    record Stored(Tensor tensor, String file) implements MilValue {
        public static final String WEIGHTS = "@model_path/weights/weight.bin";

        public Stored(Tensor tensor) {
            this(tensor, WEIGHTS);
        }

        @Override
        public MilType.OfTensor type() {
            return MilType.tensor(tensor.dtype(), tensor.shape());
        }
    }

    /** Text, as a tensor of any shape. */
    record Texts(List<Long> shape, List<String> values) implements MilValue {
        public Texts {
            shape = List.copyOf(shape);
            values = List.copyOf(values);
            if (Tensor.elements(shape) != values.size()) {
                throw new IllegalArgumentException("values: " + values.size() + ", but the shape is " + shape);
            }
        }

        @Override
        public MilType.OfTensor type() {
            return MilType.tensor(MilDataType.STRING, shape);
        }
    }

    record OfList(MilType.OfList type, List<MilValue> values) implements MilValue {
        public OfList {
            values = List.copyOf(values);
        }
    }

    record OfTuple(MilType.OfTuple type, List<MilValue> values) implements MilValue {
        public OfTuple {
            values = List.copyOf(values);
        }
    }

    record OfDictionary(MilType.OfDictionary type, List<Entry> entries) implements MilValue {
        public record Entry(MilValue key, MilValue value) {}

        public OfDictionary {
            entries = List.copyOf(entries);
        }
    }

    static MilValue text(String text) {
        return new Texts(List.of(), List.of(text));
    }

    /**
     * A tensor where Core ML's own tools would put it: ten elements or more of a type that the weight file takes at this
     * version go there.
     */
    static MilValue of(Tensor tensor, int specificationVersion) {
        Set<DType> stored = EnumSet.of(DType.FLOAT16, DType.FLOAT32, DType.UINT8, DType.INT8);
        if (specificationVersion >= CoremlModel.IOS_18) {
            stored.addAll(EnumSet.of(DType.UINT16, DType.INT16, DType.INT32, DType.UINT32));
            stored.addAll(EnumSet.of(DType.UINT1, DType.UINT2, DType.UINT3, DType.UINT4, DType.UINT6, DType.INT4));
        }
        return tensor.elements() >= 10 && stored.contains(tensor.dtype()) ? new Stored(tensor) : new Immediate(tensor);
    }
}
