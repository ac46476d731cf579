package dev.fairlead.control.parity.jdbc;

import dev.fairlead.control.parity.CertificateStore;
import dev.fairlead.parity.certificate.SignedCertificate;
import dev.fairlead.parity.certificate.SigningKey;
import jakarta.inject.Singleton;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** The tables {@code signing_key} and {@code certificate}. */
@Singleton
final class JdbiCertificateStore implements CertificateStore {
    private final Jdbi jdbi;

    JdbiCertificateStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Optional<SigningKey> key() {
        return jdbi.withHandle(handle -> handle.createQuery("select secret, public_key from signing_key")
                .map((row, context) -> SigningKey.of(row.getBytes("secret"), row.getBytes("public_key")))
                .findOne());
    }

    @Override
    public SigningKey keep(SigningKey fresh) {
        // Of two control planes that come at once the second waits here for the first, and then takes its key.
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into signing_key (secret, public_key) values (:secret, :open)
                        on conflict (only_one) do nothing
                        """)
                .bind("secret", fresh.secret())
                .bind("open", fresh.open())
                .execute());
        return key().orElseThrow();
    }

    @Override
    public void insert(SignedCertificate certificate) {
        jdbi.useHandle(handle -> handle.createUpdate("""
                        insert into certificate (promotion_id, signed, issued_at) values (:promotion, :signed, :at)
                        on conflict (promotion_id) do nothing
                        """)
                .bind("promotion", certificate.certificate().promotion())
                .bind("signed", certificate.write())
                .bind("at", certificate.certificate().issuedAt().atOffset(ZoneOffset.UTC))
                .execute());
    }

    @Override
    public Optional<SignedCertificate> find(String promotion) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select signed from certificate where promotion_id = :promotion")
                .bind("promotion", promotion)
                .map((row, context) -> SignedCertificate.read("certificate of " + promotion, row.getString("signed")))
                .findOne());
    }
}
