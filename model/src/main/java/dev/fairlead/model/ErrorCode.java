package dev.fairlead.model;

/** Why a model file was refused. The numbers are stable; nothing here gets better by retrying but {@link #IO}. */
public enum ErrorCode {
    /** The bytes break the format's own rules. */
    MALFORMED(2001),
    /** Well formed as far as read, but larger, deeper or longer than this reader accepts. */
    LIMIT(2002),
    /** A path in the file points outside the model's folder. */
    OUTSIDE_FOLDER(2003),
    /** Legal, but nothing here can represent or convert it. */
    UNSUPPORTED(2004),
    /** A file or value that is referred to does not exist. */
    MISSING(2005),
    /** The file system failed. */
    IO(2006);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
