package dev.fairlead.parity.locate;

import dev.fairlead.model.provenance.Relation;

/**
 * A value of the candidate that can be held to one of the source.
 *
 * @param relation in which the candidate's stands to the source's
 */
record Aligned(String value, String source, Relation relation) {
    /**
     * Whether a match says that all before it is right. Where the source's value is brought into the candidate's form by the
     * candidate's own node, that node's own parameters are not judged.
     */
    boolean acquits() {
        return relation == Relation.IDENTITY || relation == Relation.RESHAPE;
    }
}
