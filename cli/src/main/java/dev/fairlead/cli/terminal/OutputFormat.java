package dev.fairlead.cli.terminal;

/** How a command prints its result. */
public enum OutputFormat {
    TABLE,
    /** The answer's protobuf message in protobuf's JSON, with the field names of the .proto files. */
    JSON
}
