package dev.fairlead.model.lift.mlx;

/**
 * A lowering under the name and version that provenance records.
 *
 * @param arity number of arguments in the primitive's state; MLX changes it between versions
 * @param version raised when the rule's output changes
 */
record Rule(String op, int arity, int version, Lowering lowering) {}
