/** ONNX Runtime on the CPU, CUDA or Core ML, with buffers that are shared and not copied. */
@NullMarked
package dev.fairlead.agent.runtime.onnx;

import org.jspecify.annotations.NullMarked;
