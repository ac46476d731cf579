package dev.fairlead.cli.yaml;

import dev.fairlead.cli.failure.CommandFailure;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** The root of a YAML file; JSON is YAML. */
public final class YamlFile {
    private static final int LIMIT = 1 << 20;

    private YamlFile() {}

    /** The text of a file of at most 1 MiB; {@code kind} is what it should be, "job file". */
    public static String text(Path file, String kind) {
        try {
            if (Files.size(file) > LIMIT) {
                throw CommandFailure.usage(file + ": is larger than 1 MiB; that is no " + kind);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw CommandFailure.usage(file + ": cannot be read as a UTF-8 file: " + e.getMessage());
        }
    }

    /** Parses; {@code name} begins every error. */
    public static YamlField parse(String name, String text) {
        var options = new LoaderOptions();
        options.setNestingDepthLimit(20);
        try {
            var root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (root == null) {
                throw CommandFailure.usage(name + ":1: is empty");
            }
            return new YamlField(name, "", root);
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            throw CommandFailure.usage(
                    name + ":" + (mark == null ? 1 : mark.getLine() + 1) + ": is no YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw CommandFailure.usage(name + ":1: is no YAML: " + e.getMessage());
        }
    }
}
