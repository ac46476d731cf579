package dev.fairlead.parity.compare;

import dev.fairlead.parity.verdict.Report;
import dev.fairlead.parity.verdict.ReportJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The report as an artifact: {@code report.json} for programs, {@code report.txt} for people. */
public final class ReportFolder {
    public static final String JSON = "report.json";
    public static final String TEXT = "report.txt";

    private ReportFolder() {}

    /** Writes both files into a folder that exists. */
    public static void write(Path folder, Report report) throws IOException {
        Files.writeString(folder.resolve(JSON), ReportJson.write(report));
        Files.writeString(folder.resolve(TEXT), ReportText.of(report));
    }
}
