package dev.fairlead.model;

import java.nio.file.Path;

/** A model file that cannot be used. The message reads {@code file: field: what is wrong}. */
public final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 120;

    private final ErrorCode code;
    private final String file;
    private final String field;
    private final String problem;

    /** @param file the file's name, without its folder, so that texts do not depend on where it lies */
    public ModelException(ErrorCode code, String file, String field, String problem) {
        super(file + ": " + field + ": " + problem);
        this.code = code;
        this.file = file;
        this.field = field;
        this.problem = problem;
    }

    public ModelException(ErrorCode code, Path path, String field, Throwable cause) {
        super(name(path) + ": " + field + ": " + cause, cause);
        this.code = code;
        this.file = name(path);
        this.field = field;
        this.problem = cause.toString();
    }

    public ErrorCode code() {
        return code;
    }

    public String file() {
        return file;
    }

    public String field() {
        return field;
    }

    /** What is wrong, without file and field. */
    public String problem() {
        return problem;
    }

    /** The last part of a path, as errors name files. */
    public static String name(Path path) {
        Path last = path.getFileName();
        return last == null ? path.toString() : last.toString();
    }

    /** Text from a file made fit to be shown: control characters escaped, long text cut. */
    public static String shown(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.codePoints().limit(SHOWN).forEach(c -> {
            if (Character.isISOControl(c)) {
                out.append("\\u%04x".formatted(c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.append(text.length() > SHOWN ? "…\"" : "\"").toString();
    }
}
