package dev.fairlead.model.lower;

/**
 * A place where the target is not the same function as the source, accepted by the option that allows it.
 *
 * @param op the source's operator; {@code input} or {@code output} for a feature of the signature, {@code weight} for a weight
 * @param name of the node, feature or weight
 * @param what differs and by how much, with numbers where they are known
 */
public record Loss(String op, String name, String what) {
    @Override
    public String toString() {
        return op + " " + name + ": " + what;
    }
}
