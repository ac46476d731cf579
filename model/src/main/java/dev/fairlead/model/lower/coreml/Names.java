package dev.fairlead.model.lower.coreml;

import java.util.HashSet;
import java.util.Set;

/** Hands out identifiers that MIL takes, {@code [A-Za-z_][A-Za-z0-9_@]*}, each once. */
final class Names {
    private final Set<String> taken = new HashSet<>();

    /** A free identifier that is or resembles what is wanted. */
    String fresh(String wanted) {
        String base = identifier(wanted);
        String name = base;
        for (int i = 1; !taken.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }

    static String identifier(String wanted) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < wanted.length(); i++) {
            char c = wanted.charAt(i);
            boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
            boolean other = (c >= '0' && c <= '9') || c == '@';
            if (name.isEmpty() && !letter) {
                name.append('_');
            }
            name.append(letter || other ? c : '_');
        }
        return name.isEmpty() ? "_" : name.toString();
    }
}
