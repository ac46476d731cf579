package dev.fairlead.control.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.fairlead.proto.v1.AccessOuterClass;
import dev.fairlead.proto.v1.AgentsOuterClass;
import dev.fairlead.proto.v1.ArtifactsOuterClass;
import dev.fairlead.proto.v1.JobsOuterClass;
import dev.fairlead.proto.v1.ModelsOuterClass;
import dev.fairlead.proto.v1.ParityOuterClass;
import dev.fairlead.proto.v1.PromotionsOuterClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final List<FileDescriptor> FILES = List.of(
            AccessOuterClass.getDescriptor(),
            AgentsOuterClass.getDescriptor(),
            ArtifactsOuterClass.getDescriptor(),
            JobsOuterClass.getDescriptor(),
            ModelsOuterClass.getDescriptor(),
            ParityOuterClass.getDescriptor(),
            PromotionsOuterClass.getDescriptor());

    @Test
    void everyCallHasARule() {
        List<String> without = new ArrayList<>();
        int calls = 0;
        for (FileDescriptor file : FILES) {
            for (ServiceDescriptor service : file.getServices()) {
                for (MethodDescriptor method : service.getMethods()) {
                    calls++;
                    String name = service.getFullName() + "/" + method.getName();
                    if (Rules.of(name).isEmpty()) {
                        without.add(name);
                    }
                }
            }
        }
        assertThat(without).isEmpty();
        assertThat(calls).as("calls found").isGreaterThanOrEqualTo(40);
    }

    @Test
    void agentsMayOnlyConnectAndMoveArtifacts() {
        Caller agent = Caller.agent("mac-1");
        List<String> allowed = new ArrayList<>();
        for (FileDescriptor file : FILES) {
            for (ServiceDescriptor service : file.getServices()) {
                for (MethodDescriptor method : service.getMethods()) {
                    String name = service.getFullName() + "/" + method.getName();
                    if (Rules.of(name).filter(rule -> rule.allows(agent)).isPresent()) {
                        allowed.add(service.getName() + "/" + method.getName());
                    }
                }
            }
        }
        assertThat(allowed)
                .containsExactlyInAnyOrder(
                        "Agents/Enrol",
                        "Agents/Connect",
                        "Artifacts/Missing",
                        "Artifacts/UploadBlob",
                        "Artifacts/CommitTree",
                        "Artifacts/GetTree",
                        "Artifacts/DownloadBlob");
    }

    @Test
    void eachRoleMayDoWhatTheOneBeforeItMay() {
        Rule rule = new Rule.AtLeast(Role.SUBMITTER);

        assertThat(rule.allows(Caller.person("a", Role.VIEWER))).isFalse();
        assertThat(rule.allows(Caller.person("a", Role.SUBMITTER))).isTrue();
        assertThat(rule.allows(Caller.person("a", Role.ADMIN))).isTrue();
        assertThat(rule.allows(Caller.agent("a"))).isFalse();
    }

    @Test
    void anUnknownCallHasNoRule() {
        assertThat(Rules.of("fairlead.v1.Jobs/Forge")).isEmpty();
    }
}
