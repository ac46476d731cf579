package dev.fairlead.control.parity.grpc;

import dev.fairlead.control.artifact.Digest;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.control.job.JobId;
import dev.fairlead.control.parity.Certificates;
import dev.fairlead.control.parity.Finding;
import dev.fairlead.control.parity.Findings;
import dev.fairlead.parity.certificate.PublicKeyFile;
import dev.fairlead.parity.certificate.SignedCertificate;
import dev.fairlead.proto.v1.GetCertificateRequest;
import dev.fairlead.proto.v1.GetReportRequest;
import dev.fairlead.proto.v1.ListReportsRequest;
import dev.fairlead.proto.v1.ListReportsResponse;
import dev.fairlead.proto.v1.ParityCertificate;
import dev.fairlead.proto.v1.ParityGrpc;
import dev.fairlead.proto.v1.ParityReport;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.List;

/** The service {@code Parity}. */
@GrpcService
class ParityService extends ParityGrpc.ParityImplBase {
    private static final int DEFAULT_PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    private final Findings findings;
    private final Certificates certificates;

    ParityService(Findings findings, Certificates certificates) {
        this.findings = findings;
        this.certificates = certificates;
    }

    @Override
    public void getReport(GetReportRequest request, StreamObserver<ParityReport> reply) {
        Finding finding = switch (request.getKeyCase()) {
            case REPORT_DIGEST -> findings.byDigest(Digest.parse(request.getReportDigest(), "report_digest"));
            case JOB_ID -> findings.byJob(new JobId(request.getJobId()));
            case PROMOTION_ID -> findings.byPromotion(request.getPromotionId());
            case KEY_NOT_SET -> throw FairleadException.missing("key");
        };
        reply.onNext(ReportMessages.whole(finding));
        reply.onCompleted();
    }

    @Override
    public void getCertificate(GetCertificateRequest request, StreamObserver<ParityCertificate> reply) {
        if (request.getPromotionId().isEmpty()) {
            throw FairleadException.missing("promotion_id");
        }
        SignedCertificate signed = certificates.get(request.getPromotionId());
        reply.onNext(ParityCertificate.newBuilder()
                .setJson(signed.write())
                .setPublicKey(PublicKeyFile.write(signed.publicKey()))
                .build());
        reply.onCompleted();
    }

    @Override
    public void list(ListReportsRequest request, StreamObserver<ListReportsResponse> reply) {
        int asked = request.getPage().getSize();
        if (asked < 0 || asked > LARGEST_PAGE) {
            throw FairleadException.invalid("page.size", "is 0 to %d, not %d".formatted(LARGEST_PAGE, asked));
        }
        int size = asked == 0 ? DEFAULT_PAGE : asked;
        String token = request.getPage().getToken();
        List<Finding> page = findings.list(size + 1, token.isEmpty() ? null : new JobId(token));
        boolean more = page.size() > size;
        List<Finding> shown = more ? page.subList(0, size) : page;
        ListReportsResponse.Builder response = ListReportsResponse.newBuilder()
                .setNextPageToken(more ? shown.getLast().job().value() : "");
        shown.forEach(finding -> response.addReports(ReportMessages.summary(finding)));
        reply.onNext(response.build());
        reply.onCompleted();
    }
}
