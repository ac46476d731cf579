package dev.fairlead.parity.certificate;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** An Ed25519 key (RFC 8032) that signs certificates. */
public final class SigningKey {
    private static final String ALGORITHM = "Ed25519";

    private final PrivateKey secret;
    private final PublicKey open;

    private SigningKey(PrivateKey secret, PublicKey open) {
        this.secret = secret;
        this.open = open;
    }

    public static SigningKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            return new SigningKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /**
     * A key that was kept.
     *
     * @param secret PKCS #8, DER
     * @param open X.509 SubjectPublicKeyInfo, DER
     * @throws IllegalArgumentException where these are no such keys
     */
    public static SigningKey of(byte[] secret, byte[] open) {
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            return new SigningKey(factory.generatePrivate(new PKCS8EncodedKeySpec(secret)), publicKey(open));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the signing key is no Ed25519 key", e);
        }
    }

    /** PKCS #8, DER. */
    public byte[] secret() {
        return secret.getEncoded();
    }

    /** X.509 SubjectPublicKeyInfo, DER. */
    public byte[] open() {
        return open.getEncoded();
    }

    byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(secret);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with Ed25519 failed", e);
        }
    }

    /** Whether {@code signature} is this key's of exactly this text; {@code open} as {@link #open()} gives it. */
    static boolean verify(byte[] text, byte[] signature, byte[] open) {
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(publicKey(open));
            check.update(text);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // A signature or key of another shape is a wrong one.
            return false;
        }
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(der));
    }
}
