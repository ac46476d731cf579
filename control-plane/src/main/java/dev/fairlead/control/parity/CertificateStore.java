package dev.fairlead.control.parity;

import dev.fairlead.parity.certificate.SignedCertificate;
import dev.fairlead.parity.certificate.SigningKey;
import java.util.Optional;

/** Where certificates are kept, one a promotion, and the key that signs them. Every call joins the caller's transaction. */
public interface CertificateStore {
    Optional<SigningKey> key();

    /** Keeps {@code fresh} unless there is a key already; returns the one that is kept. */
    SigningKey keep(SigningKey fresh);

    /** Keeps a certificate; one that its promotion has already stays as it is. */
    void insert(SignedCertificate certificate);

    Optional<SignedCertificate> find(String promotion);
}
