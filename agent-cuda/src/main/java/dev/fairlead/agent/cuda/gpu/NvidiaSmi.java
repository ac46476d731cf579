package dev.fairlead.agent.cuda.gpu;

import dev.fairlead.agent.machine.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code nvidia-smi --query-gpu … --format=csv,noheader,nounits}; memory is in MiB. */
final class NvidiaSmi {
    private static final List<String> COMMAND = List.of(
            "nvidia-smi",
            "--query-gpu=index,name,uuid,memory.total,memory.free,driver_version,mig.mode.current",
            "--format=csv,noheader,nounits");
    private static final int COLUMNS = 7;

    private NvidiaSmi() {}

    static GpuSurvey survey() {
        try {
            var process = new ProcessBuilder(COMMAND).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                return new GpuSurvey.None(
                        "nvidia-smi: " + text.lines().findFirst().orElse("failed"));
            }
            List<Gpu> gpus = parse(text);
            return gpus.isEmpty() ? new GpuSurvey.None("nvidia-smi lists no GPU") : new GpuSurvey.Found(gpus);
        } catch (IOException e) {
            return new GpuSurvey.None("there is no nvidia-smi");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new GpuSurvey.None("nvidia-smi was interrupted");
        }
    }

    /** Lines that have other columns are left out; {@code [N/A]} counts as 0 or as not divided. */
    static List<Gpu> parse(String csv) {
        List<Gpu> gpus = new ArrayList<>();
        csv.lines().forEach(line -> {
            String[] columns = line.split(",", -1);
            if (columns.length == COLUMNS && columns[0].strip().matches("[0-9]{1,4}")) {
                gpus.add(new Gpu(
                        Integer.parseInt(columns[0].strip()),
                        columns[1].strip(),
                        columns[2].strip(),
                        mebibytes(columns[3]),
                        mebibytes(columns[4]),
                        columns[5].strip(),
                        columns[6].strip().equals("Enabled")));
            }
        });
        return gpus;
    }

    private static Bytes mebibytes(String column) {
        String number = column.strip();
        return number.matches("[0-9]{1,12}") ? new Bytes(Long.parseLong(number) << 20) : Bytes.ZERO;
    }
}
