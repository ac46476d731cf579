package dev.fairlead.agent.mac.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.agent.failure.AgentFailure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PythonFinderTest {
    @Test
    void skipsAPythonThatIsTooOld() {
        Path found = PythonFinder.find(Map.of(), command -> switch (command.getFirst()) {
            case "python3" -> Optional.of("3 9 /usr/bin/python3\n");
            case "python3.12" -> Optional.of("3 12 /opt/my python/python3.12\n");
            default -> Optional.empty();
        });

        assertThat(found).isEqualTo(Path.of("/opt/my python/python3.12"));
    }

    @Test
    void prefersTheOneThatIsNamed() {
        Path found = PythonFinder.find(
                Map.of("FAIRLEAD_PYTHON", "/mine"), command -> Optional.of("3 11 " + command.getFirst()));

        assertThat(found).isEqualTo(Path.of("/mine"));
    }

    @Test
    void saysHowToInstallOne() {
        assertThatThrownBy(() -> PythonFinder.find(Map.of(), command -> Optional.empty()))
                .isInstanceOf(AgentFailure.class)
                .hasMessageContaining("brew install")
                .hasMessageContaining("apt install");
    }
}
