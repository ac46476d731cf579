/** Protobuf messages by hand over protobuf's wire codec, for the formats that are made of them: ONNX and Core ML. */
@NullMarked
package dev.fairlead.model.protobuf;

import org.jspecify.annotations.NullMarked;
