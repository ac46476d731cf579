/** Proves in a child JVM that ONNX Runtime really computes on CUDA here, before the agent says so. */
@NullMarked
package dev.fairlead.agent.cuda.canary;

import org.jspecify.annotations.NullMarked;
