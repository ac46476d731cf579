package dev.fairlead.agent.runtime.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import dev.fairlead.agent.failure.AgentFailure;
import dev.fairlead.agent.failure.FailureCode;
import dev.fairlead.model.tensor.DType;

/** Between our element types and those of ONNX Runtime's Java interface, which lacks the wide unsigned and all narrow ones. */
final class OnnxTypes {
    private OnnxTypes() {}

    static OnnxJavaType of(String name, DType dtype) {
        return switch (dtype) {
            case BOOL -> OnnxJavaType.BOOL;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT8 -> OnnxJavaType.INT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FLOAT16 -> OnnxJavaType.FLOAT16;
            case BFLOAT16 -> OnnxJavaType.BFLOAT16;
            case FLOAT32 -> OnnxJavaType.FLOAT;
            case FLOAT64 -> OnnxJavaType.DOUBLE;
            case UINT16, UINT32, UINT64, COMPLEX64, COMPLEX128 -> throw unsupported(name, dtype.text());
            case UINT1, UINT2, UINT3, UINT4, UINT6, INT2, INT4 -> throw unsupported(name, dtype.text());
            case FLOAT8_E4M3FN, FLOAT8_E4M3FNUZ, FLOAT8_E5M2, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU ->
                throw unsupported(name, dtype.text());
            case FLOAT6_E2M3FN, FLOAT6_E3M2FN, FLOAT4_E2M1FN -> throw unsupported(name, dtype.text());
        };
    }

    static DType of(String name, TensorInfo info) {
        return switch (info.type) {
            case BOOL -> DType.BOOL;
            case UINT8 -> DType.UINT8;
            case INT8 -> DType.INT8;
            case INT16 -> DType.INT16;
            case INT32 -> DType.INT32;
            case INT64 -> DType.INT64;
            case FLOAT16 -> DType.FLOAT16;
            case BFLOAT16 -> DType.BFLOAT16;
            case FLOAT -> DType.FLOAT32;
            case DOUBLE -> DType.FLOAT64;
            case STRING, UNKNOWN -> throw unsupported(name, info.type.name());
        };
    }

    private static AgentFailure unsupported(String name, String type) {
        return new AgentFailure(
                FailureCode.RUNTIME_FAILED, name + ": ONNX Runtime's Java interface has no tensors of " + type);
    }
}
