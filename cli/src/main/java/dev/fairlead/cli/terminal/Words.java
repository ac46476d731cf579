package dev.fairlead.cli.terminal;

import com.google.protobuf.Duration;
import com.google.protobuf.ProtocolMessageEnum;
import com.google.protobuf.Timestamp;
import dev.fairlead.proto.v1.Reason;
import java.time.Instant;
import java.util.Locale;

/** Protobuf's values in the words of documents and job files: `JOB_STATE_RUNNING` is `running`. */
public final class Words {
    private Words() {}

    /** The constant's name without its type's prefix, lower-case, `_` kept; empty for UNSPECIFIED. */
    public static String of(ProtocolMessageEnum value) {
        if ("UNRECOGNIZED".equals(value.toString())) {
            return "unrecognized";
        }
        var type = value.getDescriptorForType().getName();
        var prefix = type.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT) + "_";
        var name = value.getNumber() == 0 ? "" : value.getValueDescriptor().getName();
        return (name.startsWith(prefix) ? name.substring(prefix.length()) : name).toLowerCase(Locale.ROOT);
    }

    /** `Code: sentence`, or what there is of it. */
    public static String of(Reason reason) {
        if (reason.getCode().isEmpty()) {
            return reason.getSentence();
        }
        return reason.getSentence().isEmpty() ? reason.getCode() : reason.getCode() + ": " + reason.getSentence();
    }

    public static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    /** How long ago that was; empty where the time is not set. */
    public static String age(Timestamp time, Instant now) {
        if (time.getSeconds() == 0) {
            return "";
        }
        var age = java.time.Duration.between(instant(time), now);
        return age.isNegative() ? Units.duration(java.time.Duration.ZERO) : Units.duration(age);
    }

    public static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    /** The first 12 digits, as people tell digests apart. */
    public static String shortDigest(String digest) {
        var hex = digest.startsWith("sha256:") ? digest.substring(7) : digest;
        return hex.length() > 12 ? hex.substring(0, 12) : hex;
    }
}
