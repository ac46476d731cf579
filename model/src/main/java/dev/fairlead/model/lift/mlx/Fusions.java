package dev.fairlead.model.lift.mlx;

import dev.fairlead.model.mlx.MlxNode;
import java.util.List;
import java.util.Optional;

/**
 * Operators that MLX traces in parts, found again. A fusion applies only where its operator is the same function, to the last constant:
 * MLX keeps √2 of GELU as a float32, so ONNX's Gelu is another function by 1e-8, and stays apart; RMSNormalization, RotaryEmbedding and
 * Attention are of later operator sets than the one written. The parts are lifted as well and fall away where nothing else needs them.
 */
final class Fusions {
    private static final List<Fusion> ALL =
            List.of(new LayerNormFusion(), new SoftmaxFusion(), new UnpackFusion(), new WindowFusion());

    private Fusions() {}

    /** One operator's pattern. */
    interface Fusion {
        /** The rule under which provenance records it. */
        Rule rule();

        /** What writes the operator in the place of this primitive, where the pattern ends in it. */
        Optional<Match> match(MlxNode node, Emitter out);
    }

    /**
     * A pattern found.
     *
     * @param inside the values of the trace that the operator no longer shows
     */
    record Match(List<String> inside, Runnable write) {
        Match {
            inside = List.copyOf(inside);
        }
    }

    /** Writes an operator for all that ends in this primitive; false where nothing fits. */
    static boolean fuse(MlxNode node, Emitter out) {
        for (Fusion fusion : ALL) {
            Optional<Match> match = fusion.match(node, out);
            if (match.isPresent()) {
                out.begin(node, fusion.rule());
                match.get().write().run();
                out.fused(node.output(), match.get().inside());
                return true;
            }
        }
        return false;
    }
}
