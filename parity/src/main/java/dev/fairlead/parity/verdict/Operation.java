package dev.fairlead.parity.verdict;

/**
 * How far an operation of the converted graph is off.
 *
 * @param name of the node
 * @param op its operator
 * @param rule that converted it, with its version; empty where there is none
 * @param source line or module of the prototype; empty where not known
 * @param error normalised root mean square error of its first output
 */
public record Operation(String name, String op, String rule, String source, double error) {}
