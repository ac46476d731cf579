package dev.fairlead.control.parity;

import dev.fairlead.control.error.ErrorCode;
import dev.fairlead.control.error.FairleadException;
import dev.fairlead.parity.certificate.Certificate;
import dev.fairlead.parity.certificate.SignedCertificate;
import dev.fairlead.parity.certificate.SigningKey;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Signs and finds certificates. The key is made when the first one is signed and is the same ever after. */
@Singleton
public final class Certificates {
    private final CertificateStore store;

    public Certificates(CertificateStore store) {
        this.store = store;
    }

    /** Signs and keeps. A promotion has one certificate: a second one changes nothing. */
    public SignedCertificate issue(Certificate certificate) {
        SigningKey key = store.key().orElseGet(() -> store.keep(SigningKey.generate()));
        store.insert(SignedCertificate.sign(certificate, key));
        return get(certificate.promotion());
    }

    public Optional<SignedCertificate> find(String promotion) {
        return store.find(promotion);
    }

    public SignedCertificate get(String promotion) {
        return find(promotion)
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.CERTIFICATE_NOT_FOUND,
                        "promotion_id",
                        "promotion " + promotion + " has no certificate: only a parity verdict of PASSED gets one"));
    }
}
