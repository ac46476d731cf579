package dev.fairlead.parity.verdict;

/**
 * The operation that diverged first.
 *
 * @param operation name and operator of the node, or the weight's name
 * @param rule that converted it, with its version; empty where there is none
 * @param source line or module of the prototype; empty where not known
 * @param setting whose change makes the fault vanish; empty where none was found
 * @param sentence one sentence with numbers
 */
public record Culprit(String operation, String rule, String source, String setting, String sentence) {
    public Culprit {
        Checks.notBlank("culprit.operation", operation);
        Checks.notBlank("culprit.sentence", sentence);
    }
}
