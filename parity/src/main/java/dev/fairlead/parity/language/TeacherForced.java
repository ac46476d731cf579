package dev.fairlead.parity.language;

import dev.fairlead.model.tensor.DType;
import dev.fairlead.model.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prompts of the same padded length and the raw logits of both sides for them. The logits at a position are of the token that follows.
 *
 * @param reference [batch, length, vocabulary], floating
 * @param candidate as the reference
 * @param tokens [batch, length] integers, each below the size of the vocabulary where it is kept
 * @param mask [batch, length] booleans, false at padding; null where there is none
 * @param tau bound of the error of one logit that the precision alone explains, 0 or more
 */
public record TeacherForced(
        Tensor reference,
        Tensor candidate,
        Tensor tokens,
        @Nullable Tensor mask,
        double tau) {
    public TeacherForced {
        List<Long> shape = reference.shape();
        if (shape.size() != 3 || shape.getLast() < 2) {
            throw new IllegalArgumentException("reference: " + shape + " is not [batch, length, vocabulary]");
        }
        requireFloating("reference", reference);
        requireFloating("candidate", candidate);
        if (!candidate.shape().equals(shape)) {
            throw new IllegalArgumentException("candidate: " + candidate.shape() + " against a reference of " + shape);
        }
        requirePositions("tokens", tokens, shape);
        if (!tokens.dtype().isInteger()) {
            throw new IllegalArgumentException("tokens: are " + tokens.dtype().text() + ", not integers");
        }
        if (mask != null) {
            requirePositions("mask", mask, shape);
            if (mask.dtype() != DType.BOOL) {
                throw new IllegalArgumentException("mask: is " + mask.dtype().text() + ", not bool");
            }
        }
        if (!(tau >= 0) || Double.isInfinite(tau)) {
            throw new IllegalArgumentException("tau: " + tau + " is not a finite number of 0 or more");
        }
    }

    private static void requireFloating(String name, Tensor logits) {
        if (!logits.dtype().isFloating()) {
            throw new IllegalArgumentException(name + ": is " + logits.dtype().text() + ", not floating");
        }
    }

    private static void requirePositions(String name, Tensor tensor, List<Long> logits) {
        if (!tensor.shape().equals(logits.subList(0, 2))) {
            throw new IllegalArgumentException(name + ": " + tensor.shape() + " against logits of " + logits);
        }
    }

    long prompts() {
        return tokens.shape().getFirst();
    }

    long length() {
        return tokens.shape().getLast();
    }

    /** As many as an array holds. */
    int vocabulary() {
        return Math.toIntExact(reference.shape().getLast());
    }

    boolean keeps(long prompt, long position) {
        return mask == null || mask.longAt(prompt * length() + position) != 0;
    }

    /** A token's id, checked. */
    int token(long prompt, long position) {
        long id = tokens.longAt(prompt * length() + position);
        if (id < 0 || id >= vocabulary()) {
            throw new IllegalArgumentException("tokens: " + id + " at [" + prompt + ", " + position
                    + "] is not in a vocabulary of " + vocabulary());
        }
        return (int) id;
    }
}
