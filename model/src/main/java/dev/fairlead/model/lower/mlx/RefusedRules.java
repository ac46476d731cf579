package dev.fairlead.model.lower.mlx;

import java.util.List;

/** Operators that an MLX graph can't carry, each with why; where all their inputs are known they are folded before. */
final class RefusedRules {
    private static final List<String> SIZED_BY_DATA =
            List.of("NonZero", "Unique", "NonMaxSuppression", "StringSplit", "ImageDecoder");
    private static final List<String> RANDOM = List.of(
            "Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike");

    private RefusedRules() {}

    static void register(Rules rules) {
        SIZED_BY_DATA.forEach(op -> refuse(rules, op, "the result's size depends on data"));
        RANDOM.forEach(op -> refuse(rules, op, "random numbers"));
    }

    private static void refuse(Rules rules, String op, String reason) {
        rules.add(op, (node, mlx) -> {
            throw Refusal.of(reason);
        });
    }
}
