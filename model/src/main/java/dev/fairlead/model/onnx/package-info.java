/** ONNX files: the protobuf messages by hand over protobuf's wire codec, with weights as external data. */
@NullMarked
package dev.fairlead.model.onnx;

import org.jspecify.annotations.NullMarked;
