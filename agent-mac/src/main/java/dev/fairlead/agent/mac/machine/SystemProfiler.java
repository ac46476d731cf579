package dev.fairlead.agent.mac.machine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * {@code system_profiler SPHardwareDataType SPDisplaysDataType -json}.
 *
 * @param chip "Apple M3 Max"; empty on Intel
 * @param model "MacBook Pro"
 * @param gpu name of the first GPU
 * @param gpuCores 0 where not told
 * @param metal the Metal family, such as {@code spdisplays_metal3}; empty where there is no Metal
 */
public record SystemProfiler(String chip, String model, String gpu, int gpuCores, String metal) {
    static final List<String> COMMAND = List.of("system_profiler", "SPHardwareDataType", "SPDisplaysDataType", "-json");

    /** Every key is optional; what is no JSON counts as nothing told. */
    public static SystemProfiler parse(String json) {
        JsonNode root;
        try {
            root = new JsonMapper().readTree(json);
        } catch (JsonProcessingException e) {
            return new SystemProfiler("", "", "", 0, "");
        }
        JsonNode hardware = root.path("SPHardwareDataType").path(0);
        JsonNode display = root.path("SPDisplaysDataType").path(0);
        return new SystemProfiler(
                hardware.path("chip_type").asText(),
                hardware.path("machine_name").asText(),
                display.path("sppci_model").asText(),
                display.path("sppci_cores").asInt(0),
                display.path("spdisplays_mtlgpufamilysupport").asText());
    }
}
