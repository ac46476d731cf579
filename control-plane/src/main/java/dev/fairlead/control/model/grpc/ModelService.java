package dev.fairlead.control.model.grpc;

import com.google.protobuf.Timestamp;
import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.model.Model;
import dev.fairlead.control.model.ModelFormat;
import dev.fairlead.control.model.ModelName;
import dev.fairlead.control.model.Models;
import dev.fairlead.control.model.Resolved;
import dev.fairlead.proto.v1.Alias;
import dev.fairlead.proto.v1.CreateVersionRequest;
import dev.fairlead.proto.v1.GetModelRequest;
import dev.fairlead.proto.v1.ListModelsRequest;
import dev.fairlead.proto.v1.ListModelsResponse;
import dev.fairlead.proto.v1.ModelVersion;
import dev.fairlead.proto.v1.ModelsGrpc;
import dev.fairlead.proto.v1.ResolveModelRequest;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.time.Instant;
import java.util.Optional;

/** Models over gRPC. */
@GrpcService
class ModelService extends ModelsGrpc.ModelsImplBase {
    private final Models models;

    ModelService(Models models) {
        this.models = models;
    }

    @Override
    public void createVersion(CreateVersionRequest request, StreamObserver<ModelVersion> reply) {
        Optional<Digest> suite = request.getSuiteDigest().isEmpty()
                ? Optional.empty()
                : Optional.of(Digest.parse(request.getSuiteDigest(), "suite_digest"));
        reply.onNext(version(models.createVersion(new Models.NewVersion(
                ModelName.parse(request.getModel(), "model"),
                Digest.parse(request.getTreeDigest(), "tree_digest"),
                suite,
                format(request.getFormat()),
                Optional.empty()))));
        reply.onCompleted();
    }

    @Override
    public void list(ListModelsRequest request, StreamObserver<ListModelsResponse> reply) {
        ListModelsResponse.Builder response = ListModelsResponse.newBuilder();
        models.list().forEach(model -> response.addModels(model(model)));
        reply.onNext(response.build());
        reply.onCompleted();
    }

    @Override
    public void get(GetModelRequest request, StreamObserver<dev.fairlead.proto.v1.Model> reply) {
        reply.onNext(model(models.get(ModelName.parse(request.getName(), "name"))));
        reply.onCompleted();
    }

    /** The answer's tree and format are what the reference stands for; the rest is the version it belongs to. */
    @Override
    public void resolve(ResolveModelRequest request, StreamObserver<ModelVersion> reply) {
        Resolved resolved = models.resolve(request.getRef());
        ModelVersion.Builder answer =
                resolved.version().map(ModelService::version).orElse(ModelVersion.getDefaultInstance()).toBuilder();
        reply.onNext(answer.setTreeDigest(resolved.tree().toString())
                .setFormat(resolved.format()
                        .map(ModelService::proto)
                        .orElse(dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_UNSPECIFIED))
                .build());
        reply.onCompleted();
    }

    private static dev.fairlead.proto.v1.Model model(Model model) {
        dev.fairlead.proto.v1.Model.Builder message =
                dev.fairlead.proto.v1.Model.newBuilder().setName(model.name().text());
        model.versions().forEach(version -> message.addVersions(version(version)));
        model.aliases()
                .forEach(alias -> message.addAliases(Alias.newBuilder()
                        .setName(alias.name())
                        .setVersion(alias.version())
                        .setTreeDigest(alias.tree().toString())
                        .setFormat(proto(alias.format()))
                        .setPromotionId(alias.promotionId())
                        .setMovedAt(timestamp(alias.movedAt()))));
        return message.build();
    }

    private static ModelVersion version(dev.fairlead.control.model.ModelVersion version) {
        return ModelVersion.newBuilder()
                .setModel(version.model().text())
                .setVersion(version.version())
                .setTreeDigest(version.tree().toString())
                .setFormat(proto(version.format()))
                .setSuiteDigest(version.suite().map(Digest::toString).orElse(""))
                .setJobId(version.jobId().orElse(""))
                .setCreatedAt(timestamp(version.createdAt()))
                .build();
    }

    private static ModelFormat format(dev.fairlead.proto.v1.ModelFormat format) {
        return switch (format) {
            case MODEL_FORMAT_MLX -> ModelFormat.MLX;
            case MODEL_FORMAT_ONNX -> ModelFormat.ONNX;
            case MODEL_FORMAT_COREML -> ModelFormat.COREML;
            case MODEL_FORMAT_UNSPECIFIED -> throw FairleadException.missing("format");
            case UNRECOGNIZED -> throw FairleadException.invalid("format", "is not one this server knows");
        };
    }

    private static dev.fairlead.proto.v1.ModelFormat proto(ModelFormat format) {
        return switch (format) {
            case MLX -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_MLX;
            case ONNX -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_ONNX;
            case COREML -> dev.fairlead.proto.v1.ModelFormat.MODEL_FORMAT_COREML;
        };
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
