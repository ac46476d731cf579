package dev.fairlead.model.lift.coreml;

import dev.fairlead.model.coreml.MilType;
import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** A constant tensor: as it stands in the file, or compressed. */
sealed interface Weight {
    /** The MIL value that it is. */
    String name();

    DType dtype();

    List<Long> shape();

    /** The numbers themselves; decoded, where they are compressed, in memory that the garbage collector owns. */
    Tensor dense();

    default MilType.OfTensor type() {
        return MilType.tensor(dtype(), shape());
    }

    record Plain(String name, Tensor tensor) implements Weight {
        @Override
        public DType dtype() {
            return tensor.dtype();
        }

        @Override
        public List<Long> shape() {
            return tensor.shape();
        }

        @Override
        public Tensor dense() {
            return tensor;
        }
    }

    /** {@code scale · (data − offset)}, one scale and offset for each block; the block sizes follow from the shapes. */
    record Scaled(String name, Tensor data, Tensor scale, Optional<Tensor> offset) implements Weight {
        @Override
        public DType dtype() {
            return scale.dtype();
        }

        @Override
        public List<Long> shape() {
            return data.shape();
        }

        @Override
        public Tensor dense() {
            return Decompression.scaled(data, scale, offset);
        }
    }

    /** A tensor that only decoding gives, with the name of what was decoded. */
    record Decoded(String name, String how, String source, Tensor dense) implements Weight {
        @Override
        public DType dtype() {
            return dense.dtype();
        }

        @Override
        public List<Long> shape() {
            return dense.shape();
        }
    }

    /** float16 that the program wants as float32. */
    record Widened(String name, Tensor half) implements Weight {
        @Override
        public DType dtype() {
            return DType.FLOAT32;
        }

        @Override
        public List<Long> shape() {
            return half.shape();
        }

        @Override
        public Tensor dense() {
            Tensor wide = Tensor.spilled(DType.FLOAT32, half.shape());
            for (long i = 0; i < half.elements(); i++) {
                wide.set(i, half.doubleAt(i));
            }
            return wide;
        }
    }
}
